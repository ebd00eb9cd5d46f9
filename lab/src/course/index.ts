/**
 * course: how does a learner see the whole course on one page? A server (`page-server.ts`) shows the notebooks, keeps what
 * is typed in copies of the learner's own (`sheet.ts`, read it first; `merge-course.ts`), runs their cells on the kernel that
 * Jupyter shares (`worker.ts`), and tells every open tab what is new (`events.ts`). The page itself is in `browser/`, which
 * begins at `main.ts`; `protocol.ts` is what the two say to each other. Every notebook can be worked at in it. It leaves out
 * the workshop: more than one learner, and the instructor's board.
 */

export { COPIES } from "./desk.js";
export { parseGlossary, type Term } from "./glossary.js";
export { digest, type Merged, mergeCourse } from "./merge-course.js";
export { type CoursePage, type CoursePageSpec, startCoursePage } from "./page-server.js";
export type * from "./protocol.js";
