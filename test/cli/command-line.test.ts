import { NotSupportedError, SysError } from "ringside/base";
import {
  describeFailure,
  nearest,
  overview,
  UsageError,
  understand,
  type Verb,
  verbHelp,
} from "ringside/cli";
import { describe, expect, test } from "vitest";

function verb(name: string, operands = ""): Verb {
  return {
    name,
    summary: `does ${name}`,
    operands,
    options: {
      json: { type: "boolean", help: "print the answer as JSON" },
      port: { type: "string", placeholder: "port", help: "listen there" },
    },
    details: `${name} does it well.`,
    run: async () => 0,
  };
}

const verbs = [
  verb("start"),
  verb("status"),
  verb("run", "<notebook...>"),
  verb("nb build"),
  verb("nb lint"),
];

describe("what is typed", () => {
  test("without words, or with --help, asks for the overview", () => {
    for (const words of [[], ["--help"], ["-h"], ["help"]])
      expect(understand(words, verbs).kind).toBe("overview");
  });

  test("finds a verb of one word and one of two", () => {
    expect(understand(["start"], verbs)).toMatchObject({ kind: "run", verb: { name: "start" } });
    expect(understand(["nb", "lint"], verbs)).toMatchObject({ kind: "run", verb: { name: "nb lint" } });
  });

  test("gives a verb its operands, flags and values", () => {
    const command = understand(["run", "20", "--json", "33", "--port=9000"], verbs);
    if (command.kind !== "run") throw new Error("expected a verb to run");
    expect(command.request.operands).toEqual(["20", "33"]);
    expect(command.request.flag("json")).toBe(true);
    expect(command.request.value("port")).toBe("9000");
    expect(command.request.flag("port")).toBe(false);
    expect(command.request.value("json")).toBeUndefined();
  });

  test("with --help after a verb asks for that verb's help, whatever else is wrong", () => {
    expect(understand(["start", "--nonsense", "--help"], verbs)).toMatchObject({ kind: "help" });
  });

  test.each([
    [["strat"], 'Cannot run "strat": there is no such verb -> did you mean "start"?'],
    [["nb", "built"], 'Cannot run "nb built": there is no such verb -> did you mean "nb build"?'],
    [["xyzzy"], 'Cannot run "xyzzy": there is no such verb -> npx ringside --help lists them'],
    [["start", "now"], 'Cannot run "start now": start takes no operands -> npx ringside start --help'],
    [
      ["start", "--prot", "1"],
      "Cannot run \"start\": Unknown option '--prot' -> npx ringside start --help lists its options",
    ],
  ])("refuses %j with the next step", (words, message) => {
    expect(() => understand(words, verbs)).toThrow(new UsageError(message));
  });
});

describe("help", () => {
  test("lists every verb with its line", () => {
    for (const { name, summary } of verbs)
      expect(overview(verbs)).toMatch(new RegExp(`  ${name} +${summary}`));
  });

  test("of a verb shows usage, options and details", () => {
    expect(verbHelp(verb("run", "<notebook...>"))).toBe(`does run

Usage: npx ringside run <notebook...> [--options]

  --json         print the answer as JSON
  --port <port>  listen there
  --help         print this

run does it well.`);
  });
});

describe("the nearest word", () => {
  const notebooks = ["00-start-here", "20-one-skb-per-packet", "33-af-xdp"];

  test("is one that begins with, or holds, what was typed", () => {
    expect(nearest("20", notebooks)).toBe("20-one-skb-per-packet");
    expect(nearest("xdp", notebooks)).toBe("33-af-xdp");
  });

  test("is the one with the fewest letters wrong", () => {
    expect(nearest("33-afxpd", notebooks)).toBe("33-af-xdp");
  });

  test("is none where every word is far", () => {
    expect(nearest("quantum", notebooks)).toBeUndefined();
  });
});

describe("a failure", () => {
  test("of the machine or of the lab's own checks is one line without a stack", () => {
    const failures = [
      new SysError("bind", "EBUSY", "Cannot bind port 8888: EBUSY; taken by nginx -> try --port 8889"),
      new NotSupportedError("AF_XDP", "root", "uid 1000", "run it with sudo"),
      new RangeError("Cannot open notebook 21: there is none -> try 20"),
    ];
    for (const error of failures)
      expect(describeFailure(error)).toEqual({ text: error.message, exitCode: 1 });
  });

  test("to write a file says whose it is and what to do", () => {
    const error = Object.assign(new Error("EACCES: permission denied, open '/x'"), {
      code: "EACCES",
      syscall: "open",
      path: "/x",
    });
    expect(describeFailure(error)).toEqual({
      text: "Cannot open /x: EACCES -> it belongs to another user; use sudo, or a clone of your own",
      exitCode: 1,
    });
  });

  test("to write to a full disk says so, though Node has forgotten the file's name by then", () => {
    const error = Object.assign(new Error("ENOSPC: no space left on device, write"), {
      code: "ENOSPC",
      syscall: "write",
    });
    expect(describeFailure(error).text).toBe(
      "Cannot write a file: ENOSPC -> the disk is full; free some space (df -h)",
    );
  });

  test("in the command line leaves with 2", () => {
    expect(describeFailure(new UsageError("Cannot run")).exitCode).toBe(2);
  });

  test("that is our own mistake keeps its stack and says so", () => {
    const { text, exitCode } = describeFailure(
      new TypeError("Cannot read properties of undefined (reading 'x')"),
    );
    expect(exitCode).toBe(1);
    expect(text).toContain("command-line.test.ts");
    expect(text).toContain("This is a bug in ringside");
  });
});
