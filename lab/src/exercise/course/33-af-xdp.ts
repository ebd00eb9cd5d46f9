// Exercises of notebook 33-af-xdp.
import type { Exercise } from "../types.js";
import { findTheLeak } from "./33-af-xdp/find-the-leak.js";
import { receiveLoop } from "./33-af-xdp/receive-loop.js";

/** In the order of the notebook. */
export const afXdpExercises: readonly Exercise<never>[] = [receiveLoop, findTheLeak];
export type { FramePicture, LeakFinder } from "./33-af-xdp/find-the-leak.js";
export type { ReceiveLoop } from "./33-af-xdp/receive-table.js";
export { findTheLeak, receiveLoop };
