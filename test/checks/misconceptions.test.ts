/** Every misconception that a check knows is one that a solution in its bank has. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type * as diagnosis from "../../dist/checks/diagnose";
import type { Bank } from "./bank";
import { allExercises, runChecks } from "./exercises";

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
      named.add(answer);
      return answer;
    };
    const { wrong } = (await import(join(__dirname, "bank", `${exercise.id}.ts`))) as Bank;
    for (const { solution } of wrong) runChecks(exercise, { given: solution });
    expect([...known].filter((message) => !named.has(message))).toEqual([]);
  });
});
