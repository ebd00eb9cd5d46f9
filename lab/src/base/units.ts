// Numbers that people read. A value carries its unit in its name; these turn it into text.

/** Preamble (7), start delimiter (1) and inter-frame gap (12): what a frame costs on the wire beside itself. */
export const ETHERNET_OVERHEAD_BYTES = 20;

/** Largest ordinary frame with its 4-byte check sequence: 14 + 1500 + 4. */
export const MAX_FRAME_BYTES = 1518;

/**
 * Time from the start of one frame to the start of the next at full line rate.
 *
 * @param frameBytes frame with check sequence, 64 to 1518 for ordinary Ethernet
 * @param gbps line rate in gigabits per second
 * @returns nanoseconds; 1518 bytes at 10 Gbit/s take 1230.4
 * @throws RangeError where a size or a rate is not positive
 * @source IEEE 802.3 clause 4.4.2 (inter-frame gap 96 bit times)
 */
export function wireTimeNs(frameBytes: number, gbps: number): number {
  if (!(frameBytes > 0) || !(gbps > 0)) {
    throw new RangeError(
      `Cannot compute wire time of ${frameBytes} bytes at ${gbps} Gbit/s: both must be above 0 -> try wireTimeNs(1518, 10)`,
    );
  }
  return ((frameBytes + ETHERNET_OVERHEAD_BYTES) * 8) / gbps;
}

function significant(value: number, digits = 3): string {
  return Number(value.toPrecision(digits)).toString();
}

/** Formats packets per second: `14.9 Mpps`, `415 kpps`, `105 pps`. */
export function formatPps(pps: number): string {
  if (pps >= 1e6) return `${significant(pps / 1e6)} Mpps`;
  if (pps >= 1e3) return `${significant(pps / 1e3)} kpps`;
  return `${significant(pps)} pps`;
}

/** Formats a whole count with thin groups: `65 536`. */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
}
