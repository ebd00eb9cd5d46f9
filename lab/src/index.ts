export * from "./base/index.js";
export * from "./bpf/index.js";
export * from "./packet/index.js";
export * from "./ring/index.js";
export * from "./stats/index.js";
export * from "./sys/index.js";
export * from "./trace/index.js";
