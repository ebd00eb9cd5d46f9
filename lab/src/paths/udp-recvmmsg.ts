// The same UDP socket with one system call a batch. The crossing into the kernel is shared by up to 64 packets; the skb, the
// look-up of the socket and the copy are still there for each of them.
import { close, kernels, MSG_DONTWAIT, type PreparedCall } from "../sys/index.js";
import { Messages } from "./messages.js";
import { nativeTwin, ONE_TURN } from "./native-twin.js";
import type { HopCount, PathOptions, Place, Receiver, ThreadPath } from "./path.js";
import type { Sink } from "./sink.js";
import { bufferDrops, isEmpty, waitForPacket } from "./socket-queue.js";
import { openUdpSocket } from "./udp-socket.js";

class Batches implements Receiver {
  readonly fd: number;
  readonly messages: Messages;
  private readonly recvmmsg: PreparedCall;

  constructor(place: Place, { batch, ringSize }: PathOptions) {
    this.fd = openUdpSocket(place, ringSize);
    this.messages = new Messages(batch);
    this.recvmmsg = this.messages.prepare("recvmmsg", this.fd, MSG_DONTWAIT);
  }

  receive(sink: Sink, waitMs: number): number {
    const taken = this.take(sink);
    if (taken > 0 || waitMs === 0 || !waitForPacket(this.fd, waitMs)) return taken;
    return this.take(sink);
  }

  private take(sink: Sink): number {
    const { messages } = this;
    const taken = this.recvmmsg.run();
    if (taken < 0 && isEmpty(taken, "recvmmsg", "a UDP socket")) return 0;
    for (let i = 0; i < taken; i++) sink.take(messages.bytes, messages.at(i), messages.length(i));
    return taken;
  }

  drops(): HopCount[] {
    return [bufferDrops(this.fd)];
  }

  close(): void {
    close(this.fd);
    this.messages.close();
  }
}

export const udpRecvmmsg: ThreadPath = {
  ends: "thread",
  name: "udp-recvmmsg",
  title: "UDP recvmmsg",
  how: "the stack makes an skb of each frame, finds the socket, and queues it there; we fetch a batch of packets with one system call",
  needs: ["veth"],
  load: "frames",
  sees: "payload",
  copies: { count: 1, by: "the kernel, from the skb into our buffer (net/ipv4/udp.c, udp_recvmsg)" },
  open: (place, options) => new Batches(place, options),
  openTwin(place, options) {
    const own = new Batches(place, options);
    return nativeTwin(own, (sink, waitMs) =>
      kernels.udpRecvmmsg(ONE_TURN, own.fd, own.messages.address, options.batch, waitMs, sink.address),
    );
  },
};
