// lwIP in the place of host b's kernel, over AF_XDP as our own stack is (`openLiveStack`): the same wire, the same program that redirects, rings and
// umem of the same size. There is one in a process.
//
// Alike on both: an MSS of 1460, window scaling, no timestamps, all checksums computed and checked, Nagle's algorithm on (it never waits where a question
// is asked once the last answer has come), an acknowledgment for every second segment or with the answer, one copy each way between umem and
// buffer, and one system call for up to 32 frames. Not alike, by Debian's lwipopts.h of 2.1.3: lwIP has no SACK and no RACK; it sends from 64 KiB and receives
// into as much, ours 256 KiB each; it waits 250 ms with a lonely acknowledgment, ours 40; its packet buffers come from malloc; it has IPv6.
import { writeUint } from "../base/index.js";
import { Testbed, twoHosts } from "../net/index.js";
import { macFromText } from "../packet/index.js";
import { checkLwip, ipv4SocketAddress, type LwipCalls, loadLwip, unmap } from "../sys/index.js";
import { attachXdp, describeForC, loadXdp, openXdpSocketOn } from "../xdp/index.js";
import type { Context } from "./experiment.js";

const RING_SIZE = 2048;

/** A stack that is not ours, in a host's place. */
export interface LwipHost {
  readonly testbed: Testbed;
  readonly lwip: LwipCalls;
}

/** The four bytes of an address as lwIP keeps them: in the order of the wire. */
export function wireAddress(text: string): number {
  return new Uint32Array(ipv4SocketAddress(text, 0).slice(4, 8).buffer)[0]!;
}

/** Puts lwIP there. @throws NotSupportedError where lwIP is not installed; SysError EPERM without root, EBUSY for a second one */
export function openLwipHost(context: Pick<Context, "onClose">): LwipHost {
  const lwip = loadLwip();
  const testbed = Testbed.create(twoHosts());
  context.onClose(() => testbed.close());
  const { mac, addresses } = testbed.end("b");
  const program = loadXdp("xsk_redirect");
  attachXdp(testbed, "b", program);
  const umem = { frameSize: 2048, frameCount: 2 * RING_SIZE };
  const socket = testbed.own(openXdpSocketOn(testbed, "b", { ringSize: RING_SIZE, umem }));
  const rings = describeForC(socket);
  testbed.own({ close: () => unmap(rings) });
  const macBytes = new Uint8Array(6);
  writeUint(macBytes, 0, 6, macFromText(mac));
  const own = wireAddress(addresses[0]!.split("/")[0]!);
  const refusal = lwip.open(
    rings.address,
    macBytes,
    own,
    wireAddress("255.255.255.0"),
    testbed.facts("b").mtu,
  );
  checkLwip(refusal, "open lwIP in the place of host b");
  socket.attach(program.object.map("xsks"));
  return { testbed, lwip };
}
