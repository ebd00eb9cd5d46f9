// BPF_PROG_TEST_RUN calls a program with a packet of ours: once, to see its verdict and what it made of the
// bytes; or, for XDP, with live frames that go through the real driver path, which is how the lab makes load.
import { checked } from "./errno.js";
import { libbpf } from "./libbpf.js";
import { type Mapping, mapAnonymous, unmap } from "./memory.js";
import { kernels } from "./native-kernels.js";

const testRunCall = libbpf.declare("int bpf_prog_test_run_opts(int programFd, uintptr_t options)");

const OPTIONS_BYTES = 80; // struct bpf_test_run_opts
const CONTEXT_BYTES = 24; // struct xdp_md: data, data_end, data_meta, ingress_ifindex, rx_queue_index, egress
const LIVE_FRAMES = 1 << 1; // BPF_F_TEST_XDP_LIVE_FRAMES
const MAX_FRAME_BYTES = 4096;

/** What one run gave. */
export interface TestRunResult {
  /** The program's return value, e.g. 2 for XDP_PASS. */
  readonly returned: number;
  /** The packet as the program left it. */
  readonly bytes: Uint8Array;
  /** Mean time of one repetition in ns, as the kernel measured it; whole nanoseconds. */
  readonly durationNs: number;
}

/**
 * Memory prepared for many runs of one program with one packet: no allocation a call.
 * Close it when done.
 */
export class TestRun {
  private readonly programFd: number;
  private readonly memory: Mapping;
  private readonly options: DataView;
  private packetBytes = 0;

  /**
   * @param programFd a loaded program
   * @param packet 14 to 3520 bytes; the kernel refuses less than an Ethernet header
   */
  constructor(programFd: number, packet: Uint8Array) {
    this.programFd = programFd;
    this.memory = mapAnonymous(3 * MAX_FRAME_BYTES);
    this.options = new DataView(this.memory.buffer, 0, OPTIONS_BYTES);
    this.packet = packet;
  }

  /** Puts another packet into the same memory. */
  set packet(packet: Uint8Array) {
    this.packetBytes = packet.length;
    new Uint8Array(this.memory.buffer, MAX_FRAME_BYTES, packet.length).set(packet);
  }

  /** The same call made by a loop in C, for comparison. @param calls of so many frames each @returns Nanoseconds for all of them. */
  sendLiveByC(calls: number, frames: number, batch: number): number {
    const packet = this.memory.address + MAX_FRAME_BYTES;
    return kernels.xdpInject(calls, this.programFd, packet, this.packetBytes, frames, batch);
  }

  private prepare(repeat: number, flags: number, batch: number, ingress: number, wantBytes: boolean): void {
    const o = this.options;
    const packet = this.memory.address + MAX_FRAME_BYTES;
    const out = this.memory.address + 2 * MAX_FRAME_BYTES;
    const context = this.memory.address + OPTIONS_BYTES + 16;
    o.setBigUint64(0, BigInt(OPTIONS_BYTES), true);
    o.setBigUint64(8, BigInt(packet), true);
    o.setBigUint64(16, wantBytes ? BigInt(out) : 0n, true);
    o.setUint32(24, this.packetBytes, true);
    o.setUint32(28, wantBytes ? MAX_FRAME_BYTES : 0, true);
    o.setBigUint64(32, ingress ? BigInt(context) : 0n, true);
    o.setBigUint64(40, 0n, true);
    o.setUint32(48, ingress ? CONTEXT_BYTES : 0, true);
    o.setUint32(52, 0, true);
    o.setInt32(60, repeat, true);
    o.setUint32(68, flags, true);
    o.setUint32(72, 0, true);
    o.setUint32(76, batch, true);
    const c = new DataView(this.memory.buffer, OPTIONS_BYTES + 16, CONTEXT_BYTES);
    c.setUint32(4, this.packetBytes, true); // data_end
    c.setUint32(12, ingress, true);
  }

  /** Calls the program. @param repeat how often, for timing; the packet is fresh only the first time */
  run(repeat = 1): TestRunResult {
    this.prepare(repeat, 0, 0, 0, true);
    checked(
      testRunCall(this.programFd, this.memory.address),
      "bpf",
      `test-run program with ${this.packetBytes} bytes`,
    );
    const length = this.options.getUint32(28, true);
    return {
      returned: this.options.getUint32(56, true),
      bytes: new Uint8Array(this.memory.buffer, 2 * MAX_FRAME_BYTES, length).slice(),
      durationNs: this.options.getUint32(64, true),
    };
  }

  /**
   * Sends live frames: each goes through the program and its verdict is carried out by the driver, with no skb.
   *
   * @param frames how many, 1 or more
   * @param batch frames handled at once, 1 to 256
   * @param ingress index of the interface the frames seem to come from, in this thread's namespace
   * @source Documentation/bpf/bpf_prog_run.rst
   */
  sendLive(frames: number, batch: number, ingress: number): void {
    this.prepare(frames, LIVE_FRAMES, batch, ingress, false);
    checked(testRunCall(this.programFd, this.memory.address), "bpf", `inject ${frames} live frames`);
  }

  /** Frees the memory. The object is of no use after. */
  close(): void {
    unmap(this.memory);
  }
}
