import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Bank } from "./bank";
import { allExercises, exercisesOf, functionOf, runChecks, stubOf } from "./exercises";

const folder = join(__dirname, "bank");
const exercises = allExercises();

const load = async (id: string): Promise<Bank> => (await import(join(folder, `${id}.ts`))) as Bank;

describe("exercises", () => {
  it("each has a check and a bank of solutions, and no bank is left over", () => {
    const files = existsSync(folder) ? readdirSync(folder) : [];
    const banks = files.map((name) => name.replace(/\.ts$/, ""));
    expect(banks.sort()).toEqual(exercises.map(({ id }) => id).sort());
    expect(exercises.filter(({ checks }) => checks.length === 0)).toEqual([]);
  });

  it("are found in a lesson's text", () => {
    const text = [
      "---\ntitle: t\nminutes: 1\nobjectives:\n  - o\n---",
      '```ts\nimport { checks } from "normlab";\n```',
      "```ts exercise id=a-b points=2\nfunction f() {\n  // BEGIN SOLUTION\n  return 1;\n  // END SOLUTION\n}\n```",
      "```ts check id=a-b\nchecks.aB(f)\n```",
      "```ts hidden id=a-b\nchecks.aB(f, { seed: 7 })\n```",
    ].join("\n\n");
    const [exercise] = exercisesOf("00-test.md", text);
    expect(exercise.checks).toHaveLength(2);
    expect(functionOf(exercise.checks[1])).toBe("f");
    expect(stubOf(exercise)).toContain('throw new Error("Exercise a-b: …");');
    expect(stubOf(exercise)).not.toContain("return 1");
  });
});

describe.each(exercises.filter(({ id }) => existsSync(join(folder, `${id}.ts`))))("$id", (exercise) => {
  it("accepts the lesson's own solution", () => {
    for (const report of runChecks(exercise, exercise.source)) {
      expect(report.toString()).not.toContain("✗");
      expect(report).toMatchObject({ id: exercise.id, status: "passed" });
    }
  });

  it("says of the unsolved exercise that it is not done yet", () => {
    for (const report of runChecks(exercise, stubOf(exercise))) expect(report.status).toBe("not done");
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
    expect(wrong.length).toBeGreaterThanOrEqual(5);
    expect(new Set(wrong.map(({ name }) => name)).size).toBe(wrong.length);
    for (const { name, message, solution } of wrong) {
      const results = runChecks(exercise, { given: solution }).flatMap((report) => report.results);
      const messages = results.filter(({ passed }) => !passed).map((result) => result.message);
      expect(messages.join("\n"), name).toMatch(message);
    }
  });
});
