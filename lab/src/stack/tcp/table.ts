// Finding a connection by its four numbers, of which three vary. The last one found is asked first: segments
// come in bursts of one connection.
import type { Tcb } from "./tcb.js";

/** All connections, half-open ones and those in TIME-WAIT included. */
export class ConnectionTable {
  /** By local port, then by the peer's address and port in one number of 48 bits. */
  private readonly ports = new Map<number, Map<number, Tcb>>();
  private last: Tcb | null = null;
  private count = 0;

  get size(): number {
    return this.count;
  }

  find(localPort: number, remoteAddress: number, remotePort: number): Tcb | null {
    const { last } = this;
    if (
      last !== null &&
      last.remotePort === remotePort &&
      last.localPort === localPort &&
      last.remoteAddress === remoteAddress
    ) {
      return last;
    }
    const found = this.ports.get(localPort)?.get(remoteAddress * 65_536 + remotePort) ?? null;
    if (found !== null) this.last = found;
    return found;
  }

  add(tcb: Tcb): void {
    let peers = this.ports.get(tcb.localPort);
    if (peers === undefined) {
      peers = new Map();
      this.ports.set(tcb.localPort, peers);
    }
    peers.set(tcb.remoteAddress * 65_536 + tcb.remotePort, tcb);
    this.count++;
  }

  remove(tcb: Tcb): void {
    const peers = this.ports.get(tcb.localPort);
    const key = tcb.remoteAddress * 65_536 + tcb.remotePort;
    if (peers?.get(key) !== tcb) return;
    peers.delete(key);
    if (peers.size === 0) this.ports.delete(tcb.localPort);
    if (this.last === tcb) this.last = null;
    this.count--;
  }

  usesPort(localPort: number): boolean {
    return this.ports.has(localPort);
  }

  list(): Tcb[] {
    return [...this.ports.values()].flatMap((peers) => [...peers.values()]);
  }
}
