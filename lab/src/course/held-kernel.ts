// The kernel of one notebook, as its worker holds it: fetched when it is first needed, shared with Jupyter, and said to be dead
// when it dies; then another one is fetched at once, since the next cell will want it. Where only the connection to it broke off,
// the same one is joined again, and nothing of it is gone.

import { setTimeout as delay } from "node:timers/promises";
import {
  attachKernel,
  ConnectionLostError,
  type ServerAddress,
  type SharedKernel,
} from "../jupyter/index.js";
import type { KernelView } from "./protocol.js";

/** Where the kernel lives, and who is told. */
export interface HeldKernelSpec {
  readonly server: ServerAddress;
  /** Of the notebook, below the server's folder. */
  readonly path: string;
  /** Told when the kernel's state changes. */
  onKernel(): void;
  /** Told when a kernel is about to start. */
  onStart(): void;
}

/** A server that does not answer may be busy, or just being started again. */
const JOIN_TRIES = 5;
const JOIN_PAUSE_MS = 500;

const DIED_UNSEEN = "The connection was lost, and the kernel died; its variables are gone.";

export class HeldKernel {
  private kernel: Promise<SharedKernel> | null = null;
  private state: KernelView = { state: "none", message: "" };

  constructor(private readonly spec: HeldKernelSpec) {}

  get view(): KernelView {
    return this.state;
  }

  /** Whether there is one, or one is starting. */
  get isThere(): boolean {
    return this.kernel !== null;
  }

  /** What the reader is to know of it. */
  say(state: KernelView["state"], message: string): void {
    if (this.state.state === state && this.state.message === message) return;
    this.state = { state, message };
    this.spec.onKernel();
  }

  /**
   * The kernel; where there is none, another is fetched.
   *
   * @param isBusy whether a cell runs in it for all we know
   * @throws Error where none starts
   */
  fetch(isBusy = false): Promise<SharedKernel> {
    if (this.kernel !== null) return this.kernel;
    this.say("starting", this.state.message);
    this.spec.onStart();
    return this.hold(attachKernel(this.spec.server, this.spec.path, isBusy));
  }

  /** Ends the kernel's process and fetches another. */
  async restart(): Promise<void> {
    const kernel = await this.letGo();
    this.say("starting", "The kernel was restarted; its variables are gone.");
    try {
      await kernel?.restart();
    } finally {
      kernel?.detach();
      await this.fetch();
    }
  }

  /** Ends the kernel, where there is one. */
  async end(message: string): Promise<void> {
    const kernel = await this.letGo();
    if (kernel === null) return;
    this.say("none", message);
    await kernel.end().catch(() => {});
    kernel.detach();
  }

  /** Lets go of the kernel; it runs on. */
  async release(): Promise<void> {
    (await this.letGo())?.detach();
  }

  private hold(attaching: Promise<SharedKernel>): Promise<SharedKernel> {
    this.kernel = attaching;
    attaching.then(
      (kernel) => {
        this.say("idle", this.state.message);
        kernel.death.catch((error: Error) => {
          if (this.kernel !== attaching) return;
          if (error instanceof ConnectionLostError) this.joinAgain(kernel);
          else void this.replace(`${capital(error.message)}; its variables are gone.`);
        });
      },
      (error: Error) => {
        this.kernel = null;
        this.say("dead", error.message);
      },
    );
    return attaching;
  }

  /** Whoever fetches the kernel from now on gets it by the new connection. */
  private joinAgain(former: SharedKernel): void {
    former.detach();
    this.say("starting", "The connection to the kernel was lost. Joining it again.");
    void this.hold(this.attachAgain(former));
  }

  /** @param former kernel as it was known; where another one, or another process, is in its place by now, that is said */
  private async attachAgain(former: SharedKernel): Promise<SharedKernel> {
    for (let left = JOIN_TRIES - 1; ; left--) {
      try {
        const kernel = await attachKernel(this.spec.server, this.spec.path, true);
        this.say("starting", kernel.id === former.id ? "" : DIED_UNSEEN);
        // One that is inside a loop tells who it is after it, and must be reached before that, to be stopped.
        Promise.all([former.process, kernel.process]).then(
          ([one, other]) => {
            if (one !== other) this.say(this.state.state, DIED_UNSEEN);
          },
          () => {},
        );
        return kernel;
      } catch (error) {
        if (left === 0) throw error;
        await delay(JOIN_PAUSE_MS);
      }
    }
  }

  /** Forgets the kernel before anything is done to it: its death is no news then. */
  private async letGo(): Promise<SharedKernel | null> {
    const kernel = (await this.kernel?.catch(() => null)) ?? null;
    this.kernel = null;
    return kernel;
  }

  /** The kernel is another one now. */
  private async replace(message: string): Promise<void> {
    (await this.letGo())?.detach();
    this.say("dead", message);
    await this.fetch().catch(() => {});
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
