// What belongs to one thread rather than to the process: its CPU, its network namespace, its id.
import { closeSync, openSync } from "node:fs";
import { checked, sysError } from "./errno.js";
import { libc } from "./library.js";

const setaffinityCall = libc.declare("int sched_setaffinity(int tid, size_t size, const uint8_t *mask)");
const getaffinityCall = libc.declare("int sched_getaffinity(int tid, size_t size, _Out_ uint8_t *mask)");
const getcpuCall = libc.declare("int sched_getcpu()");
const gettidCall = libc.declare("int gettid()");
const setnsCall = libc.declare("int setns(int fd, int type)");
const unshareCall = libc.declare("int unshare(int flags)");
const sigmaskCall = libc.declare("int pthread_sigmask(int how, const uint8_t *set, void *before)");

const clockCall = libc.declare("int clock_gettime(int clock, _Out_ int64_t *time)");

const MASK_BYTES = 128;
const CLOCK_THREAD_CPUTIME_ID = 3;
const CLONE_NEWNET = 0x40000000;
const SIG_SETMASK = 2;
const SIGPROF = 27;
/** A glibc `sigset_t`: 1024 bits, bit n - 1 for signal n. */
const SIGNAL_SET_BYTES = 128;

/** This thread's id as the kernel knows it. @source gettid(2) */
export function threadId(): number {
  return gettidCall() as number;
}

/** The CPU that runs this thread now. @source sched_getcpu(3) */
export function currentCpu(): number {
  return checked(getcpuCall(), "sched_getcpu", "ask for the current CPU");
}

/** CPU time that this thread has used, in ns: what it ran itself, and interrupts that the kernel charges to it. @source clock_gettime(2) */
export function threadCpuNs(): number {
  const time = new BigInt64Array(2);
  checked(clockCall(CLOCK_THREAD_CPUTIME_ID, time), "clock_gettime", "read this thread's CPU time");
  return Number(time[0]! * 1_000_000_000n + time[1]!);
}

/**
 * Pins a thread to CPUs.
 *
 * @param cpus CPU numbers, at least one, each an online CPU
 * @param tid thread id; 0 is the calling thread
 * @source sched_setaffinity(2)
 */
export function pinThread(cpus: readonly number[], tid = 0): void {
  const mask = new Uint8Array(MASK_BYTES);
  for (const cpu of cpus) mask[cpu >> 3]! |= 1 << (cpu & 7);
  checked(
    setaffinityCall(tid, mask.length, mask),
    "sched_setaffinity",
    `pin thread ${tid} to CPU ${cpus.join(",")}`,
  );
}

/**
 * Keeps the process's signals away from this thread, and from threads that it starts, for good; another thread takes them.
 *
 * A measuring thread wants this. A signal to the process, such as SIGCHLD when any child ends, may go to any thread that does not block
 * it: a call that sleeps is interrupted and entered a second time, and now and then even where another thread was quicker to take
 * the signal. Each such entry is one call more than the program made. SIGPROF stays open: V8's profiler asks a thread by it.
 *
 * @source signal(7), pthread_sigmask(3)
 */
export function blockSignals(): void {
  const all = new Uint8Array(SIGNAL_SET_BYTES).fill(0xff);
  all[(SIGPROF - 1) >> 3]! &= ~(1 << ((SIGPROF - 1) & 7));
  const code = sigmaskCall(SIG_SETMASK, all, null) as number;
  if (code !== 0) throw sysError("pthread_sigmask", "block this thread's signals", code);
}

/** The CPUs a thread may run on. @source sched_getaffinity(2) */
export function allowedCpus(tid = 0): number[] {
  const mask = new Uint8Array(MASK_BYTES);
  checked(getaffinityCall(tid, mask.length, mask), "sched_getaffinity", `read the CPUs of thread ${tid}`);
  return [...Array(MASK_BYTES * 8).keys()].filter((cpu) => mask[cpu >> 3]! & (1 << (cpu & 7)));
}

/**
 * Runs a function with this thread inside another network namespace, and comes back whatever happens.
 *
 * The function must be synchronous: after an `await` other code would run in the wrong namespace. What it
 * opens (sockets, interface indexes, bpf links) belongs to that namespace for good.
 *
 * @param path a namespace file, e.g. `/run/netns/a` or `/proc/123/ns/net`
 * @throws SysError EPERM without CAP_SYS_ADMIN; ENOENT as Node's error if the namespace is gone.
 * @source setns(2)
 */
export function inNamespace<T>(path: string, run: () => T): T {
  const home = openSync("/proc/thread-self/ns/net", "r");
  try {
    enterNamespace(path);
    try {
      const result = run();
      if (result instanceof Promise) {
        throw new TypeError(
          `Cannot run an async function inside ${path}: the thread leaves before it ends -> make it synchronous`,
        );
      }
      return result;
    } finally {
      checked(setnsCall(home, CLONE_NEWNET), "setns", "return to the first namespace");
    }
  } finally {
    closeSync(home);
  }
}

/** Moves this thread into a namespace for good: for child processes that live there. @source setns(2) */
export function enterNamespace(path: string): void {
  const target = openSync(path, "r");
  try {
    checked(setnsCall(target, CLONE_NEWNET), "setns", `enter namespace ${path}`);
  } finally {
    closeSync(target);
  }
}

/**
 * Makes a network namespace that has no name. In it is a loopback, down; nobody else can see or enter it.
 *
 * @returns A descriptor; `/proc/self/fd/<it>` is a path for `inNamespace`. The namespace is gone once it is closed.
 * @source unshare(2)
 */
export function openNamelessNamespace(): number {
  return inNamespace("/proc/thread-self/ns/net", () => {
    checked(unshareCall(CLONE_NEWNET), "unshare", "make a network namespace");
    return openSync("/proc/thread-self/ns/net", "r");
  });
}
