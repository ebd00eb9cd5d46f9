// What the DPDK paths that send back have in common: testpmd's macswap on a port, and a program at the far end that counts what
// comes back. What testpmd says it sent is not counted.
import type { PortDriver } from "../dpdk/index.js";
import { installPort } from "./dpdk-port.js";
import type { Elsewhere, Site } from "./path.js";
import { openWayBack } from "./way-back.js";

/** As a latency's end it reads: until ... */
export const FRAME_IS_BACK = "a program on the injecting interface sees the frame come back: a round trip";

/** Starts testpmd on the interface of `site`, sending back what comes. */
export async function installWayBack(driver: PortDriver, site: Site): Promise<Elsewhere> {
  const back = openWayBack(site.testbed, site.timed);
  const port = await installPort(driver, site, "macswap");
  return {
    ...(back.times && { times: back.times }),
    counts: () => back.tally(),
    drops: () => [...port.drops(), ...back.drops()],
    wake: () => port.wake!(),
    rest: () => port.rest!(),
    worker: port.worker!,
    get ended() {
      return port.ended!;
    },
    close: () => port.close(),
  };
}
