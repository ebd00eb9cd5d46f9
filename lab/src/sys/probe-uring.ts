// io_uring came in pieces, over years, and some systems forbid one of them: each is tried by itself, on a packet that we send ourselves.
import { requests } from "../ring/index.js";
import { openUring, type UringSpec } from "./open-uring.js";
import type { Probe } from "./probe.js";
import { type Answer, attempt, no, yes } from "./probe-answer.js";
import {
  AF_INET,
  bind,
  close,
  connect,
  getSocketName,
  ipv4SocketAddress,
  SOCK_DGRAM,
  send,
  socket,
} from "./socket.js";
import { encodeParams } from "./uring-abi.js";
import { uringSetup } from "./uring-calls.js";

const GROUP = 1;
const PACKETS = 2;
const WAIT_MS = 500;

export function probeUring(): Probe[] {
  return [
    attempt("ioUring", setup),
    attempt("ioUringMultishot", () => receive({ deferred: true })),
    attempt("ioUringSqpoll", () => receive({ polledBy: { idleMs: 1 } })),
  ];
}

function setup(): Answer {
  const plain = { flags: 0, completions: 0, sqpollCpu: 0, sqpollIdleMs: 0 };
  close(uringSetup(1, encodeParams(plain)));
  return yes("io_uring_setup made a ring");
}

/** Receives two packets by one request, into buffers that were provided before. */
function receive(how: Pick<UringSpec, "deferred" | "polledBy">): Answer {
  const who = how.polledBy ? "the kernel's polling thread" : "a call of ours";
  const fd = openSelfConnected();
  try {
    const uring = openUring({ ...how, entries: 2, completions: 8 });
    try {
      uring.provideBuffers(GROUP, { count: 4, bufferBytes: 64 });
      const { submissionRing, completionRing } = uring;
      submissionRing.write(submissionRing.reserve(1)!, requests.recvMultishot(fd, GROUP), GROUP);
      submissionRing.submit(1);
      if (uring.isPolled) uring.wake();
      else uring.enter();
      for (let i = 0; i < PACKETS; i++) send(fd, new Uint8Array(8));
      uring.enter(PACKETS, WAIT_MS);
      const came = completionRing.peek(PACKETS);
      for (let i = 0; i < came; i++) {
        if (completionRing.bufferId(completionRing.cursor + i) < 0)
          return no(
            `a multishot receive ended with ${completionRing.result(completionRing.cursor + i)}`,
            "use Linux 6.1 or newer",
          );
      }
      if (came === PACKETS)
        return yes(`one request received ${came} packets into provided buffers, by ${who}`);
      return no(`one request received ${came} of ${PACKETS} packets, by ${who}`, "use Linux 6.1 or newer");
    } finally {
      uring.close();
    }
  } finally {
    close(fd);
  }
}

/** A UDP socket that hears what it sends. */
function openSelfConnected(): number {
  const fd = socket(AF_INET, SOCK_DGRAM, 0);
  try {
    bind(fd, ipv4SocketAddress("127.0.0.1", 0), "UDP socket to 127.0.0.1");
    connect(fd, getSocketName(fd), "UDP socket to itself");
    return fd;
  } catch (error) {
    close(fd);
    throw error;
  }
}
