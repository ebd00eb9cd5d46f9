// What a JavaScript programmer would write. libuv tries sendmmsg at once for what it is given, packet by packet; each one costs
// an object for the request and a turn of the callback queue.
import { createSocket, type Socket } from "node:dgram";
import { HEADER_BYTES } from "../sink.js";
import type { Sender, SendOptions, SendPath, SendPlace } from "./sender.js";
import { type SentFrames, writeNumber } from "./sent-frames.js";
import { openUdpOut } from "./udp-out.js";

class Dgram implements Sender {
  private readonly socket: Socket;
  private readonly port: number;
  private readonly farAddress: string;
  private readonly frames: SentFrames;
  /** For each packet of a batch its bytes, in each length that it may have. */
  private readonly packets: readonly ReadonlyMap<number, Uint8Array>[];

  constructor(place: SendPlace, { batch }: SendOptions) {
    this.port = place.port;
    this.farAddress = place.farAddress;
    this.socket = createSocket({ type: "udp4", lookup: (name, _options, found) => found(null, name, 4) });
    this.socket.bind({ fd: openUdpOut(place, false) });
    this.frames = place.frames;
    const { longest, lengths } = place.frames;
    this.packets = Array.from({ length: batch }, () => {
      const bytes = longest.slice(HEADER_BYTES);
      return new Map(lengths.map((length) => [length, bytes.subarray(0, length - HEADER_BYTES)]));
    });
  }

  /** Resolves when Node has said of each packet that it is gone. */
  send(first: number, count: number): Promise<number> {
    return new Promise((resolve, reject) => {
      let gone = 0;
      const sent = (error: Error | null): void => {
        if (error) reject(error);
        else if (++gone === count) resolve(count);
      };
      for (let i = 0; i < count; i++) {
        const packet = this.packets[i].get(this.frames.lengthOf(first + i))!;
        writeNumber(packet, 0, first + i);
        this.socket.send(packet, this.port, this.farAddress, sent);
      }
    });
  }

  flush(): boolean {
    return true;
  }

  close(): void {
    this.socket.close();
  }
}

export const nodeDgramSend: SendPath = {
  name: "node-dgram-send",
  title: "node:dgram send",
  how: "a request object and a callback for each packet, which libuv hands to the stack by a system call of its own",
  needs: ["veth"],
  copies: { count: 1, by: "the kernel, from the Buffer into the skb (net/ipv4/ip_output.c, ip_make_skb)" },
  open: (place, options) => new Dgram(place, options),
};
