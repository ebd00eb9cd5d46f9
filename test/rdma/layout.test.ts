import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { VERBS_LAYOUTS } from "ringside/rdma";
import { expect, test } from "vitest";
import { workInScratch } from "../scratch.js";

workInScratch("rdma");

/** A C program that prints size and offsets of every structure as JSON. */
function question(): string {
  const lines = Object.entries(VERBS_LAYOUTS).map(([name, { fields }]) => {
    const offsets = Object.keys(fields).map(
      (field) => `  printf("\\"${field}\\": %zu,", offsetof(struct ${name}, ${field}));`,
    );
    return `  printf("\\"${name}\\": {\\"bytes\\": %zu, \\"fields\\": {", sizeof(struct ${name}));\n${offsets.join("\n")}\n  printf("}},");`;
  });
  return `#include <infiniband/verbs.h>\n#include <stddef.h>\n#include <stdio.h>\nint main(void) {\n  printf("{");\n${lines.join("\n")}\n  printf("}");\n}\n`;
}

test.runIf(existsSync("/usr/include/infiniband/verbs.h"))(
  "every structure of libibverbs is laid out as the compiler has it",
  () => {
    const program = join(process.cwd(), "layout");
    execFileSync("clang", ["-x", "c", "-", "-o", program], { input: question() });
    const answer = execFileSync(program, { encoding: "utf8" }).replaceAll(",}", "}");
    expect(JSON.parse(answer)).toEqual(VERBS_LAYOUTS);
  },
);
