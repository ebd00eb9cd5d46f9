// A process whose memory is written and read from outside. It can be stopped (SIGSTOP) meanwhile, so that it certainly runs nothing.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { RdmaCompletion } from "./completion.js";
import { atEnd, type RdmaEnd } from "./end.js";
import type { RemoteRight } from "./region.js";
import type { RemoteMemory } from "./request.js";
import type { RdmaPeer } from "./state.js";
import type { FarAnswer, FarQuestion } from "./target-talk.js";

const PROGRAM = fileURLToPath(new URL("./target-process.js", import.meta.url));

/** What the target is to be. */
export interface RdmaTargetSpec {
  readonly end: RdmaEnd;
  /** Length of its region. */
  readonly bytes: number;
  /** What may be done there from outside: all unless given. */
  readonly rights?: readonly RemoteRight[];
}

/** The other side of a connection, in a process of its own, which lives where its end of the wire is. */
export class RdmaTarget {
  /** Its queue pair, for `QueuePair.connect`. */
  readonly peer: RdmaPeer;
  /** Its region: address there, and key. */
  readonly memory: RemoteMemory;
  readonly pid: number;
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess, peer: RdmaPeer, memory: RemoteMemory) {
    [this.child, this.peer, this.memory, this.pid] = [child, peer, memory, child.pid!];
  }

  /** Starts it. @throws Error with its own words where it cannot open the device */
  static async start({ end, bytes, rights = ["write", "read"] }: RdmaTargetSpec): Promise<RdmaTarget> {
    const child = atEnd(end, () =>
      fork(PROGRAM, { detached: true, execArgv: [], stdio: ["ignore", "ignore", "inherit", "ipc"] }),
    );
    try {
      const { device, address } = end;
      const opened = await ask(child, { ask: "open", device, address, bytes, rights });
      const memory = { address: opened.address!, remoteKey: opened.remoteKey! };
      return new RdmaTarget(child, { address, number: opened.number! }, memory);
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
  }

  /** Lets it lead its queue pair to RTS. @param peer our own */
  async connect(peer: RdmaPeer): Promise<void> {
    await ask(this.child, { ask: "connect", peer });
  }

  /** Lets it give room for one message. */
  async receive(id: number, at: number, bytes: number): Promise<void> {
    await ask(this.child, { ask: "receive", id, at, bytes });
  }

  /** Lets it send a message from its region. */
  async send(id: number, at: number, bytes: number): Promise<void> {
    await ask(this.child, { ask: "send", id, at, bytes });
  }

  /** Lets it look for a request of its own that ended. @param forMs how long; 0 looks once */
  async poll(forMs = 0): Promise<RdmaCompletion | null> {
    return (await ask(this.child, { ask: "poll", forMs })).completion!;
  }

  /** Lets it tell what is in its region. */
  async bytes(at: number, count: number): Promise<Uint8Array> {
    return Uint8Array.from((await ask(this.child, { ask: "bytes", at, count })).bytes!);
  }

  /**
   * Lets it echo datagrams that come by its socket on the same wire. From then on it hears nothing else until its end.
   *
   * @param end its own end @param peer our address
   */
  async echo(end: RdmaEnd, peer: string, count: number): Promise<void> {
    await ask(this.child, { ask: "echo", end, peer, count });
  }

  /** Stops it: from now on none of its threads runs. @source signal(7), SIGSTOP */
  freeze(): void {
    this.child.kill("SIGSTOP");
  }

  /** Lets it go on. */
  thaw(): void {
    this.child.kill("SIGCONT");
  }

  /** Ends it; the kernel takes back its device, queues and pinned pages. */
  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await gone;
  }
}

async function ask(child: ChildProcess, question: FarQuestion): Promise<FarAnswer> {
  const ended = new AbortController();
  const onExit = (): void => ended.abort();
  child.once("exit", onExit);
  try {
    child.send(question, () => undefined); // a child that died cannot be written to; its exit says all
    const [answer] = (await once(child, "message", { signal: ended.signal })) as [FarAnswer];
    if (answer.refused !== undefined) throw new Error(answer.refused);
    return answer;
  } catch (error) {
    if (!ended.signal.aborted) throw error;
    throw new Error(
      `Cannot ask the RDMA target to ${question.ask}: its process ended -> see its words above, and start it again`,
    );
  } finally {
    child.off("exit", onExit);
  }
}
