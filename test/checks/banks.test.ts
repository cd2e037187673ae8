import { readdirSync } from "node:fs";
import { join } from "node:path";
import { checks } from "normlab";
import { describe, expect, it } from "vitest";
import { type Bank, messagesOf } from "./bank";
import {
  allExercises,
  exercisesOf,
  functionOf,
  mistakesTold,
  missingParts,
  runChecks,
  stubOf,
} from "./exercises";

const folder = join(__dirname, "bank");
const exercises = allExercises();
const banks = readdirSync(folder).map((name) => name.replace(/\.ts$/, ""));

/** Everything that `checks` exports but the class of what they answer. */
const isCheck = (name: string) => name !== "Report";

const lessonWith = (id: string) =>
  [
    "---\ntitle: t\nminutes: 1\nobjectives:\n  - o\n---",
    '```ts\nimport { checks } from "normlab";\n```',
    `\`\`\`ts exercise id=${id} points=2\nfunction f() {\n  // BEGIN SOLUTION\n  return 1;\n  // END SOLUTION\n}\n\`\`\``,
    `\`\`\`ts check id=${id}\nchecks.aB(f)\n\`\`\``,
    `\`\`\`ts hidden id=${id}\nchecks.aB(f, { seed: 7 })\n\`\`\``,
  ].join("\n\n");

const load = async (id: string): Promise<Bank> => (await import(join(folder, `${id}.ts`))) as Bank;

describe("exercises", () => {
  it("each has its cells, its check and a bank of solutions, and nothing is left over", () => {
    expect(missingParts(exercises, Object.keys(checks).filter(isCheck), banks)).toEqual([]);
  });

  it("of which something is missing are named", () => {
    const [complete] = exercisesOf("00-test.md", lessonWith("a-b"));
    expect(missingParts([complete], ["aB"], ["a-b"])).toEqual([]);
    expect(missingParts([{ ...complete, hidden: [] }], [], [])).toEqual([
      "00-test: exercise a-b has no hidden check",
      "src/checks/index.ts does not export aB, which exercise a-b calls",
      "test/checks/bank/a-b.ts is missing",
    ]);
    expect(missingParts([], ["aB"], ["a-b"])).toEqual([
      "no lesson uses checks.aB",
      "test/checks/bank/a-b.ts has no exercise",
    ]);
  });

  it("are found in a lesson's text", () => {
    const [exercise] = exercisesOf("00-test.md", lessonWith("a-b"));
    expect(exercise.checks).toHaveLength(1);
    expect(exercise.hidden).toHaveLength(1);
    expect(functionOf(exercise.hidden[0])).toBe("f");
    expect(stubOf(exercise)).toContain('throw new Error("Exercise a-b: …");');
    expect(stubOf(exercise)).not.toContain("return 1");
  });
});

describe.each(exercises.filter(({ id }) => banks.includes(id)))("$id", (exercise) => {
  it("accepts the lesson's own solution", () => {
    for (const report of runChecks(exercise, exercise.source)) {
      expect(report.toString()).not.toContain("✗");
      expect(report).toMatchObject({ id: exercise.id, status: "passed" });
    }
  });

  it("says of the unsolved exercise that it is not done yet", () => {
    for (const report of runChecks(exercise, stubOf(exercise))) expect(report.status).toBe("not done");
  });

  it("says of what is no function that it must be given one", () => {
    for (const { results } of runChecks(exercise, { given: undefined })) {
      const told = "the check was given undefined; it must be given your function";
      expect(new Set(results.map(({ message }) => message))).toEqual(new Set([told]));
    }
  });

  it("accepts other right solutions", async () => {
    const { right } = await load(exercise.id);
    expect(right.length).toBeGreaterThanOrEqual(2);
    for (const given of right) {
      for (const report of runChecks(exercise, { given })) expect(report.toString()).not.toContain("✗");
    }
  });

  it("rejects every wrong solution, and says why", async () => {
    const { wrong } = await load(exercise.id);
    expect(new Set(wrong.map(({ name }) => name)).size).toBe(wrong.length);
    for (const { name, message, case: which, solution } of wrong) {
      const results = runChecks(exercise, { given: solution }).flatMap((report) => report.results);
      const failed = results.filter(({ passed }) => !passed);
      const said = which === undefined ? failed : failed.filter((result) => result.name === which);
      const text = said.map((result) => result.message).join("\n");
      for (const each of messagesOf({ message })) expect(text, name).toMatch(each);
    }
  });

  it("names no mistake that a solution doesn't have", async () => {
    for (const { name, message, solution } of (await load(exercise.id)).wrong) {
      const told = mistakesTold(runChecks(exercise, { given: solution }));
      const others = told.filter((words) => !messagesOf({ message }).some((each) => each.test(words)));
      expect(others, name).toEqual([]);
    }
  });
});
