import { type PathsRequest, pathsRequest, understand, verbs } from "ringside/cli";
import { paths } from "ringside/paths";
import { describe, expect, test } from "vitest";

/** What `ringside bench paths` makes of these words. */
function asked(words: string): PathsRequest {
  const command = understand(["bench", "paths", ...words.split(" ").filter(Boolean)], verbs);
  if (command.kind !== "run") throw new Error(`expected "bench paths ${words}" to be understood`);
  return pathsRequest(command.request, paths);
}

describe("bench paths is asked", () => {
  test("for everything, unless told otherwise", () => {
    const none = { sweep: null, ratesPps: null };
    expect(asked("")).toEqual({ paths: [], frameBytes: 60, batch: 64, touch: "headers", ...none });
  });

  test("for some paths under a load of one's own", () => {
    expect(asked("udp-recvmmsg xdp-drop --bytes 1514 --batch 1 --touch all")).toEqual({
      paths: ["udp-recvmmsg", "xdp-drop"],
      ...{ frameBytes: 1514, batch: 1, touch: "bytes", sweep: null, ratesPps: null },
    });
    expect(asked("--imix --touch nothing")).toMatchObject({ frameBytes: "imix", touch: "nothing" });
  });

  test("for a sweep, of three paths unless some are named", () => {
    const three = ["packet-mmap", "udp-recvmmsg", "xdp-need-wakeup"];
    expect([...asked("--sweep bytes").paths].sort()).toEqual(three);
    expect(asked("--sweep bytes").sweep).toBe("frameBytes");
    expect(asked("--sweep batch xdp-poll")).toMatchObject({ paths: ["xdp-poll"], sweep: "batch" });
    expect(asked("--sweep bytes xdp-drop dpdk-af-xdp").paths).toEqual(["dpdk-af-xdp", "xdp-drop"]);
  });

  test("for rates that are set, each once and the lowest first, under a load of one's own", () => {
    expect(asked("--rate 1000000").ratesPps).toEqual([1_000_000]);
    expect(asked("xdp-drop --rate 5000,1000,5000 --imix --batch 8")).toEqual({
      paths: ["xdp-drop"],
      ...{ frameBytes: "imix", batch: 8, touch: "headers", sweep: null, ratesPps: [1000, 5000] },
    });
  });

  test.each([
    ["udp-recvmsgs", /^Cannot bench udp-recvmsgs: no such path -> did you mean udp-recvmsg\?$/],
    ["--bytes 59", /^Cannot bench --bytes 59: Ethernet has 60 to 1514 -> try --bytes 60$/],
    ["--bytes 64.5", /^Cannot bench --bytes 64\.5: /],
    ["--imix --bytes 60", /^Cannot bench --imix with --bytes: .* -> give one of the two$/],
    ["--batch 0", /^Cannot bench --batch 0: a batch has 1 to 512 -> try --batch 64$/],
    ["--batch 1e2", /^Cannot bench --batch 1e2: /],
    ["--touch bytes", /^Cannot bench --touch bytes: no such choice -> there are nothing, headers, all$/],
    ["--sweep toString", /^Cannot bench --sweep toString: no such choice -> there are bytes, batch, touch$/],
    ["--sweep bytes --batch 4", /^Cannot bench --sweep bytes with --batch: .* -> leave out --batch$/],
    ["--sweep touch --imix", /^Cannot bench --sweep touch with --imix: /],
    [
      "--sweep touch xdp-drop",
      /^Cannot bench --sweep touch of xdp-drop: no program of ours .* -> name paths /,
    ],
    [
      "--rate 0",
      /^Cannot bench --rate 0: "0" is no whole number .* 1 to 20000000 -> try --rate 100000,1000000$/,
    ],
    ["--rate 1000,", /^Cannot bench --rate 1000,: "" is no whole number /],
    ["--rate 1e6", /^Cannot bench --rate 1e6: "1e6" is no whole number /],
    ["--rate 20000001", /^Cannot bench --rate 20000001: /],
    ["--rate 1000 --touch all", /^Cannot bench --rate 1000 with --touch: .* -> leave out --touch$/],
    ["--rate 1000 --sweep bytes", /^Cannot bench --rate 1000 with --sweep: .* -> leave out --sweep$/],
    ["--rate 1000 dpdk-null", /^Cannot bench --rate 1000 of dpdk-null: it makes its packets itself/],
    ["--sweep bytes dpdk-null", /^Cannot bench --sweep bytes of dpdk-null: /],
    [
      `--sweep bytes ${paths
        .slice(0, 8)
        .map(({ name }) => name)
        .join(" ")}`,
      /of 8 paths: .* -> name 7 at most$/,
    ],
  ])("and refuses %s in one line that says what would do", (words, message) => {
    expect(() => asked(words)).toThrow(message);
  });
});
