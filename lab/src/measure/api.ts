// What a cell calls as `measure.syscallCost` and so on: one promise for each experiment, by the course's chapters.
export * from "./cells/buffers.js";
export * from "./cells/bypass.js";
export * from "./cells/calls.js";
export * from "./cells/machine.js";
export * from "./cells/programs.js";
export * from "./cells/sockets.js";
export * from "./cells/stacks.js";
