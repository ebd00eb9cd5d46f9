// How full the rings of another process's AF_XDP sockets are. A ring is memory that program and kernel share; root can borrow the
// socket (pidfd_getfd(2)) and map that memory for reading, too. Nothing is asked of the program, and nothing is written.
import { SysError } from "../base/index.js";
import { ringBytes } from "../ring/index.js";
import {
  AF_XDP,
  borrowSockets,
  close,
  getSocketOption,
  type Mapping,
  mapShared,
  unmap,
} from "../sys/index.js";
import { decodeOffsets, OFFSETS_BYTES, RINGS, type RingName, SOL_XDP, XDP_MMAP_OFFSETS } from "./xsk-abi.js";

/** One ring at one moment. */
export interface SeenRing {
  readonly name: RingName;
  /** Entries that one side has submitted and the other has not taken yet. */
  readonly entries: number;
  /** Slots of the ring, or the most that it may have where it is so small that pages do not tell (`isExact`). */
  readonly slots: number;
  readonly isExact: boolean;
}

/** The rings that a socket has, in the order of a frame's way: fill, rx, tx, completion. */
export type SeenSocket = readonly SeenRing[];

const ORDER: readonly RingName[] = ["fill", "rx", "tx", "completion"];
const PAGE_BYTES = 4096;
const MOST_SLOTS = 2 ** 20;

/**
 * Looks at the rings of all AF_XDP sockets of a process.
 *
 * @param pid a process that this one may trace: any, for root
 * @returns One entry a socket; a ring that was never asked for is left out.
 * @throws SysError EPERM where this process may not trace that one, ESRCH where it is gone.
 */
export function observeRings(pid: number): SeenSocket[] {
  const sockets = borrowSockets(pid, AF_XDP);
  try {
    return sockets.map((fd) => ORDER.flatMap((name) => look(fd, name) ?? []));
  } finally {
    for (const fd of sockets) close(fd);
  }
}

function look(fd: number, name: RingName): SeenRing | null {
  const page = mapPages(fd, name, 1);
  if (page === null) return null;
  try {
    const bytes = getSocketOption(fd, SOL_XDP, XDP_MMAP_OFFSETS, OFFSETS_BYTES, "ring offsets");
    const { producer, consumer } = decodeOffsets(bytes)[name];
    const cursor = (offset: number): number => Atomics.load(new Int32Array(page.buffer, offset, 1), 0);
    // The taker's cursor first: it never overtakes the other, so the difference is never below 0.
    const taken = cursor(consumer);
    return { name, entries: (cursor(producer) - taken) >>> 0, ...slotsOf(fd, name) };
  } finally {
    unmap(page);
  }
}

/** The kernel tells nobody how many slots a ring has, but maps no page beyond it. @source net/xdp/xsk.c, xsk_mmap, v6.18 */
function slotsOf(fd: number, name: RingName): { slots: number; isExact: boolean } {
  const pagesOf = (slots: number): number => Math.ceil(ringBytes(slots, RINGS[name].kind) / PAGE_BYTES);
  let slots = 1;
  for (let next = 2; next <= MOST_SLOTS; next *= 2) {
    if (pagesOf(next) > pagesOf(slots)) {
      const mapping = mapPages(fd, name, pagesOf(next));
      if (mapping === null) break;
      unmap(mapping);
    }
    slots = next;
  }
  return { slots, isExact: pagesOf(slots) > 1 };
}

/** @returns null where the ring has fewer pages, or is not there */
function mapPages(fd: number, name: RingName, pages: number): Mapping | null {
  try {
    return mapShared(fd, pages * PAGE_BYTES, RINGS[name].pageOffset, true);
  } catch (error) {
    if (error instanceof SysError) return null;
    throw error;
  }
}
