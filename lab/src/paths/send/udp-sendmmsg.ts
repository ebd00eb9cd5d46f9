// The same with one system call a batch: the crossing is shared, the skb and the headers are not.
import { close, kernels, MSG_DONTWAIT, type PreparedCall } from "../../sys/index.js";
import { Messages } from "../messages.js";
import { HEADER_BYTES } from "../sink.js";
import { nativeSender, ONE_BATCH } from "./native-sender.js";
import type { Sender, SendOptions, SendPath, SendPlace } from "./sender.js";
import { type SentFrames, writeNumber } from "./sent-frames.js";
import { isFull, openUdpOut } from "./udp-out.js";

class Batches implements Sender {
  readonly fd: number;
  readonly messages: Messages;
  private readonly frames: SentFrames;
  private readonly sendmmsg: PreparedCall;

  constructor(place: SendPlace, { batch }: SendOptions) {
    this.fd = openUdpOut(place);
    this.frames = place.frames;
    const payload = place.frames.longest.subarray(HEADER_BYTES);
    this.messages = new Messages(batch, payload.length);
    this.sendmmsg = this.messages.prepare("sendmmsg", this.fd, MSG_DONTWAIT);
    for (let i = 0; i < batch; i++) this.messages.bytes.set(payload, this.messages.at(i));
  }

  send(first: number, count: number): number {
    const { messages, frames } = this;
    for (let i = 0; i < count; i++) {
      writeNumber(messages.bytes, messages.at(i), first + i);
      messages.offer(i, frames.lengthOf(first + i) - HEADER_BYTES);
    }
    this.sendmmsg.set(2, count);
    const sent = this.sendmmsg.run();
    return sent < 0 && isFull(sent, "sendmmsg", "a UDP socket") ? 0 : sent;
  }

  flush(): boolean {
    return true;
  }

  close(): void {
    close(this.fd);
    this.messages.close();
  }
}

export const udpSendmmsg: SendPath = {
  name: "udp-sendmmsg",
  title: "UDP sendmmsg",
  how: "one system call a batch; for each packet in it the stack does what it does for sendmsg",
  needs: ["veth"],
  copies: { count: 1, by: "the kernel, from our buffer into the skb (net/ipv4/ip_output.c, ip_make_skb)" },
  open: (place, options) => new Batches(place, options),
  openTwin(place, options) {
    const own = new Batches(place, options);
    return nativeSender(own, (first, count, sentAt) =>
      kernels.udpSendmmsg(ONE_BATCH, own.fd, own.messages.address, first, count, sentAt),
    );
  },
};
