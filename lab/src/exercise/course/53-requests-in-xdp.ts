// Exercises of notebook 53, one file each in the folder of that name.
import type { Exercise } from "../types.js";
import { answerGet } from "./53-requests-in-xdp/answer.js";
import { keepItTrue } from "./53-requests-in-xdp/keep-it-true.js";

export { answerGet } from "./53-requests-in-xdp/answer.js";
export {
  keepItTrue,
  type RequestCache,
  type RequestHandler,
  type RequestServer,
  type StoreRequest,
  type VersionedValue,
} from "./53-requests-in-xdp/keep-it-true.js";

/** In the order of the notebook. */
export const requestExercises: readonly Exercise<unknown>[] = [
  answerGet as Exercise<unknown>,
  keepItTrue as Exercise<unknown>,
];
