/**
 * packet: what do the bytes of a frame mean, and how does one make a frame or read a capture of many?
 * Read `field.ts`, then `udp.ts`: every protocol file has the same four parts (field table, view, representation,
 * print), and the fifth, its properties, in `test/packet/headers.test.ts`; then `build.ts` and `describe.ts`, and
 * `read-capture.ts` for files. Notebooks 33-af-xdp, 40-a-stack-in-user-space and 50-the-articles-program use it. It leaves out reassembly, IPsec, and link types other than Ethernet.
 * All of it runs in a browser, with one exception: `pcap-stream.ts` loads pcap-parser, which needs Node.js, when it
 * first meets a classic microsecond capture; where there is no Node.js the lab's own reader (`pcap.ts`) does the same.
 */
export * from "./address.js";
export * from "./arp.js";
export * from "./build.js";
export { type Capture, CaptureError, type CapturePacket, LINK_TYPE_ETHERNET } from "./capture.js";
export * from "./checksum.js";
export * from "./describe.js";
export * from "./ethernet.js";
export * from "./field.js";
export { FieldError } from "./field-error.js";
export { type FrameField, type FrameLayer, fieldToText } from "./frame-walk.js";
export * from "./icmp.js";
export * from "./ipv4.js";
export * from "./ipv6.js";
export * from "./ipv6-extension.js";
export * from "./numbers.js";
export * from "./options.js";
export { readPcap } from "./pcap.js";
export { type CaptureFormat, type PacketToWrite, writePcap } from "./pcap-write.js";
export { PCAPNG_BLOCK, readPcapng } from "./pcapng.js";
export { pcapngBlock, writePcapng } from "./pcapng-write.js";
export * from "./read-capture.js";
export * from "./tcp.js";
export * from "./tcp-options.js";
export * from "./udp.js";
export * from "./vlan.js";
export { findMemory, type KnownMemory, knowMemory, meetMemory } from "./words.js";
