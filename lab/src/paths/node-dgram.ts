// What a JavaScript programmer would write: `node:dgram`. libuv wakes for the socket, fetches up to 32 packets with one
// recvmsg each, and makes a Buffer, an address object and an event of every one.
import { createSocket, type Socket } from "node:dgram";
import { kernels } from "../sys/index.js";
import { nativeTwin, ONE_TURN } from "./native-twin.js";
import { OneByOne } from "./one-by-one.js";
import type { EventPath, EventReceiver, HopCount, PathOptions, Place } from "./path.js";
import type { Sink } from "./sink.js";
import { bufferDrops } from "./socket-queue.js";
import { openUdpSocket } from "./udp-socket.js";

class Dgram implements EventReceiver {
  private readonly socket: Socket;
  private readonly fd: number;

  private constructor(socket: Socket, fd: number) {
    this.socket = socket;
    this.fd = fd;
  }

  /** The socket is made and bound by us, because node:dgram can neither make a buffer that large nor count drops. */
  static async open(place: Place, { ringSize }: PathOptions): Promise<Dgram> {
    const fd = openUdpSocket(place, ringSize);
    const socket = createSocket("udp4");
    socket.bind({ fd }); // bound already, so this only begins to listen, at once
    return new Dgram(socket, fd);
  }

  listen(sink: Sink, taken: () => void): void {
    this.socket.on("message", (message) => {
      sink.take(message, 0, message.length);
      taken();
    });
  }

  drops(): HopCount[] {
    return [bufferDrops(this.fd)];
  }

  close(): void {
    this.socket.close();
  }
}

export const nodeDgram: EventPath = {
  ends: "eventLoop",
  name: "node-dgram",
  title: "node:dgram",
  how: "libuv waits for the socket with epoll, fetches packets with one recvmsg each, and calls a JavaScript function for every one",
  needs: ["veth"],
  load: "frames",
  sees: "payload",
  copies: {
    count: 1,
    by: "the kernel, from the skb into libuv's buffer, of which we get a view (net/ipv4/udp.c, udp_recvmsg)",
  },
  open: (place, options) => Dgram.open(place, options),
  openTwin(place, options) {
    const own = new OneByOne(openUdpSocket(place, options.ringSize), "a UDP socket", options, bufferDrops);
    return nativeTwin(own, (sink, waitMs) =>
      kernels.udpEpoll(ONE_TURN, own.fd, own.messages.address, waitMs, sink.address),
    );
  },
};
