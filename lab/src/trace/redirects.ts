import { errnoName } from "../sys/index.js";
import { countAt, startProgram, type TraceProgram, type Window } from "./program.js";

/** Frames that XDP programs of one namespace redirected to one device, with one outcome. */
export interface Redirects {
  /** Inode number of the network namespace in which the program ran. */
  readonly netns: number;
  /** The device that was to take them; the map's index where the program redirected by a map that found none. */
  readonly ifindex: number;
  /** Frames that the device took. */
  readonly sent: number;
  /** Frames that it did not take. */
  readonly lost: number;
  /** Why not, as an errno name, e.g. `EOPNOTSUPP` where a veth's peer has no NAPI; null where nothing failed. */
  readonly error: string | null;
}

/**
 * Attaches the counter of redirected frames.
 *
 * @source tracepoints xdp:xdp_redirect_err and xdp:xdp_devmap_xmit; net/core/filter.c and kernel/bpf/devmap.c, v6.18
 */
export function startRedirects(): TraceProgram {
  return startProgram("trace_redirects");
}

/** The redirects counted in a window, by device and outcome, the most frames first. */
export function readRedirects(program: TraceProgram, window: Window): Redirects[] {
  return program
    .rows("redirect_counts")
    .filter(({ key }) => key.getUint32(0, true) === window)
    .map(({ key, value }) => {
      const error = key.getInt32(12, true);
      return {
        netns: key.getUint32(4, true),
        ifindex: key.getUint32(8, true),
        sent: countAt(value, 0),
        lost: countAt(value, 8),
        error: error === 0 ? null : errnoName(-error),
      };
    })
    .sort((a, b) => b.lost + b.sent - a.lost - a.sent);
}
