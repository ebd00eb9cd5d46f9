// A sender whose loop runs in C: everything is set up as for TypeScript, and then one call sends a batch. It is what the TypeScript
// sender is compared with.
import { NotSupportedError } from "../../base/index.js";
import { type Mapping, structForC, unmap } from "../../sys/index.js";
import type { Language } from "../consumer-talk.js";
import type { Sender, SendOptions, SendPath, SendPlace } from "./sender.js";

/** Batches of a C loop in one call. */
export const ONE_BATCH = 1;

/** Opens a path with its loop in either language. @throws NotSupportedError where its twin in C cannot do that; what opening it threw */
export function openSender(
  path: SendPath,
  language: Language,
  place: SendPlace,
  options: SendOptions,
): Sender {
  if (language === "typescript") return path.open(place, options);
  if (path.openTwin && place.frames.lengths.length === 1) return path.openTwin(place, options);
  throw path.openTwin
    ? new NotSupportedError(
        `${path.title} in C, with a mix of sizes`,
        "frames of one length, which are all that the loops in C send",
        `${place.frames.lengths.length} lengths`,
        "compare by one frame length",
      )
    : new NotSupportedError(
        `${path.title} in C`,
        "a twin in kernels/native",
        "none",
        "compare a path that has one",
      );
}

/**
 * Makes a sender of a C loop.
 *
 * @param own the same path in TypeScript, open; its loop is not used
 * @param turn sends a batch; with a count of 0 it moves what waits. It writes what it did to `sentAt`: struct lab_sent of
 *   kernels/native/send_batch.h
 * @param memory what describes the rings to C; given back with the sender
 */
export function nativeSender(
  own: Sender,
  turn: (first: number, count: number, sentAt: number) => void,
  memory: readonly Mapping[] = [],
): Sender {
  const sent = structForC([0]);
  const [PACKETS, WAITING] = [0, 1];
  const words = new Uint32Array(sent.buffer, 0, 2);
  return {
    send(first, count) {
      turn(first, count, sent.address);
      return words[PACKETS]!;
    },
    flush() {
      turn(0, 0, sent.address);
      return words[WAITING] === 0;
    },
    close() {
      own.close();
      for (const each of [sent, ...memory]) unmap(each);
    },
  };
}
