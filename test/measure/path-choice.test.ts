// A comparison goes on without the paths that a machine cannot open, and says of each why; what it has none of it refuses by name.
import { type Context, choosePaths, openWhatOpens } from "ringside/measure";
import { paths, type Stage, type StageSpec } from "ringside/paths";
import type { Probe, ProbeName } from "ringside/sys";
import { describe, expect, test } from "vitest";

const NAMES = [...new Set(paths.flatMap(({ needs }) => needs))];

/** A machine that has all but some features. */
function machineWithout(...lacking: readonly ProbeName[]): Probe[] {
  return NAMES.map((name) => {
    const missing = lacking.includes(name);
    const facts = { name, what: name, ...(missing ? { reason: "EAFNOSUPPORT", next: "use the VM" } : {}) };
    return { reason: "", next: "", ...facts, state: missing ? "no" : "yes" } as unknown as Probe;
  });
}

describe("of the paths that are wanted", () => {
  test("those that the machine cannot open are named with the reason, and the others are found", async () => {
    const wanted = ["udp-recvmsg", "xdp-need-wakeup", "xdp-drop"] as const;
    const { found, missing } = await choosePaths(wanted, machineWithout("afXdpCopy"));
    expect(found.map(({ name }) => name)).toEqual(["udp-recvmsg", "xdp-drop"]);
    expect(missing).toEqual([
      {
        name: "xdp-need-wakeup",
        title: expect.any(String),
        reason: "afXdpCopy: EAFNOSUPPORT -> use the VM",
      },
    ]);
  });

  test("each one that there is is either found or missing", async () => {
    for (const lacking of NAMES) {
      const chosen = await choosePaths([], machineWithout(lacking)).catch(() => null);
      const without = paths.filter(({ needs }) => needs.includes(lacking)).map(({ name }) => name);
      if (chosen === null) expect(without).toHaveLength(paths.length);
      else {
        expect(chosen.missing.map(({ name }) => name)).toEqual(without);
        expect(chosen.found).toHaveLength(paths.length - without.length);
      }
    }
  });

  test("one is refused, with the reason of each, where there is none left", async () => {
    await expect(choosePaths(["xdp-poll"], machineWithout("afXdpCopy"))).rejects.toThrow(
      /^Cannot compare paths: none of them can be opened here: .*: afXdpCopy: EAFNOSUPPORT -> use the VM -> run npx ringside doctor$/,
    );
  });
});

describe("stages that are opened to be compared", () => {
  const stage = (deliver: () => Promise<void>, closed: string[], path: string): Stage =>
    ({ assertDelivery: deliver, close: async () => void closed.push(path) }) as unknown as Stage;

  function contextOf(signal = new AbortController().signal): { context: Context; close(): Promise<void> } {
    const ends: (() => void | Promise<void>)[] = [];
    const context = {
      ...{ signal, progress: () => {}, breathe: async () => {} },
      onClose: (end: () => void | Promise<void>) => void ends.push(end),
    } as unknown as Context;
    return {
      context,
      close: async () => {
        for (const end of ends) await end();
      },
    };
  }
  const specs = new Map(
    (["xdp-drop", "xdp-poll", "udp-recvmsg"] as const).map((path): [string, StageSpec] => [path, { path }]),
  );

  test("go on without one that cannot be opened and one that delivers nothing, each with its reason", async () => {
    const closed: string[] = [];
    const { context, close } = contextOf();
    const { stages, failed } = await openWhatOpens(specs, context, async ({ path }) => {
      if (path === "xdp-drop") throw new Error("Cannot open");
      return stage(
        async () => {
          if (path === "xdp-poll") throw new Error("0 of 16 came");
        },
        closed,
        path,
      );
    });
    expect([...stages.keys()]).toEqual(["udp-recvmsg"]);
    expect([...failed].map(([path, { message }]) => [path, message])).toEqual([
      ["xdp-drop", "Cannot open"],
      ["xdp-poll", "0 of 16 came"],
    ]);
    expect(closed).toEqual(["xdp-poll"]);
    await close();
    expect(closed).toEqual(["xdp-poll", "udp-recvmsg"]);
  });

  test("are not opened any further once the experiment is stopped: that is no path's failure", async () => {
    const stop = new AbortController();
    const tried: string[] = [];
    const opening = openWhatOpens(specs, contextOf(stop.signal).context, async ({ path }) => {
      tried.push(path);
      stop.abort(new Error("stopped"));
      throw new Error("Cannot open");
    });
    await expect(opening).rejects.toThrow("stopped");
    expect(tried).toEqual(["xdp-drop"]);
  });
});
