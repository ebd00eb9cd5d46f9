// Going on with a run whose beginning somebody else heard: our kernel keeps what a run says (kernels/jupyter/kept-run.cjs), and
// tells it over the control channel, which does not wait for the cell. Each answer is the whole of it, so there is nothing to
// join and no gap to look for; who follows a run asks again until it has ended.

import { setTimeout as delay } from "node:timers/promises";
import { type Kernel, type KernelConnection, KernelMessage } from "@jupyterlab/services";
import type { Executed } from "./kernel.js";
import type { OutputMessage } from "./outputs.js";

/** How a run ended that was followed, and what the kernel needed for it. */
export interface Followed extends Executed {
  readonly ms: number;
}

type Answer =
  | { readonly known: false }
  | {
      readonly known: true;
      readonly number: number;
      readonly messages: readonly OutputMessage[];
      readonly ended: Followed | null;
    };

/** What is asked of no run, to learn who answers. */
const NO_RUN = "";

const POLL_MS = 200;
/** A request that its sender's death overtook may be on its way yet. */
const ARRIVAL_MS = 1_000;

/**
 * Begins a run that can be followed. A kernel that knows it already leaves it at that, and never answers the second request.
 *
 * @param run its request's msg_id
 */
export function executeKept(kernel: KernelConnection, run: string, code: string): Kernel.IShellFuture {
  const request = KernelMessage.createMessage<KernelMessage.IExecuteRequestMsg>({
    msgType: "execute_request",
    channel: "shell",
    msgId: run,
    session: kernel.clientId,
    username: kernel.username,
    metadata: { ringside_keep: true },
    content: {
      ...{ code, silent: false, store_history: true, user_expressions: {} },
      ...{ allow_stdin: false, stop_on_error: true },
    },
  });
  return kernel.sendShellMessage(request, true);
}

/**
 * Follows a run to its end.
 *
 * @param run its request's msg_id
 * @param onMessages told everything that the run has said, from its beginning, whenever that has changed
 * @returns null where the kernel knows no such run: it is another kernel than the one that was asked, or the request never arrived
 */
export async function followRun(
  kernel: KernelConnection,
  run: string,
  onMessages: (messages: readonly OutputMessage[]) => void,
): Promise<Followed | null> {
  const arrivedBy = performance.now() + ARRIVAL_MS;
  for (let seen = -1; ; await delay(POLL_MS)) {
    const { answer } = await ask(kernel, run, seen);
    if (!answer.known) {
      if (performance.now() > arrivedBy) return null;
      continue;
    }
    if (answer.number !== seen) onMessages(answer.messages);
    seen = answer.number;
    if (answer.ended !== null) return answer.ended;
  }
}

/**
 * Asks for the name of the kernel's process: a kernel that was restarted has its id still, and another process.
 *
 * @returns the session by which it signs its messages
 */
export async function processOf(kernel: KernelConnection): Promise<string> {
  return (await ask(kernel, NO_RUN, -1)).process;
}

interface Told {
  readonly answer: Answer;
  readonly process: string;
}

/** One question. A kernel that is inside a synchronous loop answers after it. */
function ask(kernel: KernelConnection, run: string, seen: number): Promise<Told> {
  const request = KernelMessage.createMessage({
    // The package knows the types of Jupyter's own messages alone.
    msgType: "ringside_kept_run_request" as "interrupt_request",
    channel: "control",
    session: kernel.clientId,
    username: kernel.username,
    content: { run, seen } as object as Record<string, never>,
  });
  const future = kernel.sendControlMessage(request as KernelMessage.IControlMessage, true);
  return new Promise<Told>((resolve, reject) => {
    future.onReply = ({ content, header }) =>
      resolve({ answer: content as object as Answer, process: header.session });
    future.done.catch(reject);
  }).finally(() => future.dispose());
}
