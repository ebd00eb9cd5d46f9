// Exercises of notebook 33-af-xdp.
import type { Exercise } from "../types.js";
import { answerPing } from "./33-af-xdp/answer-ping.js";
import { findTheLeak } from "./33-af-xdp/find-the-leak.js";
import { receiveLoop } from "./33-af-xdp/receive-loop.js";

/** In the order of the notebook. */
export const afXdpExercises: readonly Exercise<never>[] = [receiveLoop, findTheLeak, answerPing];
export type { FramePicture, LeakFinder } from "./33-af-xdp/find-the-leak.js";
export { type PingRun, pingThrough } from "./33-af-xdp/ping-live.js";
export type { PingAnswerer, PingSocket } from "./33-af-xdp/ping-table.js";
export type { ReceiveLoop } from "./33-af-xdp/receive-table.js";
export { answerPing, findTheLeak, receiveLoop };
