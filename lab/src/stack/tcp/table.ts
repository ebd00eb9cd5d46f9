// Finding a connection by its four numbers, of which three vary. The last one found is asked first: segments
// come in bursts of one connection. The others stand in chains, found by a mix of the three numbers; there are as many chains as
// connections, or more. `Map` would do, but to add and remove an entry in turn makes it build itself anew every few times.
import type { Tcb } from "./tcb.js";

const FIRST_CHAINS = 64;

/** All connections, half-open ones and those in TIME-WAIT included. */
export class ConnectionTable {
  /** First of each chain; a power of two of them. */
  private chains: (Tcb | null)[] = noChains(FIRST_CHAINS);
  private last: Tcb | null = null;
  private count = 0;
  private readonly salt: number;

  /** @param salt 32 bits that nobody else knows: who does not know them cannot choose ports that share a chain */
  constructor(salt: number) {
    this.salt = salt;
  }

  get size(): number {
    return this.count;
  }

  /** @param remoteAddress signed */
  find(localPort: number, remoteAddress: number, remotePort: number): Tcb | null {
    const { last } = this;
    if (last !== null && isFor(last, localPort, remoteAddress, remotePort)) return last;
    let tcb = this.chains[this.chainOf(localPort, remoteAddress, remotePort)];
    while (tcb !== null && !isFor(tcb, localPort, remoteAddress, remotePort)) tcb = tcb.nextInChain;
    if (tcb !== null) this.last = tcb;
    return tcb;
  }

  add(tcb: Tcb): void {
    if (this.count === this.chains.length) this.grow();
    this.count++;
    this.put(tcb);
  }

  remove(tcb: Tcb): void {
    const chain = this.chainFor(tcb);
    let before: Tcb | null = null;
    let here = this.chains[chain];
    while (here !== null && here !== tcb) {
      before = here;
      here = here.nextInChain;
    }
    if (here === null) return;
    if (before === null) this.chains[chain] = tcb.nextInChain;
    else before.nextInChain = tcb.nextInChain;
    tcb.nextInChain = null;
    if (this.last === tcb) this.last = null;
    this.count--;
  }

  /** Looks at every connection: for the rare listener that takes any free port. */
  usesPort(localPort: number): boolean {
    return this.list().some((tcb) => tcb.localPort === localPort);
  }

  list(): Tcb[] {
    const all: Tcb[] = [];
    for (const first of this.chains) for (let tcb = first; tcb !== null; tcb = tcb.nextInChain) all.push(tcb);
    return all;
  }

  private put(tcb: Tcb): void {
    const chain = this.chainFor(tcb);
    tcb.nextInChain = this.chains[chain];
    this.chains[chain] = tcb;
  }

  private grow(): void {
    const all = this.list();
    this.chains = noChains(2 * this.chains.length);
    for (const tcb of all) this.put(tcb);
  }

  private chainFor({ localPort, remoteAddress, remotePort }: Tcb): number {
    return this.chainOf(localPort, remoteAddress, remotePort);
  }

  /** The multiplications carry every bit up, and the high ones are taken. @source D. Knuth, The Art of Computer Programming 3, section 6.4 (multiplicative hashing) */
  private chainOf(localPort: number, remoteAddress: number, remotePort: number): number {
    const ports = Math.imul((localPort << 16) ^ remotePort ^ this.salt, 0x9e3779b1);
    const mixed = Math.imul(ports ^ (ports >>> 15) ^ remoteAddress, 0x85ebca6b);
    return (mixed ^ (mixed >>> 16)) & (this.chains.length - 1);
  }
}

function noChains(count: number): (Tcb | null)[] {
  return new Array<Tcb | null>(count).fill(null);
}

function isFor(tcb: Tcb, localPort: number, remoteAddress: number, remotePort: number): boolean {
  return tcb.remotePort === remotePort && tcb.localPort === localPort && tcb.remoteAddress === remoteAddress;
}
