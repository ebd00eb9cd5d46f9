// Exercises of notebook 13-batching-and-partitioning.
import type { Exercise } from "../types.js";
import { callsByHand } from "./13-batching-and-partitioning/calls-by-hand.js";
import { channel } from "./13-batching-and-partitioning/channel.js";

/** In the order of the notebook. */
export const batchingExercises: readonly Exercise<never>[] = [callsByHand, channel];
export type { CallCost, CallCosts } from "./13-batching-and-partitioning/calls-by-hand.js";
export type {
  Channel,
  ChannelCommand,
  ChannelCompletion,
  ChannelKernel,
  ChannelMaker,
} from "./13-batching-and-partitioning/channel.js";
export { callsByHand, channel };
