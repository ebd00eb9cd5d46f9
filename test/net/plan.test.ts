import { accountFor, testFrame, twoHosts, type VethTally } from "ringside/net";
import { describe, expect, test } from "vitest";

const ZERO: VethTally = {
  sent: 0,
  refused: 0,
  received: 0,
  dropped: 0,
  redirected: 0,
  transmitted: 0,
  failed: 0,
};

describe("the account of an injection", () => {
  test("finds nothing lost when the peer took what was sent", () => {
    const account = accountFor(100, { ...ZERO, sent: 100 }, { ...ZERO, received: 100, dropped: 60 });
    expect(account).toMatchObject({ arrived: 100, lost: 0, losses: [] });
    expect(account.atPeer).toMatchObject({ dropped: 60, toStack: 40 });
  });

  test("gives each missing frame to the hop that lost it", () => {
    const { arrived, lost, losses } = accountFor(
      100,
      { ...ZERO, sent: 60, refused: 30 },
      { ...ZERO, received: 55 },
    );
    expect([arrived, lost]).toEqual([55, 45]);
    expect(losses.map(({ hop, frames }) => [hop, frames])).toEqual([
      ["no NAPI at the peer", 10],
      ["ring of the peer full", 30],
      ["still in the ring", 5],
    ]);
  });

  test("does not take another sender's frames for arrivals", () => {
    expect(accountFor(10, { ...ZERO, sent: 10 }, { ...ZERO, received: 14 })).toMatchObject({
      arrived: 10,
      lost: 0,
    });
  });
});

describe("the usual testbed", () => {
  test("is plain data", () => {
    expect(JSON.parse(JSON.stringify(twoHosts()))).toEqual(twoHosts());
    expect(twoHosts({ ipv6: true }).wires[0]!.a.addresses).toEqual(["10.0.0.1/24", "fd00::1/64"]);
  });

  test("has a test frame from one end to the other, of no protocol", () => {
    const { a, b } = twoHosts().wires[0]!;
    const frame = testFrame(a, b);
    expect(frame.length).toBe(60);
    expect([...frame.subarray(0, 14)]).toEqual([2, 0x72, 0x73, 0, 0, 2, 2, 0x72, 0x73, 0, 0, 1, 0x88, 0xb5]);
  });
});
