export * from "./base/index.js";
export * from "./ring/index.js";
export * from "./stats/index.js";
