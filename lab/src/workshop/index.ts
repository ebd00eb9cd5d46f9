/**
 * workshop: how do thirty learners and an instructor work on one machine at the same time? `agenda.ts` is what the room does
 * (read it first), `room.ts` who is in it and what was decided, `server.ts` what answers; `door.ts` tells who asks, `learner-seat.ts`
 * gives each learner copies, kernel and store of his own, `turns.ts` queues the measurements for the cores, `hall.ts` tells everybody
 * what is new. Its pages are in `course/browser`. `ringside workshop` starts it. Each kernel sees its own learner's
 * folder alone (`kernels/jupyter/own-view.sh`). It leaves out defence against malice, for learners' code runs with the instructor's rights, and rooms that one machine cannot carry: both are JupyterHub's.
 */
export { type Agenda, type Course, parseAgenda, type Section, totalMinutes } from "./agenda.js";
export { BOARD_ORDERS } from "./board-routes.js";
export { Hall, type HallSpec } from "./hall.js";
export { cleanName, distinctName } from "./learner-name.js";
export { LearnerSeat, type Shared, type Tab } from "./learner-seat.js";
export { endOrphans } from "./orphans.js";
export { roomPredictions } from "./predictions.js";
export { type PreflightSpec, preflight } from "./preflight.js";
export { type LearnerRecord, resultsCsv } from "./results.js";
export { DoorError, MOST_LEARNERS, Room } from "./room.js";
export { isRoomCode, newRoomCode } from "./room-code.js";
export { roomFolder } from "./room-folder.js";
export {
  type Begun,
  type Learner,
  type RoomState,
  type Served,
  type StateFile,
  stateFile,
} from "./room-state.js";
export { type RoomServer, type RoomServerSpec, serveRoom } from "./server.js";
export { readSolutions } from "./solutions.js";
export { startWorkshop, type Workshop, type WorkshopSpec } from "./start.js";
export { type Standing, type StoreView, standingOf } from "./store-view.js";
export { keepTurns, placeOf, type Turn, type Turns } from "./turns.js";
