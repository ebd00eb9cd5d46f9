// Every packet of an injection is followed, and what the tracer tells is held against counters that know nothing of it.
import { Testbed, testFrame, threeHosts, twoHosts } from "ringside/net";
import { buildFrame } from "ringside/packet";
import { FramePool } from "ringside/ring";
import {
  bind,
  close,
  inNamespace,
  interfaceIndex,
  ipv4SocketAddress,
  socket as newSocket,
  openPacketReceiver,
  type PacketReceiver,
  u32Key,
} from "ringside/sys";
import { describeWay, type PacketWays, packetFigure, tracePackets } from "ringside/trace";
import { loadCounter, loadXdp, openXdpSocketOn, verdictCounts, xdp } from "ringside/xdp";
import { afterEach, describe, expect, test } from "vitest";
import { LIVE } from "../plot/samples.js";

const PACKETS = 600;
/** Behind Ethernet's, IPv4's and UDP's headers. */
const NUMBER_AT = 42;

let testbed: Testbed;
afterEach(() => testbed.close());

const endsOf = ({ ends }: PacketWays): Record<string, number> =>
  Object.fromEntries(ends.map(({ end, packets }) => [end, packets]));

/** UDP to a port of host b, with room for the number. No checksum: the number changes in each frame. */
function udpTo(destinationPort: number): Uint8Array {
  const [from, to] = [testbed.end("a"), testbed.end("b")];
  return buildFrame({
    ethernet: { source: from.mac, destination: to.mac },
    ipv4: { source: "10.0.0.1", destination: "10.0.0.2" },
    udp: { sourcePort: 5000, destinationPort, checksum: 0 },
    payload: new Uint8Array(18),
  });
}

const [AF_INET, SOCK_DGRAM] = [2, 2];

/** A bound UDP socket in host b that nobody reads. */
function udpSocket(port: number): number {
  const fd = inNamespace(testbed.path("b"), () => newSocket(AF_INET, SOCK_DGRAM, 0));
  bind(fd, ipv4SocketAddress("10.0.0.2", port), `port ${port}`);
  return fd;
}

const byThree = () => xdp`
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

/* The number's last byte, modulo three: drop, pass, send back. */
SEC("xdp") int by_three(struct xdp_md *ctx)
{
	unsigned char *data = (void *)(long)ctx->data;

	if (data + 50 > (unsigned char *)(long)ctx->data_end)
		return XDP_ABORTED;
	return (data[49] + data[48] * 256) % 3 + 1;
}
char LICENSE[] SEC("license") = "GPL";
`;

describe("a packet's way", () => {
  test("ends with the verdict that its number asks for, each packet once", async () => {
    testbed = Testbed.create(twoHosts());
    const tracer = tracePackets(testbed, { numberAt: NUMBER_AT });
    tracer.attach("b", byThree());
    tracer.attach("a", loadXdp("pass"));
    const traced = await tracer.inject("a", PACKETS, testFrame(testbed.end("a"), testbed.end("b")));
    expect(traced.ways).toHaveLength(PACKETS);
    expect(endsOf(traced)).toEqual({
      "XDP_DROP by by_three on veth-b": 200,
      "dropped by the stack of b: UNHANDLED_PROTO": 200,
      "dropped by the stack of a: UNHANDLED_PROTO": 200,
    });
    traced.ways.forEach(({ number, steps: [first] }) => {
      expect(first).toMatchObject({ at: "program", verdict: ["DROP", "PASS", "TX"][number % 3] });
    });
  });

  test("goes on after XDP_TX, or is lost where the other end has no program, and each is told", async () => {
    testbed = Testbed.create(twoHosts());
    const tracer = tracePackets(testbed, { numberAt: NUMBER_AT });
    tracer.attach("b", byThree());
    const { injection, ways } = await tracer.inject("a", PACKETS);
    expect(injection.atPeer.transmitted).toBe(200);
    const sentBack = ways.filter(({ steps: [first] }) => first?.at === "program" && first.verdict === "TX");
    const lost = sentBack.filter(({ end }) => end === "XDP_TX by by_three on veth-b, not seen again");
    const back = sentBack.filter(({ captured }) => captured.includes("veth-a"));
    expect([sentBack.length, lost.length + back.length]).toEqual([200, 200]);
  });

  test("is the same whether or not it is traced, by the program's own counts", async () => {
    testbed = Testbed.create(twoHosts());
    const tracer = tracePackets(testbed, { numberAt: NUMBER_AT });
    const counter = loadCounter("DROP");
    tracer.attach("b", counter);
    const traced = await tracer.inject("a", PACKETS);
    expect(verdictCounts(counter).DROP).toEqual({ packets: PACKETS, bytes: 60 * PACKETS });
    expect(endsOf(traced)).toEqual({ "XDP_DROP by count on veth-b": PACKETS });
  });

  test("goes on into a socket, or is dropped with the kernel's reason", async () => {
    testbed = Testbed.create(twoHosts());
    const tracer = tracePackets(testbed, { numberAt: NUMBER_AT });
    tracer.attach("b", loadXdp("pass"));
    const socket = udpSocket(7);
    try {
      const taken = await tracer.inject("a", 40, udpTo(7));
      expect(endsOf(taken)).toEqual({ "socket of b on port 7": 40 });
      expect(describeWay(taken.ways[17]!)).toBe(
        "packet 17: pass on veth-b: XDP_PASS -> stack of b -> socket, port 7; tcpdump sees it on veth-b",
      );
      expect(endsOf(await tracer.inject("a", 40, udpTo(9)))).toEqual({
        "dropped by the stack of b: NO_SOCKET": 40,
      });
    } finally {
      close(socket);
    }
  });

  test("goes over a redirect to the next wire and up to its program", async () => {
    testbed = Testbed.create(threeHosts());
    const tracer = tracePackets(testbed, { numberAt: NUMBER_AT });
    const redirect = loadXdp("redirect");
    // Both inside: a devmap looks an index up in the namespace of the thread that writes it.
    inNamespace(testbed.path("b"), () => {
      redirect.object.map("target").update(u32Key(0), u32Key(interfaceIndex("veth-out")));
    });
    tracer.attach("b", redirect);
    const last = loadCounter("DROP");
    tracer.attach("c", last);
    const traced = await tracer.inject("a", PACKETS);
    expect(endsOf(traced)).toEqual({ "XDP_DROP by count on veth-c": PACKETS });
    const { text } = packetFigure(traced, testbed.spec, { title: "All packets", provenance: LIVE });
    expect(text.split("\n").slice(1, -1)).toEqual([
      "veth-a of host a: nothing above it",
      "veth-b of host b: redirect (native XDP) 600 (600 XDP_REDIRECT); tcpdump sees 0 of 600 0; the stack 0",
      "veth-out of host b: nothing above it",
      "veth-c of host c: count (native XDP) 600 (600 XDP_DROP); tcpdump sees 0 of 600 0; the stack 0",
      "veth-a to veth-b: 600 injected",
      "veth-out to veth-c: 600 sent on",
      "veth-b to veth-out: 600 redirected",
    ]);
    expect(traced.ways[PACKETS - 1]!.steps).toMatchObject([
      { at: "program", device: "veth-b", verdict: "REDIRECT" },
      { at: "redirect", host: "b", to: "veth-out", error: null },
      { at: "program", device: "veth-c", verdict: "DROP" },
    ]);
    expect(verdictCounts(last).DROP.packets).toBe(PACKETS);
  });

  test("ends in an AF_XDP socket while its ring has room, and says why it does not", async () => {
    testbed = Testbed.create(twoHosts());
    const tracer = tracePackets(testbed, { numberAt: NUMBER_AT });
    const program = loadXdp("xsk_redirect");
    tracer.attach("b", program);
    const socket = testbed.own(openXdpSocketOn(testbed, "b", { ringSize: 64 }));
    new FramePool(socket.umem).fill(socket.fillRing);
    socket.attach(program.object.map("xsks"));
    const traced = await tracer.inject("a", 200);
    expect(traced.ends.map(({ packets }) => packets)).toEqual([136, 64]);
    expect(traced.ends[0]!.end).toMatch(/^redirect to AF_XDP socket of queue 0 failed: E[A-Z]+$/);
    expect(traced.ends[1]!.end).toBe("redirected to AF_XDP socket of queue 0");
  });

  test("is told for each n-th packet where that is asked for", async () => {
    testbed = Testbed.create(twoHosts());
    const tracer = tracePackets(testbed, { numberAt: NUMBER_AT, every: 100 });
    tracer.attach("b", loadCounter("DROP"));
    const { ways } = await tracer.inject("a", 20_000);
    expect(ways.map(({ number }) => number)).toEqual(Array.from({ length: 200 }, (_, i) => i * 100));
    expect(ways.every(({ steps }) => steps.length === 1)).toBe(true);
  });

  test.each(["native", "generic"] as const)(
    "says rightly in %s mode on which interface tcpdump sees it",
    async (mode) => {
      testbed = Testbed.create(twoHosts());
      const tracer = tracePackets(testbed, { numberAt: NUMBER_AT });
      tracer.attach("b", byThree(), mode);
      tracer.attach("a", loadXdp("pass"));
      // What feeds tcpdump: a packet socket for every protocol.
      const listen = (host: string): PacketReceiver =>
        testbed.own(
          inNamespace(testbed.path(host), () =>
            openPacketReceiver({
              interfaceName: `veth-${host}`,
              blockBytes: 65_536,
              blocks: 8,
              retireMs: 10,
            }),
          ),
        );
      const sockets = { a: listen("a"), b: listen("b") };
      const traced = await tracer.inject("a", PACKETS);
      const { ways, ends } = traced;
      const told = (device: string): number =>
        ways.filter(({ captured }) => captured.includes(device)).length;
      expect([told("veth-a"), told("veth-b")]).toEqual([
        sockets.a.statistics().packets,
        sockets.b.statistics().packets,
      ]);
      expect(told("veth-b")).toBe(200);
      expect(ends).toContainEqual({ end: "XDP_DROP by by_three on veth-b", packets: 200 });
    },
  );
});
