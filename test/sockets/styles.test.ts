import { modelWorld } from "ringside/sockets";
import { describe } from "vitest";
import { styles } from "./styles.js";

describe("on our own stack", () => styles(() => modelWorld({ seed: 3 }), 1));
describe("on our own stack, over a wire that loses", () =>
  styles(() => modelWorld({ seed: 4, loss: 0.03 }), 1));
