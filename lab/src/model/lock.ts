// A lock that cores wait for by spinning. Passing it on costs the more the more of them wait, because each of them has the lock's cache
// line and must be told: that is how a lock can make a machine slower with every core (Boyd-Wickizer et al., "Non-scalable
// locks are dangerous", OLS 2012).

/** When a core that asks now will be done with the lock. */
export class ModelLock {
  private freeAtNs = 0;
  private lastHolder = -1;
  /** Times at which those that wait, or hold it, will be done. */
  private pending: number[] = [];
  /** Time that cores spent waiting, all together. */
  waitedNs = 0;

  /**
   * Takes the lock as soon as it is free, first come first served.
   *
   * @returns The time at which this core lets go of it again.
   */
  take(core: number, nowNs: number, holdNs: number, handoverNs: number): number {
    if (holdNs === 0) return nowNs;
    this.pending = this.pending.filter((doneNs) => doneNs > nowNs);
    const passes = this.lastHolder >= 0 && this.lastHolder !== core;
    const handover = passes ? handoverNs * (1 + this.pending.length) : 0;
    const startNs = Math.max(nowNs, this.freeAtNs) + handover;
    this.waitedNs += startNs - nowNs;
    this.freeAtNs = startNs + holdNs;
    this.lastHolder = core;
    this.pending.push(this.freeAtNs);
    return this.freeAtNs;
  }
}
