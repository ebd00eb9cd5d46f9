// Receiving by recvmsg: one system call a packet, whatever the socket. What differs between UDP and AF_PACKET is where the
// packet leaves the stack, and how much of it is left by then.
import { close, kernels, MSG_DONTWAIT, type PreparedCall } from "../sys/index.js";
import { Messages } from "./messages.js";
import { nativeTwin, ONE_TURN } from "./native-twin.js";
import type { HopCount, PathOptions, Receiver } from "./path.js";
import type { Sink } from "./sink.js";
import { isEmpty, waitForPacket } from "./socket-queue.js";

/** The same loop in C. */
export function oneByOneTwin(own: OneByOne, { batch }: PathOptions): Receiver {
  return nativeTwin(own, (sink, waitMs) =>
    kernels.socketRecvmsg(ONE_TURN, own.fd, own.messages.address, batch, waitMs, sink.address),
  );
}

/** Receives on a bound socket, packet by packet. */
export class OneByOne implements Receiver {
  readonly fd: number;
  private readonly what: string;
  private readonly batch: number;
  private readonly countDrops: (fd: number) => HopCount;
  readonly messages: Messages = new Messages(1);
  private readonly recvmsg: PreparedCall;

  /** @param fd is closed with this @param what the socket in words, for errors */
  constructor(fd: number, what: string, { batch }: PathOptions, countDrops: (fd: number) => HopCount) {
    this.fd = fd;
    this.what = what;
    this.batch = batch;
    this.countDrops = countDrops;
    this.recvmsg = this.messages.prepare("recvmsg", fd, MSG_DONTWAIT);
  }

  receive(sink: Sink, waitMs: number): number {
    const taken = this.take(sink);
    if (taken > 0 || waitMs === 0 || !waitForPacket(this.fd, waitMs)) return taken;
    return this.take(sink);
  }

  private take(sink: Sink): number {
    const { messages, recvmsg, batch } = this;
    for (let taken = 0; taken < batch; taken++) {
      const length = recvmsg.run();
      if (length < 0 && isEmpty(length, "recvmsg", this.what)) return taken;
      sink.fresh = true; // each packet came at a moment of its own: while a batch is taken, later ones are still on their way
      sink.take(messages.bytes, 0, length);
    }
    return batch;
  }

  drops(): HopCount[] {
    return [this.countDrops(this.fd)];
  }

  close(): void {
    close(this.fd);
    this.messages.close();
  }
}
