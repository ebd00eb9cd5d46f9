import { defineConfig } from "vitest/config";

// A test is no learner: nothing that it checks or measures is kept as progress.
const env = { RINGSIDE_PROGRESS: "off" };

const LIVE = "test/**/*.live.test.ts";

/**
 * Live files that start servers and kernels, and bear another beside them: they time nothing, count no events but those of their own
 * namespaces, rest on nothing that the gate could refuse, look for nobody's leftovers, run no `ringside reset`, and have folders and
 * ports of their own. A file comes here when it was seen green beside another.
 */
const LIVE_IN_PAIRS = [
  "test/course/dropped.live.test.ts",
  "test/course/hostile.live.test.ts",
  "test/course/resilience.live.test.ts",
];

const live = { env, pool: "forks", testTimeout: 60_000, hookTimeout: 60_000 } as const;

// Three projects, one after the other. `pure` runs anywhere and in parallel. `live` touches this machine's kernel as root, so its files run
// one at a time: what they count and time is the machine's. `live-pairs` runs two at a time.
export default defineConfig({
  test: {
    reporters: ["default", "./test/summary-reporter.ts"],
    projects: [
      {
        test: {
          name: "pure",
          env,
          include: ["test/**/*.test.ts"],
          exclude: [LIVE],
          // A test that compiles takes seconds, and several times as long beside others on a busy machine.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          ...live,
          name: "live",
          include: [LIVE],
          exclude: LIVE_IN_PAIRS,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...live,
          name: "live-pairs",
          include: LIVE_IN_PAIRS,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
