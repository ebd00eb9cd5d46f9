// A wire for a learner's library: datagrams come off a ring for any port, and what the library sends is written down.

/** A datagram as the ring has it. */
export interface RingDatagram {
  /** Our port, that it is for or comes from. */
  readonly port: number;
  readonly peer: { readonly address: string; readonly port: number };
  readonly text: string;
}

/** What the library stands on: the receive ring and the transmit ring of a stack, for UDP. */
export interface DatagramRing {
  /** Takes the next datagram that has arrived, for whichever port; null where none has. */
  take(): RingDatagram | null;
  /** Sends one. */
  put(datagram: RingDatagram): void;
}

/** What a learner's library offers. Errors are thrown, with POSIX's name in `code`. */
export interface DatagramSockets {
  socket(): number;
  bind(fd: number, port: number): void;
  sendto(fd: number, text: string, peer: { address: string; port: number }): void;
  recvfrom(fd: number): { text: string; peer: { address: string; port: number } } | null;
  /** Which of these have something to receive. */
  poll(fds: readonly number[]): number[];
  close(fd: number): void;
}

/** What a learner hands in. */
export type DatagramSocketsMaker = (ring: DatagramRing) => DatagramSockets;

export const PEER = { address: "10.0.0.1", port: 5000 } as const;

/** The ring that the judge holds the other end of. */
export class JudgesRing implements DatagramRing {
  readonly sent: RingDatagram[] = [];
  private readonly arrived: RingDatagram[] = [];

  /** A datagram comes off the wire. */
  arrive(port: number, text: string): void {
    this.arrived.push({ port, peer: PEER, text });
  }

  take(): RingDatagram | null {
    return this.arrived.shift() ?? null;
  }

  put(datagram: RingDatagram): void {
    this.sent.push(datagram);
  }
}
