// Exercises of notebook 41-tcp-in-user-space.
export {
  type ConnectionEvents,
  type EventBatch,
  type EventBatchMaker,
  eventBatch,
} from "./41-tcp-in-user-space/event-batch.js";
export {
  type RetransmissionTimer,
  retransmissionTimer,
  type TimerBounds,
  type TimerMaker,
} from "./41-tcp-in-user-space/retransmission-timer.js";
