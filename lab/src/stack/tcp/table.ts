// Finding a connection by its four numbers, of which three vary. The last one found is asked first: segments
// come in bursts of one connection.
import type { Tcb } from "./tcb.js";

/** All connections, half-open ones and those in TIME-WAIT included. */
export class ConnectionTable {
  /** By a mix of the three numbers that fits a small integer, since V8 makes an object of a larger number; whose mixes are alike form a chain. */
  private readonly chains = new Map<number, Tcb>();
  /** Connections of each local port. */
  private readonly ports = new Map<number, number>();
  private last: Tcb | null = null;
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** @param remoteAddress signed */
  find(localPort: number, remoteAddress: number, remotePort: number): Tcb | null {
    const { last } = this;
    if (last !== null && isFor(last, localPort, remoteAddress, remotePort)) return last;
    let tcb = this.chains.get(mix(localPort, remoteAddress, remotePort)) ?? null;
    while (tcb !== null && !isFor(tcb, localPort, remoteAddress, remotePort)) tcb = tcb.nextInChain;
    if (tcb !== null) this.last = tcb;
    return tcb;
  }

  add(tcb: Tcb): void {
    const key = keyOf(tcb);
    tcb.nextInChain = this.chains.get(key) ?? null;
    this.chains.set(key, tcb);
    this.ports.set(tcb.localPort, (this.ports.get(tcb.localPort) ?? 0) + 1);
    this.count++;
  }

  remove(tcb: Tcb): void {
    if (!this.unchain(tcb)) return;
    const others = this.ports.get(tcb.localPort)! - 1;
    if (others === 0) this.ports.delete(tcb.localPort);
    else this.ports.set(tcb.localPort, others);
    if (this.last === tcb) this.last = null;
    this.count--;
  }

  private unchain(tcb: Tcb): boolean {
    const key = keyOf(tcb);
    const first = this.chains.get(key) ?? null;
    if (first === tcb) {
      if (tcb.nextInChain === null) this.chains.delete(key);
      else this.chains.set(key, tcb.nextInChain);
    } else {
      let before = first;
      while (before !== null && before.nextInChain !== tcb) before = before.nextInChain;
      if (before === null) return false;
      before.nextInChain = tcb.nextInChain;
    }
    tcb.nextInChain = null;
    return true;
  }

  usesPort(localPort: number): boolean {
    return this.ports.has(localPort);
  }

  list(): Tcb[] {
    const all: Tcb[] = [];
    for (const first of this.chains.values())
      for (let tcb: Tcb | null = first; tcb !== null; tcb = tcb.nextInChain) all.push(tcb);
    return all;
  }
}

function isFor(tcb: Tcb, localPort: number, remoteAddress: number, remotePort: number): boolean {
  return tcb.remotePort === remotePort && tcb.localPort === localPort && tcb.remoteAddress === remoteAddress;
}

function keyOf({ localPort, remoteAddress, remotePort }: Tcb): number {
  return mix(localPort, remoteAddress, remotePort);
}

/** Peers at one address never share a chain; those who choose address and port to share one are no more than have connected. */
function mix(localPort: number, remoteAddress: number, remotePort: number): number {
  return remoteAddress ^ (localPort << 16) ^ remotePort;
}
