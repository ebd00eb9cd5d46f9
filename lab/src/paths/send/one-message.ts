// Sending by sendmsg: one system call a packet, whatever the socket. UDP builds the headers; AF_PACKET takes the frame as it is.
import { close, kernels, MSG_DONTWAIT, type PreparedCall } from "../../sys/index.js";
import { Messages } from "../messages.js";
import { HEADER_BYTES } from "../sink.js";
import { nativeSender, ONE_BATCH } from "./native-sender.js";
import type { Sender } from "./sender.js";
import { type SentFrames, writeNumber } from "./sent-frames.js";
import { isFull } from "./udp-out.js";

/** Sends on a socket that knows where to, packet by packet. */
export class OneMessage implements Sender {
  private readonly fd: number;
  private readonly what: string;
  private readonly frames: SentFrames;
  private readonly sendsHeaders: boolean;
  private readonly messages: Messages;
  private readonly sendmsg: PreparedCall;

  /** @param fd is closed with this @param what the socket in words, for errors @param sendsHeaders whether it sends whole frames */
  constructor(fd: number, what: string, frames: SentFrames, sendsHeaders: boolean) {
    this.fd = fd;
    this.what = what;
    this.frames = frames;
    this.sendsHeaders = sendsHeaders;
    this.messages = new Messages(1);
    this.messages.bytes.set(sendsHeaders ? frames.longest : frames.longest.subarray(HEADER_BYTES));
    this.sendmsg = this.messages.prepare("sendmsg", fd, MSG_DONTWAIT);
  }

  send(first: number, count: number): number {
    for (let sent = 0; sent < count; sent++) {
      this.write(first + sent);
      const result = this.sendmsg.run();
      if (result < 0 && isFull(result, "sendmsg", this.what)) return sent;
    }
    return count;
  }

  private write(number: number): void {
    const { frames, messages } = this;
    if (this.sendsHeaders) messages.offer(0, frames.write(messages.bytes, 0, number));
    else {
      writeNumber(messages.bytes, 0, number);
      messages.offer(0, frames.lengthOf(number) - HEADER_BYTES);
    }
  }

  /** The same with its loop in C; closing that closes this. */
  twin(): Sender {
    const { fd, messages, sendsHeaders } = this;
    this.write(0); // tells the length, which stays
    const numberAt = sendsHeaders ? HEADER_BYTES : 0;
    return nativeSender(this, (first, count, sentAt) =>
      kernels.socketSendmsg(ONE_BATCH, fd, messages.address, numberAt, first, count, sentAt),
    );
  }

  flush(): boolean {
    return true;
  }

  close(): void {
    close(this.fd);
    this.messages.close();
  }
}
