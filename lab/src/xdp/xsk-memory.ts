// The memory of an AF_XDP socket: a umem of ours that the kernel is told about, and four rings of the
// kernel's that we map.
import { NotSupportedError, SysError } from "../base/index.js";
import { type RingMemory, ringBytes, Umem, type UmemSpec, viewRing } from "../ring/index.js";
import { getSocketOption, Mappings, setSocketOption } from "../sys/index.js";
import {
  decodeOffsets,
  encodeU32,
  encodeUmemReg,
  OFFSETS_BYTES,
  RINGS,
  type RingName,
  SOL_XDP,
  XDP_MMAP_OFFSETS,
  XDP_UMEM_REG,
} from "./xsk-abi.js";

/** Smallest frame that AF_XDP takes, in bytes; the largest is a page. */
const SMALLEST_FRAME_BYTES = 2048;
const PAGE_BYTES = 4096;

/** Everything that one socket has mapped. */
export class SocketMemory extends Mappings {
  /** Maps memory for a umem and tells the kernel of it. */
  registerUmem(fd: number, spec: UmemSpec): Umem {
    const { frameSize, frameCount, headroom = 0 } = spec;
    if (frameSize < SMALLEST_FRAME_BYTES || frameSize > PAGE_BYTES) {
      throw new RangeError(
        `Cannot register umem with frames of ${frameSize} bytes: AF_XDP takes ${SMALLEST_FRAME_BYTES} to ${PAGE_BYTES} -> try 2048`,
      );
    }
    const lengthBytes = frameSize * frameCount;
    const mapping = this.anonymous(lengthBytes);
    const umem = new Umem(spec, mapping.buffer);
    const reg = encodeUmemReg(mapping.address, lengthBytes, frameSize, headroom);
    try {
      setSocketOption(fd, SOL_XDP, XDP_UMEM_REG, reg, `umem of ${frameCount} frames`);
    } catch (error) {
      throw explainRegistration(error, lengthBytes);
    }
    return umem;
  }

  /** Asks for all four rings, then maps them where the kernel says. */
  mapRings(fd: number, size: number): Record<RingName, RingMemory> {
    const names = Object.keys(RINGS) as RingName[];
    for (const name of names) {
      setSocketOption(fd, SOL_XDP, RINGS[name].option, encodeU32(size), `${name} ring of ${size} slots`);
    }
    const bytes = getSocketOption(fd, SOL_XDP, XDP_MMAP_OFFSETS, OFFSETS_BYTES, "ring offsets");
    if (bytes.length < OFFSETS_BYTES) {
      throw new NotSupportedError(
        "AF_XDP need-wakeup",
        "Linux 5.4 or newer",
        "an older kernel",
        "use the VM",
      );
    }
    const offsets = decodeOffsets(bytes);
    const rings = names.map((name): [RingName, RingMemory] => {
      const { kind, pageOffset } = RINGS[name];
      const mapping = this.shared(fd, ringBytes(size, kind, offsets[name]), pageOffset);
      return [name, viewRing(mapping.buffer, size, kind, offsets[name])];
    });
    return Object.fromEntries(rings) as Record<RingName, RingMemory>;
  }
}

function explainRegistration(error: unknown, lengthBytes: number): unknown {
  if (!(error instanceof SysError) || error.code !== "ENOBUFS") return error;
  return new SysError(
    error.call,
    error.code,
    `Cannot register umem of ${lengthBytes} bytes: ENOBUFS; this process may not lock so much memory -> ask for fewer frames, or raise \`ulimit -l\``,
  );
}
