import { type AcceptCosts, type AcceptModel, runAcceptModel, speedUp, stealRule } from "ringside/model";
import { describe, expect, test } from "vitest";

const costs: AcceptCosts = {
  flowNs: 20_000,
  serverNs: 20_000,
  remoteNs: 4000,
  lockNs: 0,
  handoverNs: 0,
};
const model = (changes: Partial<AcceptModel>): AcceptModel => ({
  policy: "byCore",
  costs,
  flows: [16, 16],
  connections: 5000,
  seed: 7,
  ...changes,
});

describe("the model of a many-core server", () => {
  test("one core serves one connection in the sum of its costs", () => {
    const { connectionsPerSecond, onCore, idle } = runAcceptModel(model({ flows: [16] }));
    expect(connectionsPerSecond).toBeGreaterThan(24_500);
    expect(connectionsPerSecond).toBeLessThan(25_500);
    expect([onCore, Math.round(idle * 100)]).toEqual([1, 0]);
  });

  test("cores that share nothing add up", () => {
    expect(speedUp("byCore", costs, 24)).toBeGreaterThan(23.5);
    expect(runAcceptModel(model({})).onCore).toBe(1);
  });

  test("a queue drawn by hash is the right one for one flow in as many as there are cores", () => {
    const on = (cores: number): number =>
      runAcceptModel(model({ policy: "hash", flows: Array.from({ length: cores }, () => 16) })).onCore;
    expect(on(2)).toBeCloseTo(0.5, 1);
    expect(on(8)).toBeCloseTo(1 / 8, 1);
  });

  test("what a remote connection costs more is paid for the share that is remote", () => {
    const right = runAcceptModel(model({})).connectionsPerSecond;
    const half = runAcceptModel(model({ policy: "hash", flows: [64, 64] })).connectionsPerSecond;
    expect(right / half).toBeGreaterThan(1.03);
    expect(right / half).toBeLessThan(1.09);
  });

  test("a lock bounds the rate to one connection in two holds, however many cores", () => {
    const locked = { ...costs, lockNs: 4000 };
    const { connectionsPerSecond, waiting } = runAcceptModel(
      model({ policy: "shared", costs: locked, flows: Array.from({ length: 24 }, () => 16) }),
    );
    expect(connectionsPerSecond).toBeLessThanOrEqual(1e9 / 8000);
    expect(waiting).toBeGreaterThan(0.5);
  });

  test("a lock that costs more to pass on makes more cores slower", () => {
    const locked = { ...costs, lockNs: 2000, handoverNs: 200 };
    expect(speedUp("shared", locked, 48)).toBeLessThan(speedUp("shared", locked, 12));
  });

  test("stealing keeps a core without flows of its own at work; without it that core idles", () => {
    const alone = runAcceptModel(model({ flows: [16, 0] }));
    const helped = runAcceptModel(model({ policy: "steal", flows: [16, 0] }));
    expect(alone.idle).toBeCloseTo(0.5, 1);
    expect(helped.connectionsPerSecond / alone.connectionsPerSecond).toBeGreaterThan(1.5);
    expect(helped.onCore).toBeLessThan(0.5);
  });

  test("with flows spread evenly stealing changes next to nothing", () => {
    const own = runAcceptModel(model({ flows: [16, 16, 16, 16] }));
    const steal = runAcceptModel(model({ policy: "steal", flows: [16, 16, 16, 16] }));
    expect(steal.onCore).toBeGreaterThan(0.9);
    expect(steal.connectionsPerSecond / own.connectionsPerSecond).toBeGreaterThan(0.95);
  });

  test("a seed gives the same run again", () => {
    expect(runAcceptModel(model({ policy: "hash" }))).toEqual(runAcceptModel(model({ policy: "hash" })));
  });

  test("nothing to serve is refused", () => {
    expect(() => runAcceptModel(model({ flows: [0, 0] }))).toThrow(/^Cannot simulate/);
  });
});

describe("the steal rule", () => {
  const view = (waiting: number[], busy: boolean[], ownSinceStolen = 0, core = 0) =>
    stealRule({ core, waiting, busy, ownSinceStolen });

  test("a core takes its own first", () => expect(view([2, 9], [false, true])).toBe(0));
  test("after five of its own it takes one of a busy core", () =>
    expect(view([2, 9], [false, true], 5)).toBe(1));
  test("it never takes from a core that is not busy while it has its own", () =>
    expect(view([2, 9], [false, false], 50)).toBe(0));
  test("a busy core takes only its own", () => expect(view([9, 9], [true, true], 50)).toBe(0));
  test("with none of its own it takes of a busy core before any other", () =>
    expect(view([0, 3, 9], [false, false, true])).toBe(2));
  test("where nothing waits there is nothing to take", () => expect(view([0, 0], [false, false])).toBeNull());
});
