// Two of our stacks with a connection between them, on the virtual clock, and what a test does to them.
import { buildFrame } from "ringside/packet";
import { type Connection, type Listener, ModelNetwork, type TcpOptions } from "ringside/stack";

export const MACS = { a: "02:72:73:00:00:01", b: "02:72:73:00:00:02" };

export interface Pair {
  network: ModelNetwork;
  client: Connection;
  server: Connection;
  listener: Listener;
}

/** A client in a, a server in b, and 1 ms each way between them. */
export function pair(tcp: Partial<TcpOptions> = {}): Pair {
  const network = new ModelNetwork({ seed: 5, delayMs: 1 }, tcp);
  const listener = network.b.listenTcp(80, 4);
  const client = network.a.connectTcp({ address: network.b.address, port: 80 });
  network.run(() => listener.acceptable === 1);
  return { network, client, server: listener.accept()!, listener };
}

/** Lets time pass, and nothing else. */
export function wait(network: ModelNetwork, ms: number): void {
  const endMs = network.clock.nowMs() + ms;
  while (network.nextMs() <= endMs) {
    network.settle();
    if (network.nextMs() > endMs) break;
    network.advance();
  }
  network.clock.advanceTo(endMs);
  network.settle();
}

/** A segment from a to b's connection, as a stranger or the peer would send it. */
export function forge(
  { network, client, server }: Pair,
  flags: number,
  offset = 0,
  payload = "",
  ackOffset = 0,
): void {
  const { iss, irs } = server.info();
  const frame = buildFrame({
    ethernet: { source: MACS.a, destination: MACS.b },
    ipv4: { source: "10.0.0.1", destination: "10.0.0.2" },
    tcp: {
      sourcePort: client.local.port,
      destinationPort: 80,
      flags,
      sequence: (irs + 1 + offset) >>> 0,
      acknowledgment: (iss + 1 + ackOffset) >>> 0,
      window: 1000,
    },
    payload,
  });
  network.b.ethernet.input(frame, 0, frame.length);
  network.b.poll();
}

/** Bytes of text in a frame of TCP over IPv4 without options in the IP header. */
export function textBytesOf(frame: Uint8Array): number {
  if (frame[12] !== 8 || frame[13] !== 0 || frame[23] !== 6) return 0;
  return ((frame[16]! << 8) | frame[17]!) - 20 - (frame[46]! >> 4) * 4;
}

/** Sends so many full segments and waits until they are read. @returns How long it took, in ms. */
export function sendSegments({ network, client, server }: Pair, segments: number): number {
  const bytes = segments * client.info().mss;
  const startMs = network.clock.nowMs();
  const into = new Uint8Array(bytes);
  let got = 0;
  client.write(new Uint8Array(bytes));
  network.run(() => {
    got += server.read(into);
    return got === bytes;
  });
  return network.clock.nowMs() - startMs;
}
