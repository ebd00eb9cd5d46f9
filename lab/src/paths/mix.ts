// IMIX, the mix of sizes that stands for the traffic of the Internet: of twelve packets seven are the shortest, four are of 590 bytes
// and one is the longest. The mean is 358 bytes; but what is paid by the packet is paid twelve times, whatever their size.
// The injector's program cuts each frame to the size that its number chooses.
import { type EndSpec, Injector, type InjectorSource, type Testbed } from "../net/index.js";
import { loadKernelObject } from "../sys/index.js";
import { LONGEST_FRAME_BYTES, loadFrame, SHORTEST_FRAME_BYTES } from "./load.js";

const [SHORT, MIDDLE, LONG] = [SHORTEST_FRAME_BYTES, 590, LONGEST_FRAME_BYTES];

/** Frame lengths without check sequence, by the packet's number modulo 12. */
export const IMIX_FRAME_BYTES: readonly number[] = [
  ...[SHORT, MIDDLE, SHORT, SHORT, MIDDLE, SHORT],
  ...[LONG, SHORT, MIDDLE, SHORT, MIDDLE, SHORT],
];

/** Where a frame's IPv4 checksum stands: Ethernet 14 bytes, then 10. */
const IP_CHECKSUM_AT = 24;

/** Makes an injector of the mix; it is closed with the testbed. @param sees as for `loadFrame` */
export function mixInjector(
  testbed: Testbed,
  from: EndSpec,
  to: EndSpec,
  sees: "frame" | "payload",
): Injector {
  const checksums = IMIX_FRAME_BYTES.map((bytes) => {
    const frame = loadFrame(from, to, bytes, sees);
    return new DataView(frame.buffer, frame.byteOffset).getUint16(IP_CHECKSUM_AT, true); // as it stands there
  });
  const source: InjectorSource = (target) => {
    const constants = Uint32Array.of(target, ...IMIX_FRAME_BYTES, ...checksums);
    return loadKernelObject("inject_mix", {
      initialValues: { ".rodata": new Uint8Array(constants.buffer) },
    });
  };
  return testbed.own(new Injector(testbed, from.host, loadFrame(from, to, LONG, sees), undefined, source));
}
