// What BPF may do here: run at all, know the kernel's types, and watch the kernel at its tracepoints and functions.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { kernelStruct } from "./btf.js";
import { mapAnonymous, unmap } from "./memory.js";
import { openPerfEvent } from "./perf.js";
import type { Probe } from "./probe.js";
import { type Answer, attempt, meaningOf, no, yes } from "./probe-answer.js";
import { ATTACH_TYPE, attachTinyProgram, loadTinyProgram, PROGRAM_TYPE } from "./probe-program.js";
import { close } from "./socket.js";

const KPROBE_TYPE = "/sys/bus/event_source/devices/kprobe/type";
const EVENTS = "/sys/kernel/tracing/events";
/** A function that the kernel keeps for such tests and never calls by itself. @source net/bpf/test_run.c */
const QUIET_FUNCTION = "bpf_fentry_test1";

export function probeBpf(): Probe[] {
  return [
    attempt("bpf", bpf),
    attempt("btf", btf),
    attempt("tpBtf", () => tracing("consume_skb", ATTACH_TYPE.tpBtf, "the tracepoint")),
    attempt("fentry", fentry),
    attempt("kprobes", kprobes),
    attempt("tracefs", tracefs),
  ];
}

function bpf(): Answer {
  close(loadTinyProgram(PROGRAM_TYPE.xdp));
  return yes("the kernel took a program");
}

function btf(): Answer {
  const { sizeBytes, fields } = kernelStruct("sk_buff");
  return yes(
    `the kernel describes its types: struct sk_buff has ${sizeBytes} bytes and ${fields.length} fields`,
  );
}

function tracing(name: string, attachType: number, what: string): Answer {
  const program = loadTinyProgram(PROGRAM_TYPE.tracing, { attachType, name });
  try {
    close(attachTinyProgram(program, name));
    return yes(`attached to ${what} ${name}`);
  } finally {
    close(program);
  }
}

function fentry(): Answer {
  try {
    return tracing(QUIET_FUNCTION, ATTACH_TYPE.fentry, "the function");
  } catch (error) {
    close(loadTinyProgram(PROGRAM_TYPE.xdp)); // without the right to load anything, that is the answer
    const next = "nothing here needs it: the lab counts at tracepoints";
    return meaningOf(error, { EPERM: no("the kernel answers EPERM, though it takes other programs", next) });
  }
}

function kprobes(): Answer {
  if (!existsSync(KPROBE_TYPE))
    return no("this kernel has no kprobe events", "use a kernel with CONFIG_KPROBES");
  const type = Number(readFileSync(KPROBE_TYPE, "utf8"));
  const name = mapAnonymous(64);
  try {
    new Uint8Array(name.buffer).set(new TextEncoder().encode(QUIET_FUNCTION));
    close(openPerfEvent(type, 0, -1, 0, name.address));
    return yes(`attached to ${QUIET_FUNCTION}`);
  } finally {
    unmap(name);
  }
}

/** Mounts tracefs for one child process alone, where the machine has not mounted it. */
function tracefs(): Answer {
  if (existsSync(EVENTS)) return yes(`mounted, with ${EVENTS}`);
  const script = `mount -t tracefs tracefs /sys/kernel/tracing && test -d ${EVENTS}/syscalls`;
  const child = spawnSync("unshare", ["--mount", "sh", "-c", script], { encoding: "utf8" });
  if (child.error) throw child.error;
  if (child.status === 0) return yes("not mounted here, and mounts for a process of our own");
  return no(
    child.stderr.trim().split("\n")[0] ?? "it does not mount",
    "as root: mount -t tracefs tracefs /sys/kernel/tracing",
  );
}
