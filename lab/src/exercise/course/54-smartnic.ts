// The exercise of notebook 54.
export {
  type CardBudget,
  type OffloadCandidate,
  type OffloadChooser,
  underABudget,
} from "./54-smartnic/under-a-budget.js";
