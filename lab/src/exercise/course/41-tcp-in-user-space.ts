// Exercises of notebook 41-tcp-in-user-space.
export {
  type RetransmissionTimer,
  retransmissionTimer,
  type TimerBounds,
  type TimerMaker,
} from "./41-tcp-in-user-space/retransmission-timer.js";
