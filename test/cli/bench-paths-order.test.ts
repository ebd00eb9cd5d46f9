import { orderWords } from "ringside/cli";
import { expect, test } from "vitest";

type Outcome = Parameters<typeof orderWords>[0][number];

const outcome = (name: Outcome["name"], title: string, medianPps: number, ns: number | null): Outcome => ({
  name,
  title,
  max: { medianPps } as Outcome["max"],
  oneCpu: ns === null ? null : ({ medianNs: ns } as Outcome["oneCpu"]),
});

test("says that AF_XDP's receive and a generic drop may tie by rate, with the figures of the run", () => {
  const paths = [
    outcome("xdp-need-wakeup", "rings", 2.31e6, 320.4),
    outcome("xdp-drop-generic", "generic", 2.28e6, 431),
  ];
  const [words] = orderWords(paths);
  expect(words).toMatch(/^rings and generic may tie by rate.*\(here 2\.31 and 2\.28 Mpps\)/);
  expect(words).toMatch(/On one CPU a packet costs them 320 and 431 ns\.$/);
});

test("says nothing of costs that were not measured, and nothing at all where one of the two is missing", () => {
  const rings = outcome("xdp-need-wakeup", "rings", 2e6, null);
  expect(orderWords([rings, outcome("xdp-drop-generic", "generic", 2e6, null)])[0]).toMatch(/needs one\.$/);
  expect(orderWords([rings])).toEqual([]);
});
