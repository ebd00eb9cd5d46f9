/**
 * model: what would this come to on a machine that we do not have?
 *
 * Read `accept-costs.ts` (what a model is fed), `steal-rule.ts`, then `accept-machine.ts` (the simulation). Notebook
 * 14-sockets-and-cores draws it beside the papers' figures, badged as a model, and checks it against measurement on one core and
 * two. Left out: caches, NUMA, interrupts, anything that is not a cost in nanoseconds or a queue.
 */
export type { AcceptCosts, AcceptModel, AcceptModelOutcome, AcceptPolicy } from "./accept-costs.js";
export { runAcceptModel, speedUp } from "./accept-machine.js";
export { ACCEPT_PAPERS, type PaperFigure } from "./papers.js";
export { LOCAL_PER_STOLEN, type StealChoice, type StealView, stealRule } from "./steal-rule.js";
