import { type Fields, helperNumber, Machine, runMachine, Stepper, traceProgram } from "ringside/bpf";
import { describe, expect, test } from "vitest";
import { alu, branch, call, callFunction, exit, goto, load, mov, store, wide } from "./assemble.js";
import { bytecode } from "./bytecode.js";

const PACKET = Uint8Array.from({ length: 60 }, (_, i) => i);
const machine = (...program: Fields[]): Machine => new Machine(bytecode(program), PACKET);
const answer = (...program: Fields[]): number => runMachine(machine(...program));

/** data in r7, data_end in r8, and PASS for a packet whose byte 12 is 12. */
const MATCHER = [
  load(4, 7, 1, 0),
  load(4, 8, 1, 4),
  mov(0, 1),
  mov(2, { reg: 7 }),
  alu(64, "add", 2, 14),
  branch(64, "gt", 2, { reg: 8 }, 3),
  load(1, 3, 7, 12),
  branch(64, "ne", 3, 12, 1),
  mov(0, 2),
  exit(),
];

describe("the machine", () => {
  test("answers by register 0, as a number of 32 bits", () => {
    expect(answer(mov(0, -1), exit())).toBe(0xffff_ffff);
    expect(answer(...wide(0, 0x5_0000_0002n), exit())).toBe(2);
  });

  test("reads a packet between its ends, and copies it first", () => {
    const own = machine(...MATCHER);
    expect(runMachine(own)).toBe(2);
    const writes = machine(load(4, 7, 1, 0), store(1, 7, 0, 99), mov(0, 2), exit());
    runMachine(writes);
    expect([writes.memory.packet.bytes()[0], PACKET[0]]).toEqual([99, 0]);
  });

  test.each([
    ["behind the packet", [load(4, 7, 1, 0), load(8, 0, 7, 53), exit()], "Cannot read 8 bytes at packet+53"],
    ["before the stack", [store(8, 10, -520, 1), exit()], "Cannot write 8 bytes at"],
    [
      "above the stack",
      [load(4, 0, 10, 0), exit()],
      "Cannot read 4 bytes at fp: stack of function 0 ends at 0",
    ],
    ["at a number", [mov(1, 77), load(1, 0, 1, 0), exit()], "Cannot read 1 bytes at 0x4d: no memory"],
    ["to the context", [store(4, 1, 0, 1), exit()], "Cannot write to the context"],
    ["without an end", [goto(-1)], "it took 1000000 instructions"],
    ["into nowhere", [goto(7)], "Cannot go on at slot 8"],
    ["by a helper it lacks", [call(69), exit()], "Cannot call bpf_fib_lookup#69"],
    ["by a function it lacks", [{ ...call(5), src: 2 }, exit()], "Cannot call kernel function 5"],
    ["too deep", [callFunction(-1)], "8 functions are under way"],
  ] as const)("stops with a clear line for a program that goes %s", (_name, program, message) => {
    expect(() => answer(...program)).toThrow(message);
  });

  test("gives the same random numbers and the same clock to the same seed", () => {
    const asks = [helperNumber("get_prandom_u32"), helperNumber("ktime_get_ns")].map(call);
    const program = bytecode([
      asks[1]!,
      asks[1]!,
      mov(6, { reg: 0 }),
      asks[0]!,
      alu(64, "xor", 0, { reg: 6 }),
      exit(),
    ]);
    const of = (seed: number): number => runMachine(new Machine(program, PACKET, { seed }));
    expect(of(5)).toBe(of(5));
    expect(of(5)).not.toBe(of(6));
  });

  test("keeps the rules of maps: full, absent, there already", () => {
    const hash = {
      name: "seen",
      type: 1,
      keyBytes: 4,
      valueBytes: 4,
      maxEntries: 1,
      keyType: 0,
      valueType: 0,
      data: null,
    };
    const own = new Machine(bytecode([mov(0, 0), exit()], [hash, { ...hash, type: 2 }]), PACKET);
    const [seen, array] = own.maps as [(typeof own.maps)[0], (typeof own.maps)[0]];
    const key = (first: number): Uint8Array => Uint8Array.of(first, 0, 0, 0);
    expect(seen.update(key(1), key(9), 2)).toBe("ENOENT");
    expect(seen.update(key(1), key(9))).toBeNull();
    expect(seen.update(key(1), key(8), 1)).toBe("EEXIST");
    expect(seen.update(key(2), key(9))).toBe("E2BIG");
    expect(seen.read(key(1))).toEqual(key(9));
    expect([seen.delete(key(1)), seen.delete(key(1)), seen.read(key(1))]).toEqual([null, "ENOENT", null]);
    expect([array.update(key(1), key(9)), array.update(key(0), key(9), 1), array.delete(key(0))]).toEqual([
      "E2BIG",
      "EEXIST",
      "EINVAL",
    ]);
  });

  test("says which map it cannot model", () => {
    const ring = {
      name: "events",
      type: 27,
      keyBytes: 0,
      valueBytes: 0,
      maxEntries: 4096,
      keyType: 0,
      valueType: 0,
      data: null,
    };
    expect(() => new Machine(bytecode([exit()], [ring]), PACKET)).toThrow(
      "Cannot model map events: type 27 is not in the lab's machine -> run the program in the kernel",
    );
  });

  test("takes no packet that does not fit into a page", () => {
    const most = new Machine(bytecode([mov(0, 1), exit()]), new Uint8Array(3520));
    expect(runMachine(most)).toBe(1);
    expect(() => new Machine(bytecode([exit()]), new Uint8Array(3521))).toThrow("3520 fit");
  });
});

describe("stepping", () => {
  test("goes forward and back, and comes by the same states", () => {
    const stepper = new Stepper(bytecode(MATCHER), PACKET);
    const states: string[] = [];
    const state = (): string => `${stepper.machine.slot}: ${stepper.machine.registers.join()}`;
    do states.push(state());
    while (stepper.forward() !== null);
    expect(stepper.machine.returned).toBe(2);
    for (const expected of states.slice(0, -1).reverse()) {
      expect(stepper.back()).toBe(true);
      expect(state()).toBe(expected);
    }
    expect([stepper.position, stepper.back()]).toEqual([0, false]);
    stepper.goTo(1000);
    expect([stepper.position, stepper.forward()]).toEqual([10, null]);
  });

  test("tells of each step what changed, in words, and which bytes were touched", () => {
    const { steps, returned } = traceProgram(bytecode(MATCHER), PACKET);
    expect(returned).toBe(2);
    expect(steps.map(({ text }) => text)[6]).toBe("r3 = *(u8 *)(r7 +12)");
    expect(steps[4]!.written.map(({ register, text }) => [register, text])).toEqual([[2, "packet+14"]]);
    expect(
      steps[6]!.accesses.map(({ action, region, offset, sizeBytes }) => [
        action,
        region.kind,
        offset,
        sizeBytes,
      ]),
    ).toEqual([["read", "packet", 12, 1]]);
    expect(steps.map(({ taken }) => taken)).toEqual([
      null,
      null,
      null,
      null,
      null,
      false,
      null,
      false,
      null,
      null,
    ]);
  });

  test("into a function and out of it leaves registers 6 to 9 as they were", () => {
    const program = [
      mov(6, 5),
      callFunction(2),
      alu(64, "add", 0, { reg: 6 }),
      exit(),
      mov(6, 70),
      mov(0, 1),
      exit(),
    ];
    const { steps, returned } = traceProgram(bytecode(program), PACKET);
    expect(returned).toBe(6);
    expect(steps.map(({ depth }) => depth)).toEqual([1, 1, 2, 2, 2, 1, 1]);
  });
});
