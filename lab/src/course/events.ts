// The stream of events to one browser tab, as server-sent events. The first one brings everything newer than the number that
// the tab has seen; then changes follow as they come, joined to at most some 25 a second, so that a cell that prints in a loop
// costs no more than one that does not.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Open } from "./desk.js";
import type { CourseEvent, MachineView } from "./protocol.js";
import { secureHeaders } from "./reply.js";
import type { Seat } from "./routes.js";

const MIN_INTERVAL_MS = 40;
const ALIVE_MS = 5_000;
/** Bytes that a slow reader may leave waiting before we wait for him. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** What a tab wants to hear of. */
export interface Wish {
  /** The notebook it shows, or null for the outline alone. */
  readonly slug: string | null;
  readonly since: number;
  /** Whether its side panel is open. */
  readonly machine: boolean;
}

/** Streams until the browser closes the connection. */
export function streamEvents(
  wish: Wish,
  { desk, watch, follow, isOwnTestbed }: Seat,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { slug, since, machine } = wish;
  const open = slug === null ? null : desk.open(slug);
  const send = openEventStream<CourseEvent>(response);
  const ends: (() => void)[] = [];
  if (open !== null) ends.push(followNotebook(open, since, send, response));
  if (machine) {
    const looker = (view: MachineView): void => {
      const testbeds = view.testbeds.filter(({ maker }) => isOwnTestbed?.(maker) ?? true);
      send({ kind: "machine", machine: { ...view, testbeds } });
    };
    ends.push(watch.look(looker));
  }
  if (follow !== undefined) ends.push(follow(wish, send));
  const alive = setInterval(() => {
    open?.worker.syncFile();
    send({ kind: "alive" });
  }, ALIVE_MS);
  request.once("close", () => {
    clearInterval(alive);
    for (const end of ends) end();
    response.end();
  });
}

/** Begins an answer that never ends. @returns sends one event */
export function openEventStream<Event>(response: ServerResponse): (event: Event) => void {
  response.writeHead(200, {
    ...secureHeaders(),
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
  });
  response.socket?.setNoDelay(true);
  return (event) => {
    response.write(`data: ${JSON.stringify(event)}\n\n`);
  };
}

/** Sends what is new now, and from then on. @returns ends it */
function followNotebook(
  { sheet, worker, onKernel }: Open,
  since: number,
  send: (event: CourseEvent) => void,
  response: ServerResponse,
): () => void {
  let sent = since;
  let kernelNews = true;
  let timer: NodeJS.Timeout | null = null;
  let lastMs = Number.NEGATIVE_INFINITY;
  function flush(): void {
    timer = null;
    if (response.writableLength > MAX_WAITING_BYTES) {
      later(MIN_INTERVAL_MS);
      return;
    }
    lastMs = performance.now();
    const cells = sheet.changesSince(sent);
    const seq = sheet.lastSeq;
    const ids = sheet.layoutSince(sent);
    if (cells.length === 0 && ids === null && !kernelNews) return;
    send({
      kind: "changes",
      seq,
      cells,
      ...(kernelNews && { kernel: worker.view }),
      ...(ids !== null && { ids }),
    });
    sent = seq;
    kernelNews = false;
  }
  function later(ms: number): void {
    timer ??= setTimeout(flush, ms);
  }
  const soon = (): void => later(Math.max(0, lastMs + MIN_INTERVAL_MS - performance.now()));
  const ends = [
    sheet.onChange(soon),
    onKernel(() => {
      kernelNews = true;
      soon();
    }),
  ];
  worker.warmUp();
  flush();
  return () => {
    if (timer !== null) clearTimeout(timer);
    for (const end of ends) end();
  };
}
