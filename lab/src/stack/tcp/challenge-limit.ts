// A challenge ack answers whoever may have made a segment up, and so would help him to flood the peer; so there are only so many.

/** Over all connections. */
const CHALLENGES_PER_SECOND = 100;

/** Challenge acks of the running second. @source RFC 5961 section 7 */
export class ChallengeLimit {
  private count = 0;
  private sinceMs = 0;

  /** Counts one. @param nowMs of the stack's clock @returns Whether it may be sent. */
  mayChallenge(nowMs: number): boolean {
    if (nowMs - this.sinceMs >= 1000) {
      this.sinceMs = nowMs;
      this.count = 0;
    }
    return ++this.count <= CHALLENGES_PER_SECOND;
  }
}
