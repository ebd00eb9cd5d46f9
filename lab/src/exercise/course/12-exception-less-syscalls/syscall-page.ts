// FlexSC's syscall page, and a model of the kernel behind it: entries in memory that both sides see, each with a status that says
// whose turn it is. Every access of the learner is noted; one at the wrong moment would be a race with a real kernel.
// @source Soares, Stumm: FlexSC, OSDI 2010, section 3.1 and figure 3
import { BudgetError } from "../../watch.js";

/** Whose turn it is: the program's while free and done, the kernel's while submitted and busy. */
export type EntryStatus = "free" | "submitted" | "busy" | "done";

/** Memory that program and kernel share: entries 0 to size - 1. */
export interface SyscallPage {
  readonly size: number;
  status(entry: number): EntryStatus;
  setStatus(entry: number, status: EntryStatus): void;
  /** Writes down what is asked. */
  write(entry: number, call: string, argument: number): void;
  /** What the kernel answered. */
  result(entry: number): number;
}

/** What a program does with a page. */
export interface PageClient {
  /** Asks without waiting. @returns the entry, or null where none is free */
  submit(call: string, argument: number): number | null;
  /** Takes one answer, if there is any, and frees its entry. */
  complete(): { entry: number; result: number } | null;
}

/** Makes a client of a page. */
export type PageClientMaker = (page: SyscallPage) => PageClient;

interface Entry {
  status: EntryStatus;
  call: string;
  argument: number;
  result: number;
}

const BUDGET = 2000;

/** What the model's kernel answers. */
export function answerTo(call: string, argument: number): number {
  return call === "read" ? argument * 2 : argument + 1000;
}

/** The page with the kernel's side, and a note of what the program did at the wrong moment. */
export class ModelPage implements SyscallPage {
  readonly size: number;
  /** Names of wrong answers that only these accesses can come from. */
  readonly violations: string[] = [];
  /** The kernel takes an entry in the moment in which it is submitted. */
  eager = false;
  private readonly entries: Entry[];
  private justSubmitted = -1;
  private left = BUDGET;

  constructor(size: number) {
    this.size = size;
    this.entries = Array.from({ length: size }, () => ({
      status: "free",
      call: "",
      argument: 0,
      result: -1,
    }));
  }

  status(entry: number): EntryStatus {
    return this.at(entry, "status").status;
  }

  setStatus(entry: number, status: EntryStatus): void {
    const found = this.at(entry, "setStatus");
    if (status === "busy" || status === "done") this.violations.push("does the kernel's part");
    if (status === "free" && (found.status === "submitted" || found.status === "busy"))
      this.violations.push("takes what is not done");
    found.status = status;
    this.justSubmitted = status === "submitted" ? entry : -1;
    if (status === "submitted" && this.eager) this.run(entry);
  }

  write(entry: number, call: string, argument: number): void {
    const found = this.at(entry, "write");
    if (entry === this.justSubmitted) this.violations.push("submits before writing");
    else if (found.status !== "free") this.violations.push("writes into an entry in use");
    found.call = call;
    found.argument = argument;
  }

  result(entry: number): number {
    const found = this.at(entry, "result");
    if (found.status === "free") this.violations.push("frees before reading");
    else if (found.status !== "done") this.violations.push("takes what is not done");
    // A free entry may belong to somebody else by now.
    return found.status === "free" ? -1 : found.result;
  }

  /** The kernel executes one entry. */
  run(entry: number): void {
    const found = this.entries[entry]!;
    found.result = answerTo(found.call, found.argument);
    found.status = "done";
    this.justSubmitted = -1;
  }

  /** Entries of a status, without the learner noticing. */
  entriesThatAre(status: EntryStatus): number[] {
    return this.entries.flatMap((entry, i) => (entry.status === status ? [i] : []));
  }

  /** What is asked in an entry, in words. */
  asked(entry: number): string {
    const { call, argument } = this.entries[entry]!;
    return `${call}(${argument})`;
  }

  private at(entry: number, operation: string): Entry {
    if (--this.left < 0)
      throw new BudgetError(`stopped at ${operation} after ${BUDGET} accesses: does your loop end?`);
    const found = this.entries[entry];
    if (found !== undefined) return found;
    throw new RangeError(
      `Cannot ${operation} of entry ${entry}: the page has entries 0 to ${this.size - 1} -> stop before page.size`,
    );
  }

  /** Grants a new budget, at the start of each step. */
  restart(): void {
    this.left = BUDGET;
    this.violations.length = 0;
  }
}
