// Exercises of notebook 35, one file each in the folder of that name.
import type { Exercise } from "../types.js";
import { burstLoop } from "./35-dpdk/burst-loop.js";
import { mempool } from "./35-dpdk/mempool.js";

export { type BurstLoop, burstLoop, type RxPort, type TxPort } from "./35-dpdk/burst-loop.js";
export { type Mempool, type MempoolMaker, mempool } from "./35-dpdk/mempool.js";

/** In the order of the notebook. */
export const dpdkExercises: readonly Exercise<unknown>[] = [
  mempool as Exercise<unknown>,
  burstLoop as Exercise<unknown>,
];
