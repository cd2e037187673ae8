/** Every misconception that a check knows is one that a solution in its bank has. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { checks } from "normlab";
import { afterAll, describe, expect, it } from "vitest";
import type * as diagnosis from "../../dist/checks/diagnose";
import type { Bank } from "./bank";
import { allExercises, checkOf, runChecks } from "./exercises";

// Checks call it by its module, so that they can be listened to.
const module = createRequire(__filename)("../../dist/checks/diagnose") as {
  diagnose: typeof diagnosis.diagnose;
};
const { diagnose } = module;
afterAll(() => {
  module.diagnose = diagnose;
});

describe.each(allExercises())("$id", (exercise) => {
  it("names no mistake that no wrong solution makes", async () => {
    const known = new Set<string>();
    const named = new Set<string | undefined>();
    module.diagnose = (actual, expected, misconceptions, options) => {
      for (const { message } of misconceptions ?? []) known.add(message);
      const answer = diagnose(actual, expected, misconceptions, options);
      named.add(answer?.misconception);
      return answer;
    };
    const { wrong } = (await import(join(__dirname, "bank", `${exercise.id}.ts`))) as Bank;
    for (const { solution } of wrong) runChecks(exercise, { given: solution });
    expect([...known].filter((message) => !named.has(message))).toEqual([]);
  });

  it("tells of a mistake no number that depends on the inputs, since hidden tests tell it", async () => {
    module.diagnose = diagnose;
    const { wrong } = (await import(join(__dirname, "bank", `${exercise.id}.ts`))) as Bank;
    const check = (checks as unknown as Record<string, checks.Check<unknown>>)[checkOf(exercise.hidden[0])];
    const told = new Set<string>();
    for (const { solution } of wrong) {
      for (const seed of [3, 4, 5]) {
        const { results } = check(solution, { seed, cases: "hard" });
        for (const { misconception } of results) if (misconception) told.add(misconception);
      }
    }
    expect(told.size).toBeGreaterThan(0);
    const withoutNumbers = new Set([...told].map((text) => text.replace(/\d+(\.\d+)?/g, "0")));
    expect(withoutNumbers.size).toBe(told.size);
  });
});
