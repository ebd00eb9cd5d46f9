// Frames for the cache, and what it should make of them, said once more and independently: by the packet library instead of C.

import {
  buildFrame,
  ETHER_TYPE,
  EthernetView,
  type FrameSpec,
  IP_PROTOCOL,
  Ipv4View,
  ipv4PseudoSum,
  isChecksumRight,
  readUint,
  UdpView,
} from "ringside";
import { buildKvRequest, KV_AT, KV_MESSAGE_BYTES, KV_OP, KV_PORT } from "ringside/keyvalue";

export const SERVER = "10.0.0.2";
export const IP_AT = 14;
export const UDP_AT = 34;
export const MESSAGE_AT = 42;
export const FRAME_BYTES: number = MESSAGE_AT + KV_MESSAGE_BYTES;

/** A frame with a request for a cached key, unless the spec says otherwise. */
export function frameOf(spec: Partial<FrameSpec> = {}, payload = buildKvRequest("get", 1, 77)): Uint8Array {
  return buildFrame({
    ethernet: { source: "02:00:00:00:00:0a", destination: "02:00:00:00:00:0b" },
    ...(spec.ipv6 ? {} : { ipv4: { source: "10.0.0.1", destination: SERVER } }),
    udp: { sourcePort: 7001, destinationPort: KV_PORT },
    payload,
    ...spec,
  });
}

/** A copy with other bytes from an offset on. */
export function patched(frame: Uint8Array, at: number, ...values: number[]): Uint8Array {
  const copy = frame.slice();
  copy.set(values, at);
  return copy;
}

/** Whether a frame is a GET for the server that the cache may answer, whatever its key. */
export function isGetForServer(frame: Uint8Array): boolean {
  if (frame.length < FRAME_BYTES || new EthernetView(frame).etherType !== ETHER_TYPE.ipv4) return false;
  const ip = new Ipv4View(frame, IP_AT);
  if (ip.version !== 4 || ip.headerBytes !== 20 || ip.protocol !== IP_PROTOCOL.udp) return false;
  if (ip.fragmentOffset !== 0 || (ip.flags & 1) !== 0 || ip.totalLength !== FRAME_BYTES - IP_AT) return false;
  const udp = new UdpView(frame, UDP_AT);
  if (udp.length !== FRAME_BYTES - UDP_AT || udp.destinationPort !== KV_PORT) return false;
  const isOurs = ip.destination === 0x0a000002 && readUint(frame, MESSAGE_AT + KV_AT.magic, 4) === 0x52534b56;
  return isOurs && frame[MESSAGE_AT + KV_AT.op] === KV_OP.get && frame[MESSAGE_AT + KV_AT.status] === 0;
}

/** Whether IP's and UDP's checksum hold. */
export function sumsOf(frame: Uint8Array): { readonly ip: boolean; readonly udp: boolean } {
  const pseudo = ipv4PseudoSum(frame, IP_AT, FRAME_BYTES - UDP_AT);
  return {
    ip: isChecksumRight(frame, IP_AT, UDP_AT),
    udp: isChecksumRight(frame, UDP_AT, FRAME_BYTES, pseudo),
  };
}
