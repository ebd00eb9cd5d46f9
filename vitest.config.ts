import { defineConfig } from "vitest/config";

// Two projects: `pure` runs anywhere and in parallel; `live` touches this machine's kernel as root,
// so its files run one at a time, and only once every pure one is done: what they count and time is the machine's.
// A test is no learner: nothing that it checks or measures is kept as progress.
const env = { RINGSIDE_PROGRESS: "off" };

export default defineConfig({
  test: {
    reporters: ["default", "./test/summary-reporter.ts"],
    projects: [
      {
        test: {
          name: "pure",
          env,
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.live.test.ts"],
          // A test that compiles takes seconds, and several times as long beside others on a busy machine.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "live",
          env,
          include: ["test/**/*.live.test.ts"],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          pool: "forks",
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
