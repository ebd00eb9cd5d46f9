import { measure, outcomeOf, predict } from "ringside/measure";
import { expect, test } from "vitest";

test("DPDK receives what was injected, and its idle thread never sleeps", { timeout: 60_000 }, async () => {
  const params = { frames: 10_240, idleSeconds: 0.5, guess: predict(100, "%") };
  const { ports } = outcomeOf(await measure.dpdkPorts(params));
  const [xdp, xdpWithoutBusyPoll, packet, nothing] = ports;
  for (const port of [xdp, xdpWithoutBusyPoll, packet]) {
    expect(port!.load).toEqual({ injected: 10_240, received: 10_240, bytes: 10_240 * 60 });
  }
  expect(ports.map(({ skbs }) => skbs)).toEqual([0, 0, 10_240, 0]);
  expect(ports.map(({ idle }) => idle.voluntary)).toEqual([0, 0, 0, 0]);
  expect(xdp!.idle.syscalls.recvfrom).toBeGreaterThan(1000);
  expect(xdpWithoutBusyPoll!.idle.syscalls).toEqual({});
  expect(packet!.idle.syscalls).toEqual({});
  expect(nothing!.load).toBeNull();
});

test("a few packets a look cost the empty loop less each than one packet a look", {
  timeout: 60_000,
}, async () => {
  const gate = { minIdle: 0, maxSteal: 1 };
  const params = { bursts: [1, 8, 32], rounds: 10, guess: predict(2, "×"), gate };
  const { nothing, afXdp } = outcomeOf(await measure.burstSweep(params));
  const [one, eight] = nothing;
  expect(eight!.medianPps / one!.medianPps).toBeGreaterThan(1.3);
  for (const { samplesPps } of afXdp) expect(Math.min(...samplesPps)).toBeGreaterThan(0);
});
