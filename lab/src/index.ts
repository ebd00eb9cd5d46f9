export * from "./base/index.js";
export * from "./ring/index.js";
