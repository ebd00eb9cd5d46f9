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

test.each(["xdp-tx-generic", "xdp-redirect-generic"] as const)(
  "%s needs native XDP, too: a native program at the far end counts what it sends on",
  async (name) => {
    const answers = await pathsAvailable([probe("genericXdp", "yes"), probe("nativeXdp", "no")]);
    const lacking = answers.find(({ path }) => path.name === name)!.missing;
    expect(lacking.map((missing) => missing.name)).toEqual(["nativeXdp"]);
  },
);

test("every path that is fed by frames needs the kernel's live frames, and every way out a native far end", async () => {
  const fed = await pathsAvailable([probe("liveFrames", "no")]);
  expect(fed.filter(({ missing }) => missing.length > 0).map(({ path }) => path.name)).toEqual(
    paths.filter(({ load }) => load === "frames").map(({ name }) => name),
  );
  const out = await sendPathsAvailable([probe("nativeXdp", "no")]);
  expect(out.every(({ missing }) => missing.length === 1)).toBe(true);
});

test.each([
  ["io-uring-multishot", "ioUringMultishot"],
  ["io-uring-sqpoll", "ioUringSqpoll"],
] as const)("%s needs its own part of io_uring", async (path, feature) => {
  const answers = await pathsAvailable([probe("ioUring", "yes"), probe(feature, "no")]);
  expect(answers.filter(({ missing }) => missing.length > 0).map((answer) => answer.path.name)).toEqual([
    path,
  ]);
});
