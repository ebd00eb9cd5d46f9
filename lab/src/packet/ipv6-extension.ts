// Between the IPv6 header and UDP may stand any number of extension headers.
// Each names its successor in its first byte and, with one exception, its own
// length in its second. We walk them to find the upper layer; what they ask of
// a router is not acted upon.

import { readUint } from "../base/index.js";
import { DROP_IT, FieldError } from "./field-error.js";

/** One extension header: where it lies, which kind it is. */
export interface Ipv6Extension {
  /** Protocol number: 0 hop-by-hop, 43 routing, 44 fragment, 51 authentication, 60 destination options, 135 mobility. */
  kind: number;
  /** Byte offset in the frame. */
  offset: number;
  /** Bytes of the whole extension header. */
  length: number;
}

/** What the chain of extension headers leads to. */
export interface Ipv6Chain {
  extensions: Ipv6Extension[];
  /** Number of the upper-layer protocol. */
  protocol: number;
  /** Byte offset of the upper-layer header. */
  offset: number;
  /** Whether the packet is one of several fragments. */
  isFragment: boolean;
  /** Whether this is a fragment other than the first, which has no upper-layer header. */
  isLaterFragment: boolean;
}

const FRAGMENT = 44;
const AUTHENTICATION = 51;
const EXTENSIONS = new Set([0, 43, FRAGMENT, AUTHENTICATION, 60, 135]);

/**
 * Walks the extension headers behind an IPv6 header.
 *
 * @param bytes the frame
 * @param start byte offset behind the IPv6 header
 * @param end byte offset after the packet
 * @param nextHeader the IPv6 header's next header
 * @throws FieldError where an extension header leads behind `end`
 * @source RFC 8200 section 4; RFC 4302 section 2.2 (authentication counts words of 4 bytes)
 */
export function walkIpv6Extensions(
  bytes: Uint8Array,
  start: number,
  end: number,
  nextHeader: number,
): Ipv6Chain {
  const chain: Ipv6Chain = {
    extensions: [],
    protocol: nextHeader,
    offset: start,
    isFragment: false,
    isLaterFragment: false,
  };
  while (EXTENSIONS.has(chain.protocol) && !chain.isLaterFragment) {
    const { protocol: kind, offset } = chain;
    const length = offset + 8 > end ? 8 : extensionBytes(kind, bytes[offset + 1]);
    if (offset + length > end) {
      const cause = `extension ${kind} takes ${length} bytes; the packet leaves ${end - offset}`;
      throw new FieldError("ipv6.extension", offset, cause, DROP_IT);
    }
    chain.extensions.push({ kind, offset, length });
    if (kind === FRAGMENT) {
      const place = readUint(bytes, offset + 2, 2);
      chain.isLaterFragment = place >> 3 > 0;
      chain.isFragment = place >> 3 > 0 || (place & 1) === 1;
    }
    chain.protocol = bytes[offset];
    chain.offset = offset + length;
  }
  return chain;
}

function extensionBytes(kind: number, lengthField: number): number {
  if (kind === FRAGMENT) return 8;
  return kind === AUTHENTICATION ? (lengthField + 2) * 4 : (lengthField + 1) * 8;
}
