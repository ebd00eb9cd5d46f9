// A namespace without a name, with a veth pair, to try XDP and AF_XDP on. Nothing has to be removed: when the thread
// has gone home and the descriptor is closed, the kernel takes the namespace and all in it away.
import { execFileSync } from "node:child_process";
import { closeSync } from "node:fs";
import { attachXdpLink, type XdpMode } from "./bpf-link.js";
import { TestRun } from "./bpf-test-run.js";
import { type Mapping, mapAnonymous, unmap } from "./memory.js";
import type { Probe, ProbeName } from "./probe.js";
import { type Answer, attempt, meaningOf, no, unknown, yes } from "./probe-answer.js";
import { loadTinyProgram, PROGRAM_TYPE } from "./probe-program.js";
import {
  AF_XDP,
  bind,
  close,
  getSocketOption,
  interfaceIndex,
  SOCK_RAW,
  setSocketOption,
  socket,
} from "./socket.js";
import { inNamespace, openNamelessNamespace } from "./thread.js";
import { TOOL_PATH } from "./tool-path.js";

// A closed AF_XDP socket gives its queue back a little later, in a kernel worker: each try has its own device.
const DEVICES = ["probe-a", "probe-b"] as const;

// include/uapi/linux/if_xdp.h
const SOL_XDP = 283;
const XDP_RX_RING = 2;
const XDP_UMEM_REG = 4;
const XDP_UMEM_FILL_RING = 5;
const XDP_UMEM_COMPLETION_RING = 6;
const XDP_OPTIONS = 8;
const XDP_OPTIONS_ZEROCOPY = 1;
const BIND = { copy: 1 << 1, zeroCopy: 1 << 2 } as const;
const FRAMES = 4;
const FRAME_BYTES = 4096;

const ON_VETH: readonly (readonly [ProbeName, () => Answer])[] = [
  ["nativeXdp", () => xdp("native")],
  ["genericXdp", () => xdp("generic")],
  ["liveFrames", liveFrames],
  ["afXdpCopy", () => afXdp(DEVICES[0], "copy")],
  ["afXdpZeroCopy", () => afXdp(DEVICES[1], "zeroCopy")],
];

export function probeNetwork(): Probe[] {
  let inside: Probe[] = [];
  const namespaces = attempt("namespaces", () => {
    const namespace = openNamelessNamespace();
    try {
      inside = inNamespace(`/proc/self/fd/${namespace}`, probeInside);
    } finally {
      closeSync(namespace);
    }
    return yes("unshare made one and setns came back");
  });
  if (inside.length > 0) return [namespaces, ...inside];
  return [
    namespaces,
    ...notTried(["veth", ...ON_VETH.map(([name]) => name)], "no namespace to try it in", "namespaces"),
  ];
}

function probeInside(): Probe[] {
  const veth = attempt("veth", makeVeth);
  if (veth.state === "yes") return [veth, ...ON_VETH.map(([name, run]) => attempt(name, run))];
  return [
    veth,
    ...notTried(
      ON_VETH.map(([name]) => name),
      "no veth pair to try it on",
      "veth",
    ),
  ];
}

function notTried(names: readonly ProbeName[], why: string, first: ProbeName): Probe[] {
  return names.map((name) => ({ name, ...unknown(why, `get ${first} first`) }));
}

function makeVeth(): Answer {
  const [a, b] = DEVICES;
  const commands = `link add ${a} type veth peer name ${b}\nlink set ${a} up\nlink set ${b} up\n`;
  try {
    execFileSync("ip", ["-batch", "-"], {
      input: commands,
      env: { ...process.env, PATH: TOOL_PATH },
      stdio: "pipe",
    });
  } catch (error) {
    const failure = error as Error & { code?: string; stderr?: Buffer };
    if (failure.code === "ENOENT") return unknown("there is no ip command", "run sh vm/provision.sh");
    const said = String(failure.stderr ?? failure.message)
      .trim()
      .split("\n")[0]!;
    return no(`ip link add says: ${said}`, "use a kernel with CONFIG_VETH, or run sudo modprobe veth");
  }
  return yes("ip link add made a pair");
}

function xdp(mode: XdpMode): Answer {
  const program = loadTinyProgram(PROGRAM_TYPE.xdp);
  try {
    attachXdpLink(program, interfaceIndex(DEVICES[0]), mode).close();
    return yes(`attached to a veth in ${mode} mode`);
  } finally {
    close(program);
  }
}

/** What every load of XDP frames is made by. @source net/bpf/test_run.c, bpf_test_run_xdp_live, v6.18 */
function liveFrames(): Answer {
  const program = loadTinyProgram(PROGRAM_TYPE.xdp);
  try {
    const run = new TestRun(program, new Uint8Array(60));
    try {
      run.sendLive(1, 1, interfaceIndex(DEVICES[0]));
    } finally {
      run.close();
    }
    return yes("BPF_PROG_TEST_RUN took a live frame");
  } catch (error) {
    const old = no("BPF_PROG_TEST_RUN knows no live frames", "use Linux 5.18 or newer");
    return meaningOf(error, { EINVAL: old, ENOTSUPP: old, EOPNOTSUPP: old });
  } finally {
    close(program);
  }
}

function afXdp(device: string, mode: keyof typeof BIND): Answer {
  const fd = socket(AF_XDP, SOCK_RAW, 0);
  const umem = mapAnonymous(FRAMES * FRAME_BYTES);
  try {
    prepareRings(fd, umem);
    bind(fd, xdpAddress(interfaceIndex(device), BIND[mode]), `AF_XDP socket to a veth (${mode})`);
    const options = getSocketOption(fd, SOL_XDP, XDP_OPTIONS, 4, "the AF_XDP mode");
    const zeroCopy = ((options[0] ?? 0) & XDP_OPTIONS_ZEROCOPY) !== 0;
    const answer = `bound to a veth; the kernel answers ${zeroCopy ? "zero-copy" : "copy"} mode`;
    return zeroCopy === (mode === "zeroCopy") ? yes(answer) : no(answer);
  } catch (error) {
    const driver = no(
      "bind answers EOPNOTSUPP: a veth has copy mode alone",
      "use a NIC whose driver has zero-copy",
    );
    return meaningOf(error, mode === "zeroCopy" ? { EOPNOTSUPP: driver } : {});
  } finally {
    close(fd);
    unmap(umem);
  }
}

function prepareRings(fd: number, umem: Mapping): void {
  const registration = new DataView(new ArrayBuffer(32)); // struct xdp_umem_reg
  registration.setBigUint64(0, BigInt(umem.address), true);
  registration.setBigUint64(8, BigInt(umem.lengthBytes), true);
  registration.setUint32(16, FRAME_BYTES, true);
  setSocketOption(fd, SOL_XDP, XDP_UMEM_REG, new Uint8Array(registration.buffer), "the AF_XDP umem");
  const entries = new Uint8Array(Uint32Array.of(FRAMES).buffer);
  for (const ring of [XDP_UMEM_FILL_RING, XDP_UMEM_COMPLETION_RING, XDP_RX_RING]) {
    setSocketOption(fd, SOL_XDP, ring, entries, `AF_XDP ring ${ring} to ${FRAMES} entries`);
  }
}

/** `struct sockaddr_xdp` for queue 0. */
function xdpAddress(ifindex: number, flags: number): Uint8Array {
  const address = new DataView(new ArrayBuffer(16));
  address.setUint16(0, AF_XDP, true);
  address.setUint16(2, flags, true);
  address.setUint32(4, ifindex, true);
  return new Uint8Array(address.buffer);
}
