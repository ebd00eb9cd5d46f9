// For a receiver that shall lose nothing: no more packets on their way than its queues hold. What does not come for a while is
// taken for lost, so that nothing hangs.

/** What has not come after so long is not waited for, in ms. */
const LOST_MS = 500;

/**
 * Allows so many packets on their way.
 *
 * @param far counts the packets that came, of this run
 * @param inFlight most packets that were sent and have not come
 * @returns for the injector's `allow`
 */
export function flowControl(far: { received(): number }, inFlight: number): (sent: number) => number {
  let [gone, last, lastMs] = [0, 0, performance.now()];
  return (sent) => {
    const received = far.received();
    if (received !== last) [last, lastMs] = [received, performance.now()];
    const onTheirWay = sent - received - gone;
    if (onTheirWay > 0 && performance.now() - lastMs > LOST_MS) {
      gone += onTheirWay;
      lastMs = performance.now();
    }
    return inFlight - (sent - received - gone);
  };
}
