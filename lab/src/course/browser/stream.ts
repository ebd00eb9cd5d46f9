// The stream of events, kept up: it says when the connection is lost, tries again, and goes on from the last number it saw.
// A tab that nobody looks at lets go of it after a while, because a browser grants a server only six connections.

import type { CourseEvent } from "../protocol.js";

/** `expired`: the lab was started anew and does not know this tab. */
export type Connection = "open" | "lost" | "expired";

export interface StreamSpec {
  /** Query of the stream's address, asked for at each (re)connection. */
  query(): URLSearchParams;
  onEvent(event: CourseEvent): void;
  onConnection(state: Connection): void;
}

/** The server says something at least every 5 s. */
const SILENCE_MS = 15_000;
const RETRY_MS = 700;
const HIDDEN_MS = 60_000;
/** Where the network is gone no answer comes, not even a refusal; the reader is told before that. */
const EXPIRED_MS = 3_000;

export interface Stream {
  /** Connects again, with a new query. */
  reopen(): void;
}

/** Opens the stream and keeps it up until the page goes. */
export function openStream(spec: StreamSpec): Stream {
  let source: EventSource | null = null;
  let silence = 0;
  let hidden = 0;

  function connect(): void {
    disconnect();
    source = new EventSource(`/api/events?${spec.query()}`);
    source.onopen = () => spec.onConnection("open");
    source.onmessage = ({ data }) => {
      heard();
      spec.onEvent(JSON.parse(data) as CourseEvent);
    };
    source.onerror = () => void lost();
    heard();
  }

  function disconnect(): void {
    source?.close();
    source = null;
    clearTimeout(silence);
  }

  function heard(): void {
    clearTimeout(silence);
    silence = window.setTimeout(() => void lost(), SILENCE_MS);
  }

  async function lost(): Promise<void> {
    disconnect();
    spec.onConnection((await isExpired()) ? "expired" : "lost");
    window.setTimeout(() => {
      if (source === null && !document.hidden) connect();
    }, RETRY_MS);
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(hidden);
    if (document.hidden) hidden = window.setTimeout(disconnect, HIDDEN_MS);
    else if (source === null) connect();
  });
  connect();
  return { reopen: connect };
}

async function isExpired(): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(EXPIRED_MS);
    return (await fetch("/api/outline", { signal })).status === 403;
  } catch {
    return false;
  }
}
