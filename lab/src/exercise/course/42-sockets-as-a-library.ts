// The exercise of notebook 42.
export { datagramSockets } from "./42-sockets-as-a-library/datagram-sockets.js";
export type {
  DatagramRing,
  DatagramSockets,
  DatagramSocketsMaker,
  RingDatagram,
} from "./42-sockets-as-a-library/wire.js";
