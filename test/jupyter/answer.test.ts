import { type Answer, findAnswers, NOTEBOOK_METADATA, type NotebookCell } from "ringside/jupyter";
import { expect, test } from "vitest";

/** The one answer of a notebook with these code cells. */
async function answerOf(...sources: string[]): Promise<Answer> {
  const cells = sources.map((source, index): NotebookCell => {
    return { cell_type: "code", id: `c${index}`, metadata: {}, source, execution_count: null, outputs: [] };
  });
  const answers = await findAnswers({ cells, metadata: NOTEBOOK_METADATA });
  expect(answers).toHaveLength(1);
  return answers[0]!;
}

const CHECK = 'display(await check("a/b", mine));';

test("an answer is its cell without the check, and the expression that was handed in", async () => {
  expect(await answerOf("const lab = open();", `const mine = () => 1;\n${CHECK}`)).toEqual({
    exercise: "a/b",
    cell: 2,
    before: [],
    own: "const mine = () => 1;",
    expression: "mine",
  });
  const inline = await answerOf('await check("a/b", (x: number) => x + 1)');
  expect(inline).toMatchObject({ own: "", expression: "(x: number) => x + 1" });
});

test("it takes along what it needs of earlier cells, and what that needs, in their order", async () => {
  const { before } = await answerOf(
    'import { check } from "ringside";\nconst unused = openNetwork();',
    "type Size = number;\nconst BITS = 8;\nawait measureForMinutes();",
    "function bits(bytes: Size) { return bytes * BITS; }",
    `const mine = (bytes: number) => bits(bytes);\n${CHECK}`,
  );
  expect(before).toEqual([
    'import { check } from "ringside";',
    "type Size = number;\nconst BITS = 8;",
    "function bits(bytes: Size) { return bytes * BITS; }",
  ]);
});

test("names are told apart as the compiler does, not by their letters", async () => {
  const { before } = await answerOf(
    "const lab = open();\nconst size = ask();\nconst key = 1;",
    `const mine = (lab: { size: number }) => ({ size: lab.size, key });\n${CHECK}`,
  );
  expect(before).toEqual(["const key = 1;"]);
});

test("it takes along what fills or changes a variable that it needs", async () => {
  const { before } = await answerOf(
    "const counted: Record<string, number> = {};\nlet rounds = 0;\nconst list: number[] = [];\nconst other: number[] = [];",
    "for (const name of ['a']) counted[name] = 1;\nrounds++;\nlist.push(3);\nother.push(4);\nconsole.log(counted.a);",
    `const mine = [counted.a, rounds, list];\n${CHECK}`,
  );
  expect(before[1]).toBe("for (const name of ['a']) counted[name] = 1;\nrounds++;\nlist.push(3);");
  expect(before.join()).not.toMatch(/other|console/);
});

test("it takes along the call of a function that fills a variable, and no call of any other", async () => {
  const { before } = await answerOf(
    "const counted: number[] = [];\nasync function countAll() { counted.push(await ask()); }\nfunction show() { print(counted); }",
    "await countAll();\nshow();",
    `const mine = counted[0];\n${CHECK}`,
  );
  expect(before).toEqual([
    "const counted: number[] = [];\nasync function countAll() { counted.push(await ask()); }",
    "await countAll();",
  ]);
});

test("what only shows the report goes with the check", async () => {
  const { own } = await answerOf(
    `const mine = 1;\nconst report = await check("a/b", mine);\ndisplay(report);`,
  );
  expect(own).toBe("const mine = 1;");
});

test("of two cells that check one exercise the later counts, and of two that declare a name the later before it", async () => {
  const answer = await answerOf(
    "const helper = 1;",
    `const mine = 0;\n${CHECK}`,
    "const helper = 2;",
    `const mine = helper;\n${CHECK}`,
  );
  expect(answer).toMatchObject({ cell: 4, before: ["const helper = 2;"], own: "const mine = helper;" });
});

test("what two cells import or declare stays in two cells, as the notebook has it", async () => {
  const { before } = await answerOf(
    'import { check } from "ringside";\nconst size = 1;\nconst first = size;',
    'import { check, display } from "ringside";\nconst size = 2;',
    `const mine = [first, size];\n${CHECK}`,
  );
  expect(before).toEqual([
    'import { check } from "ringside";\nconst size = 1;\nconst first = size;',
    'import { check, display } from "ringside";\nconst size = 2;',
  ]);
});

test("a cell that does not parse spoils no other, and its own check is still found", async () => {
  expect(await answerOf("const broken = (;", `const mine = 1;\n${CHECK}`)).toMatchObject({
    own: "const mine = 1;",
  });
  expect(await answerOf(`const mine = (;\n${CHECK}`)).toMatchObject({ exercise: "a/b", expression: null });
});

test("a check in a comment or a string is none", async () => {
  const cell = `// check("x/y", 1)\nconst text = 'check("x/y", 1)';\nconst mine = 1;\n${CHECK}`;
  expect((await answerOf(cell)).exercise).toBe("a/b");
});
