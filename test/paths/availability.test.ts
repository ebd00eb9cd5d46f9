// What a machine lacks is said of each path that needs it, in either direction, and of no other.
import { describeMissing, paths, pathsAvailable, sendPaths, sendPathsAvailable } from "ringside/paths";
import type { Probe, ProbeName } from "ringside/sys";
import { expect, test } from "vitest";

const probe = (name: ProbeName, state: Probe["state"]): Probe =>
  ({ name, state, reason: "EAFNOSUPPORT", next: "use the VM" }) as Probe;
const NO_AF_XDP = [probe("afXdpCopy", "no"), probe("veth", "yes"), probe("ioUring", "yes")];

test.each([
  ["in", paths, pathsAvailable],
  ["out", sendPaths, sendPathsAvailable],
] as const)(
  "without AF_XDP the paths %s that need it are missing, and the others are not",
  async (_way, all, available) => {
    const answers = await available(NO_AF_XDP);
    expect(answers.map(({ path }) => path.name)).toEqual(all.map(({ name }) => name));
    const lacking = answers.filter(({ missing }) => missing.length > 0);
    expect(lacking.map(({ path }) => path.name)).toEqual(
      all.filter(({ needs }) => needs.includes("afXdpCopy")).map(({ name }) => name),
    );
    expect(lacking.length).toBeGreaterThan(0);
    expect(lacking.length).toBeLessThan(answers.length);
    expect(describeMissing(lacking[0]!.missing)).toBe("afXdpCopy: EAFNOSUPPORT -> use the VM");
  },
);
