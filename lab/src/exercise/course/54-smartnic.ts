// The exercise of notebook 54.
export type { CardBudget, OffloadCandidate, OffloadChooser } from "./54-smartnic/offload-choice.js";
export { underABudget } from "./54-smartnic/under-a-budget.js";
