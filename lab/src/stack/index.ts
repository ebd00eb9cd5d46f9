/**
 * stack: how does a program speak ARP, IPv4, ICMP, UDP and TCP by itself, over anything that carries frames?
 * Read `link.ts` and `endpoint.ts` first: what lies below and what lies above. Notebooks 40-a-stack-in-user-space and
 * 41-tcp-in-user-space stand on it.
 */
export { type Clock, VirtualClock } from "./clock.js";
export {
  type ConnectionState,
  type Datagram,
  type NetworkStack,
  STACK_EVENT,
  type StackAddress,
  type StackEndpoint,
  type StackFailure,
  type TcpConnection,
  type TcpConnectOptions,
  type TcpListener,
  type UdpEndpoint,
} from "./endpoint.js";
export type { FrameHandler, FrameLink } from "./link.js";
