// Sending by sendmsg: one system call a packet, whatever the socket. UDP builds the headers; AF_PACKET takes the frame as it is.
import { close, MSG_DONTWAIT } from "../../sys/index.js";
import { Messages } from "../messages.js";
import { type Sender, writeNumber } from "./sender.js";
import { isFull, sendCalls } from "./udp-out.js";

/** Sends on a socket that knows where to, packet by packet. */
export class OneMessage implements Sender {
  private readonly fd: number;
  private readonly what: string;
  private readonly numberAt: number;
  private readonly messages: Messages;
  private readonly sendmsg: ReturnType<typeof sendCalls>["sendmsg"] = sendCalls().sendmsg;

  /** @param fd is closed with this @param what the socket in words, for errors @param bytes of a packet @param numberAt in `bytes` */
  constructor(fd: number, what: string, bytes: Uint8Array, numberAt: number) {
    this.fd = fd;
    this.what = what;
    this.numberAt = numberAt;
    this.messages = new Messages(1, bytes.length);
    this.messages.bytes.set(bytes);
  }

  send(first: number, count: number): number {
    const { fd, messages, numberAt, sendmsg } = this;
    for (let sent = 0; sent < count; sent++) {
      writeNumber(messages.bytes, numberAt, first + sent);
      if (sendmsg(fd, messages.address, MSG_DONTWAIT) < 0 && isFull("sendmsg", this.what)) return sent;
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
