// People write addresses as text, headers carry them as bytes. A MAC address
// fits a JavaScript number (48 of its 53 bits), an IPv4 address does as well, an
// IPv6 address does not and stays bytes.

function refuse(kind: string, text: string, example: string): RangeError {
  return new RangeError(
    `Cannot read ${kind} address "${text}": it is not written like one -> try ${example}`,
  );
}

/** Writes a MAC address: `02:00:00:00:00:01`. @param mac number of 48 bits */
export function macToText(mac: number): string {
  const digits = mac.toString(16).padStart(12, "0");
  return digits.replace(/(..)(?!$)/g, "$1:");
}

/** Reads `02:00:00:00:00:01`. @returns a number of 48 bits @throws RangeError where the text is no MAC address */
export function macFromText(text: string): number {
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text)) throw refuse("MAC", text, '"02:00:00:00:00:01"');
  return Number.parseInt(text.replaceAll(":", ""), 16);
}

/** Writes an IPv4 address: `10.0.0.1`. @param address number of 32 bits */
export function ipv4ToText(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** Reads `10.0.0.1`. @returns a number of 32 bits @throws RangeError where the text is no IPv4 address */
export function ipv4FromText(text: string): number {
  const parts = text.split(".");
  const fits = (part: string): boolean => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256;
  if (parts.length !== 4 || !parts.every(fits)) throw refuse("IPv4", text, '"10.0.0.1"');
  return parts.reduce((address, part) => address * 256 + Number(part), 0);
}

/**
 * Writes an IPv6 address in its canonical form: `2001:db8::1`.
 *
 * @param bytes where the address lies
 * @param at byte offset of its 16 bytes
 * @source RFC 5952 section 4 (the longest run of two or more zero groups, the first of equals, becomes `::`)
 */
export function ipv6ToText(bytes: Uint8Array, at = 0): string {
  const groups = Array.from({ length: 8 }, (_, i) => (bytes[at + 2 * i] << 8) | bytes[at + 2 * i + 1]);
  let best = { from: -1, length: 1 };
  for (let from = 0; from < 8; from++) {
    let to = from;
    while (to < 8 && groups[to] === 0) to++;
    if (to - from > best.length) best = { from, length: to - from };
  }
  const text = groups.map((group) => group.toString(16));
  if (best.from < 0) return text.join(":");
  return `${text.slice(0, best.from).join(":")}::${text.slice(best.from + best.length).join(":")}`;
}

/**
 * Reads `2001:db8::1`, in any of the forms of RFC 4291 section 2.2.
 *
 * @returns its 16 bytes in network order
 * @throws RangeError where the text is no IPv6 address
 */
export function ipv6FromText(text: string): Uint8Array {
  const error = refuse("IPv6", text, '"2001:db8::1"');
  const halves = withoutDots(text).split("::");
  if (halves.length > 2) throw error;
  const [head, tail] = [groupsOf(halves[0], error), groupsOf(halves[1] ?? "", error)];
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) throw error;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255]));
}

/** Rewrites a last part of the form `10.0.0.1` as the two groups it stands for. */
function withoutDots(text: string): string {
  return text.replace(/(?<=:)[^:]*\.[^:]*$/, (dotted) => {
    const address = ipv4FromText(dotted);
    return `${(address >>> 16).toString(16)}:${(address & 0xffff).toString(16)}`;
  });
}

function groupsOf(text: string, error: RangeError): number[] {
  if (text === "") return [];
  return text.split(":").map((part) => {
    if (!/^[0-9a-f]{1,4}$/i.test(part)) throw error;
    return Number.parseInt(part, 16);
  });
}
