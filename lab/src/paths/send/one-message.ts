// Sending by sendmsg: one system call a packet, whatever the socket. UDP builds the headers; AF_PACKET takes the frame as it is.
import { close, MSG_DONTWAIT, type PreparedCall } from "../../sys/index.js";
import { Messages } from "../messages.js";
import { type Sender, writeNumber } from "./sender.js";
import { isFull } from "./udp-out.js";

/** Sends on a socket that knows where to, packet by packet. */
export class OneMessage implements Sender {
  private readonly fd: number;
  private readonly what: string;
  private readonly numberAt: number;
  private readonly messages: Messages;
  private readonly sendmsg: PreparedCall;

  /** @param fd is closed with this @param what the socket in words, for errors @param bytes of a packet @param numberAt in `bytes` */
  constructor(fd: number, what: string, bytes: Uint8Array, numberAt: number) {
    this.fd = fd;
    this.what = what;
    this.numberAt = numberAt;
    this.messages = new Messages(1, bytes.length);
    this.messages.bytes.set(bytes);
    this.sendmsg = this.messages.prepare("sendmsg", fd, MSG_DONTWAIT);
  }

  send(first: number, count: number): number {
    const { messages, numberAt, sendmsg } = this;
    for (let sent = 0; sent < count; sent++) {
      writeNumber(messages.bytes, numberAt, first + sent);
      const result = sendmsg.run();
      if (result < 0 && isFull(result, "sendmsg", this.what)) return sent;
    }
    return count;
  }

  flush(): boolean {
    return true;
  }

  close(): void {
    close(this.fd);
    this.messages.close();
  }
}
