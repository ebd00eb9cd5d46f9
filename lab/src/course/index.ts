/**
 * course: how does a learner see the whole course on one page? A server (`page-server.ts`) shows the notebooks, keeps what is
 * typed in copies of the learner's own (`sheet.ts`, read it first; `merge-course.ts`), runs their cells on the kernel that
 * Jupyter shares (`worker.ts`; `job.ts` and `run-mark.ts` say how a run outlives this server), and tells every open tab what is
 * new (`events.ts`). The page itself is in `browser/`, which begins at `main.ts`; `protocol.ts` is what the two say to each
 * other. Every notebook can be worked at in it. It leaves out more than one learner: that is `workshop`, whose pages are in
 * `browser/` too, and speak `room-protocol.ts`.
 */

export { comesFromUs, cookieOf, isSameSecret, newToken, secretCookie } from "./access.js";
export { type Assets, openAssets } from "./assets.js";
export { COPIES, Desk, type DeskSpec, type Open } from "./desk.js";
export { sendPage, sendRefusal, sendWelcome } from "./documents.js";
export { openEventStream, type Wish } from "./events.js";
export { parseGlossary } from "./glossary.js";
export { MachineWatch } from "./machine.js";
export { digest, type Merged, mergeCourse } from "./merge-course.js";
export { type CoursePage, type CoursePageSpec, fail, listen, startCoursePage } from "./page-server.js";
export type * from "./protocol.js";
export {
  booleanField,
  numberField,
  RequestError,
  readJson,
  secureHeaders,
  sendJson,
  sendText,
  textField,
} from "./reply.js";
export type * from "./room-protocol.js";
export { answerOrder, answerQuestion, type Seat } from "./routes.js";
