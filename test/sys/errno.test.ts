import { SysError } from "ringside/base";
import { checked, errnoName, errnoText, sysError } from "ringside/sys";
import { describe, expect, test } from "vitest";

describe("errno", () => {
  test.each([
    [1, "EPERM"],
    [11, "EAGAIN"],
    [16, "EBUSY"],
    [22, "EINVAL"],
    [95, "EOPNOTSUPP"],
    [-16, "EBUSY"],
  ])("%i is %s", (number, name) => {
    expect(errnoName(number)).toBe(name);
  });

  test("an unknown number stays a number", () => {
    expect(errnoName(999)).toBe("errno 999");
  });

  test("has the C library's words", () => {
    expect(errnoText(16)).toBe("Device or resource busy");
  });

  test("an error says the call, the code, the action and what to do next", () => {
    const error = sysError("bind", "bind AF_XDP socket to veth-a queue 0", 16);
    expect(error).toBeInstanceOf(SysError);
    expect(error).toMatchObject({ call: "bind", code: "EBUSY", name: "SysError" });
    expect(error.message).toBe(
      "Cannot bind AF_XDP socket to veth-a queue 0: bind says EBUSY (Device or resource busy) -> run `npx ringside reset` and try again",
    );
  });

  test("a result of 0 or more passes, a negative one throws", () => {
    expect(checked(0, "close", "close")).toBe(0);
    expect(() => checked(-1, "close", "close descriptor 99")).toThrow("Cannot close descriptor 99");
  });
});
