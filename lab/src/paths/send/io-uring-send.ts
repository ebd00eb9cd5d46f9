// The requests of a batch lie in a ring, and one system call hands over all of them. What the stack does for each is the same as
// for sendmsg: only the crossings are fewer, and each packet has a completion.
import { requests } from "../../ring/index.js";
import {
  addressOf,
  close,
  completed,
  kernels,
  type Mapping,
  openUring,
  structForC,
  type Uring,
} from "../../sys/index.js";
import { MESSAGE_ROOM_BYTES } from "../messages.js";
import { HEADER_BYTES } from "../sink.js";
import { nativeSender, ONE_BATCH } from "./native-sender.js";
import type { Sender, SendOptions, SendPath, SendPlace } from "./sender.js";
import { type SentFrames, writeNumber } from "./sent-frames.js";
import { openUdpOut } from "./udp-out.js";

class UringSender implements Sender {
  private readonly fd: number;
  private readonly uring: Uring;
  private readonly bytes: Uint8Array;
  private readonly frames: SentFrames;
  /** For each packet of a batch its request, in each length that it may have. */
  private readonly requests: readonly ReadonlyMap<number, ReturnType<typeof requests.send>>[];

  constructor(place: SendPlace, { batch }: SendOptions) {
    this.fd = openUdpOut(place);
    const entries = 2 ** Math.ceil(Math.log2(batch));
    this.uring = openUring({ entries });
    this.frames = place.frames;
    const { longest, lengths } = place.frames;
    const payload = longest.subarray(HEADER_BYTES);
    const memory: Mapping = this.uring.map(batch * MESSAGE_ROOM_BYTES);
    this.bytes = new Uint8Array(memory.buffer);
    const each = Array.from({ length: batch }, (_, i) => i * MESSAGE_ROOM_BYTES);
    for (const at of each) this.bytes.set(payload, at);
    const request = (at: number, length: number) =>
      requests.send(this.fd, memory.address + at, length - HEADER_BYTES);
    this.requests = each.map((at) => new Map(lengths.map((length) => [length, request(at, length)])));
  }

  send(first: number, count: number): number {
    const { submissionRing, completionRing } = this.uring;
    const slot = submissionRing.reserve(count);
    if (slot === null) return 0;
    for (let i = 0; i < count; i++) {
      writeNumber(this.bytes, i * MESSAGE_ROOM_BYTES, first + i);
      submissionRing.write(slot + i, this.requests[i].get(this.frames.lengthOf(first + i))!, i);
    }
    submissionRing.submit(count);
    this.uring.enter(count);
    const ready = completionRing.peek(count);
    for (let i = 0; i < ready; i++) {
      const result = completionRing.result(completionRing.cursor + i);
      if (result < 0) completed(result, "send", "send through an io_uring");
    }
    completionRing.release(ready);
    return ready;
  }

  /** Tells C where the rings lie: struct lab_uring_sender of kernels/native/uring_send.c. */
  describeForC(): Mapping {
    const { submissionRing, completionRing, fd } = this.uring;
    const [submission, completion] = [submissionRing.memory, completionRing.memory];
    return structForC([
      ...[fd, this.fd],
      ...[submission.consumer, submission.producer, submission.words].map(addressOf),
      submission.size - 1,
      ...[completion.consumer, completion.producer, completion.words].map(addressOf),
      completion.size - 1,
      ...[addressOf(this.bytes), MESSAGE_ROOM_BYTES, this.frames.longest.length - HEADER_BYTES],
    ]);
  }

  flush(): boolean {
    return true;
  }

  close(): void {
    this.uring.close();
    close(this.fd);
  }
}

export const ioUringSend: SendPath = {
  name: "io-uring-send",
  title: "io_uring send",
  how: "a request for each packet in a ring, one system call for all of them, a completion for each",
  needs: ["veth", "ioUring"],
  copies: { count: 1, by: "the kernel, from our buffer into the skb (net/ipv4/ip_output.c, ip_make_skb)" },
  open: (place, options) => new UringSender(place, options),
  openTwin(place, options) {
    const own = new UringSender(place, options);
    const memory = own.describeForC();
    return nativeSender(
      own,
      (first, count, sentAt) => kernels.uringSend(ONE_BATCH, memory.address, first, count, sentAt),
      [memory],
    );
  },
};
