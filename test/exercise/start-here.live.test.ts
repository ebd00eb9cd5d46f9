// The exercises of 00-start-here ask this machine, and one makes networks on it.
import { execFileSync } from "node:child_process";
import { probeAll } from "ringside/sys";
import { expect, test } from "vitest";
import { fixture as readYourReport } from "./fixtures/00-start-here/read-your-report.js";
import { fixture as repairAFault } from "./fixtures/00-start-here/repair-a-fault.js";
import { testExercise } from "./fixtures/fixture.js";

const namespaces = (): string[] =>
  execFileSync("ip", ["netns", "list"], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes(String(process.pid)));

testExercise(readYourReport(await probeAll()));
testExercise(repairAFault);

test("the networks with the fault are gone when the checks are over", () => {
  expect(namespaces()).toEqual([]);
});
