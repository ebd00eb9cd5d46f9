/**
 * packet: what do the bytes of a frame mean, and how does one make a frame or read a capture of many?
 * Read `field.ts`, then `udp.ts`: every protocol file has the same four parts (field table, view, representation,
 * print). Notebooks 33-af-xdp, 40-a-stack-in-user-space and 50-the-articles-program use it.
 * It leaves out reassembly, IPsec, and link types other than Ethernet.
 */
export * from "./address.js";
export * from "./arp.js";
export * from "./build.js";
export * from "./checksum.js";
export * from "./describe.js";
export * from "./ethernet.js";
export * from "./field.js";
export { type FrameField, type FrameLayer, fieldToText } from "./frame-walk.js";
export * from "./icmp.js";
export * from "./ipv4.js";
export * from "./ipv6.js";
export * from "./ipv6-extension.js";
export * from "./numbers.js";
export * from "./options.js";
export * from "./tcp.js";
export * from "./tcp-options.js";
export * from "./udp.js";
export * from "./vlan.js";
