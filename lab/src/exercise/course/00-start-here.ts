// Exercises of notebook 00-start-here.
import type { Exercise } from "../types.js";
import { readYourReport } from "./00-start-here/read-your-report.js";
import { repairAFault } from "./00-start-here/repair-a-fault.js";

/** In the order of the notebook. */
export const startHereExercises: readonly Exercise<never>[] = [readYourReport, repairAFault];
export type { MachineReport } from "./00-start-here/read-your-report.js";
export type { FaultRepair } from "./00-start-here/repair-a-fault.js";
export { readYourReport, repairAFault };
