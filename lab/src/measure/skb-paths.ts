// Four ends that a frame can come to on host b, each with what it needs in place before the first one arrives.
import { type Injection, type Injector, Testbed, twoHosts } from "../net/index.js";
import { buildFrame } from "../packet/index.js";
import {
  AF_INET,
  bind,
  close,
  inNamespace,
  ipv4SocketAddress,
  MSG_DONTWAIT,
  receive,
  SOCK_DGRAM,
  socket,
} from "../sys/index.js";
import { attachXdp, loadXdp, openReceiver } from "../xdp/index.js";

/**
 * What meets the frames: a native program that drops them, one that passes them to a stack without a socket, the same
 * with a socket whose reader stalls, or an AF_XDP socket.
 */
export type SkbProgram = "drop" | "pass" | "fullSocket" | "afXdp";

/** A testbed, ready for frames. */
export interface SkbPath {
  readonly testbed: Testbed;
  /** Sends frames to their end. @returns What arrived there, as both ends of the wire counted. */
  send(frames: number, signal: AbortSignal | undefined): Promise<Pick<Injection, "offered" | "arrived">>;
  /** Lets the stalled reader read. @returns How many packets user space has got by now, all in all. */
  read(): number;
}

const PORT = 4789;
const BURST = 2048;

/** Opens one of the four. Its testbed owns everything: close that. @throws SysError, NotSupportedError; nothing is left behind */
export function openSkbPath(program: SkbProgram): SkbPath {
  if (program === "afXdp") return afXdp();
  const testbed = Testbed.create(twoHosts());
  try {
    // A stack that finds no socket answers with ICMP, six times and then once a second: more skbs, of its own making.
    testbed.inside("b", "sysctl", "-q", "-w", "net.ipv4.icmp_ratelimit=1000000");
    attachXdp(testbed, "b", loadXdp(program === "drop" ? "drop" : "pass"));
    const injector = testbed.injector("a", datagram());
    const send: SkbPath["send"] = (frames, signal) => injector.inject(frames, signal ? { signal } : {});
    return { testbed, send, read: program === "fullSocket" ? stalledReader(testbed) : () => 0 };
  } catch (error) {
    testbed.close();
    throw error;
  }
}

/** A UDP packet of 60 bytes from a to b: what a socket on b's port would receive. */
export function datagram(): Uint8Array {
  const { a, b } = twoHosts().wires[0]!;
  return buildFrame({
    ethernet: { source: a.mac, destination: b.mac },
    ipv4: { source: hostAddress(a.addresses), destination: hostAddress(b.addresses) },
    udp: { sourcePort: PORT, destinationPort: PORT },
    payload: new Uint8Array(18),
  });
}

function hostAddress([first = ""]: readonly string[]): string {
  return first.split("/")[0]!;
}

/** Opens the socket of host b that `datagram` goes to. The caller closes it. */
export function openUdpSocket(testbed: Testbed): number {
  const fd = inNamespace(testbed.path("b"), () => socket(AF_INET, SOCK_DGRAM, 0));
  try {
    bind(fd, ipv4SocketAddress(hostAddress(testbed.end("b").addresses), PORT), `UDP port ${PORT} of host b`);
    return fd;
  } catch (error) {
    close(fd);
    throw error;
  }
}

/** Opens b's socket. @returns Its reader, which stalls until it is called and then reads all there is. */
function stalledReader(testbed: Testbed): () => number {
  const fd = openUdpSocket(testbed);
  testbed.own({ close: () => close(fd) });
  const bytes = new Uint8Array(64);
  let packets = 0;
  return () => {
    while (receive(fd, bytes, MSG_DONTWAIT) !== null) packets++;
    return packets;
  };
}

/** The receiver empties its ring after each burst, so that no packet finds it full. */
function afXdp(): SkbPath {
  const receiver = openReceiver({ ringSize: BURST, frames: 2 * BURST, frame: datagram() });
  let packets = 0;
  return {
    testbed: receiver.testbed,
    async send(frames, signal) {
      let [offered, arrived] = [0, 0];
      while (offered < frames) {
        const burst = await injectBurst(receiver.injector, Math.min(BURST, frames - offered), signal);
        offered += burst.offered;
        arrived += burst.arrived;
        packets += drain(receiver);
      }
      return { offered, arrived };
    },
    read: () => packets,
  };
}

function injectBurst(
  injector: Injector,
  frames: number,
  signal: AbortSignal | undefined,
): Promise<Injection> {
  return injector.inject(frames, signal ? { signal } : {});
}

/** Gives every packet in the rx ring back to the kernel. @returns How many there were. */
function drain({ socket: { rxRing, fillRing, umem } }: ReturnType<typeof openReceiver>): number {
  const ready = rxRing.peek(BURST);
  const refill = fillRing.reserve(ready);
  if (refill === null) return 0;
  for (let i = 0; i < ready; i++) fillRing.write(refill + i, umem.frameStart(rxRing.addr(rxRing.cursor + i)));
  fillRing.submit(ready);
  rxRing.release(ready);
  return ready;
}
