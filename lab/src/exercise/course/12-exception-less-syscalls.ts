// FlexSC's syscall page: both ends of asking without an exception, in a dozen lines.
import { type Exercise, type Scenario, scenario } from "../types.js";
import { describeValue } from "../values.js";
import {
  complete,
  completeInVain,
  kernelRuns,
  type PageTable,
  setPage,
  submit,
  submitInVain,
} from "./12-exception-less-syscalls/page-table.js";
import type { PageClientMaker } from "./12-exception-less-syscalls/syscall-page.js";

const given = "a page of 4 entries, all free";

const scenarios: Scenario<PageClientMaker>[] = [
  scenario<PageClientMaker, PageTable>({
    name: "one call",
    given,
    start: (mine) => setPage(mine, 4),
    steps: [completeInVain, submit, completeInVain, kernelRuns(1), complete, completeInVain],
  }),
  scenario<PageClientMaker, PageTable>({
    name: "a kernel in a hurry",
    given: `${given}; the kernel executes a call in the moment in which its status says submitted`,
    start: (mine) => setPage(mine, 4, true),
    steps: [submit, complete, submit, submit, complete, complete],
  }),
  scenario<PageClientMaker, PageTable>({
    name: "a full page, answered out of order",
    given,
    start: (mine) => setPage(mine, 4),
    steps: [
      ...[submit, submit, submit, submit, submitInVain],
      ...[kernelRuns(1), complete, submit, kernelRuns(2), complete, complete, completeInVain],
      ...[kernelRuns(2), complete, complete],
    ],
  }),
  scenario<PageClientMaker, PageTable>({
    name: "round and round",
    given: "a page of 2 entries, used ten times over",
    start: (mine) => setPage(mine, 2),
    steps: Array.from({ length: 10 }, () => [submit, submit, kernelRuns(2), complete, complete]).flat(),
  }),
];

/** Notebook 12: `check("12-exception-less-syscalls/syscall-page", makeClient)`. */
export const syscallPage: Exercise<PageClientMaker> = {
  id: "12-exception-less-syscalls/syscall-page",
  title: "A syscall page's submit and complete",
  points: 4,
  starterSteps: 1,
  needs: [],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `syscall-page: expected a function makeClient(page), your code handed in ${describeValue(mine)}`,
  hints: [
    "whose turn is it? The program may touch an entry while it is free or done, the kernel while it is submitted or busy. The status is the only word that both look at.",
    "the status is what the other side waits for, so it is written last: first call and argument, then submitted; first the result into a variable of yours, then free.",
    "submit looks for an entry whose status is free and returns null where there is none; complete looks for any entry that is done, not for the oldest.",
  ],
  wrongAnswers: [
    {
      name: "submits before writing",
      hint: "in the moment in which the status says submitted, the kernel may read the entry; then it executes what was in it before. Write first, submit last.",
    },
    {
      name: "writes into an entry in use",
      hint: "an entry that is not free holds a call under way or an answer that nobody has taken. Look for a free one; where there is none, the answer is null.",
    },
    {
      name: "takes what is not done",
      hint: "the result of an entry that the kernel has not finished is whatever was there before. Only done means that there is an answer.",
    },
    {
      name: "frees before reading",
      hint: "once its status says free, the entry belongs to whoever submits next. Read the result first.",
    },
    {
      name: "never frees an entry",
      hint: "an answer that was taken leaves its entry done for ever, and the page runs full. complete gives the entry back.",
    },
    {
      name: "waits for the oldest",
      hint: "the kernel executes entries in the order it likes. Look at every entry for one that is done.",
    },
    {
      name: "does the kernel's part",
      hint: "busy and done are the kernel's words; the program writes submitted and free.",
    },
  ],
  scenarios,
};
export type {
  EntryStatus,
  PageClient,
  PageClientMaker,
  SyscallPage,
} from "./12-exception-less-syscalls/syscall-page.js";
