import { existsSync } from "node:fs";
import { openRdma, rdmaDevices } from "ringside/rdma";
import { rdmaHere } from "ringside/sys";
import { describe, expect, test } from "vitest";

const { available, reason, next } = rdmaHere();

test("says in one sentence what is missing and what to do, or what is there", () => {
  expect(reason).toMatch(
    /^(devices \S|soft-RoCE, |no RDMA device, and this kernel \(.+\) has no module rdma_rxe)/,
  );
  expect(next === "").toBe(available);
});

describe.runIf(existsSync("/usr/include/infiniband/verbs.h"))("a device that is not there", () => {
  test("is not in the list", () => {
    expect(rdmaDevices()).not.toContain("nobody");
  });

  test("is refused with what this machine has, and a next step", () => {
    expect(() => openRdma("nobody")).toThrow(
      /^Cannot use RDMA device nobody: it needs a device of that name; found .+ -> .+/,
    );
  });
});
