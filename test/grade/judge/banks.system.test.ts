/** The judge is fair: through the box a solution earns what the check says of it in a notebook, word for word. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checks } from "normlab";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Bank } from "../../checks/bank";
import { allExercises, checkOf } from "../../checks/exercises";
import { type Bench, hasSandbox, openBench } from "../support";

const folder = join(__dirname, "..", "..", "checks", "bank");

/** A bank's file as JavaScript. */
const javascriptOf = (id: string): string =>
  ts.transpileModule(readFileSync(join(folder, `${id}.ts`), "utf8"), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  }).outputText;

/** A cell in which one of a bank's solutions is the student's. */
function cellOf(bank: string, solution: string): string {
  return `const bank = {};
    (function (exports) {\n${bank}\n})(bank);
    $cell.declare({ solution: [() => bank.${solution}] });
    return async () => {};`;
}

describe.skipIf(!hasSandbox)("through the box", () => {
  let benches: Bench[];
  // Banks use the reference where they need something right.
  beforeAll(() => {
    benches = [openBench(["tensor", "display", "norm"]), openBench(["tensor", "display", "norm"])];
  });
  afterAll(() => Promise.all(benches.map((bench) => bench.close())));

  it.each(allExercises())(
    "$id: every solution of the bank earns what it earns in a notebook",
    async ({ id, hidden }) => {
      const { right, wrong } = (await import(join(folder, `${id}.ts`))) as Bank;
      const name = checkOf(hidden[0]);
      const javascript = javascriptOf(id);
      const check = (checks as unknown as Record<string, checks.Check<unknown>>)[name];
      const solutions = [
        ...right.map((solution, i) => ({ place: `right[${i}]`, solution })),
        ...wrong.map(({ solution }, i) => ({ place: `wrong[${i}].solution`, solution })),
      ];
      const judged = async (bench: Bench, parity: number) => {
        for (const { place, solution } of solutions.filter((_, i) => i % 2 === parity)) {
          const { status, score, results } = check(solution, { seed: 11, cases: "hard" }).toJSON();
          const report = await bench.judge(name, cellOf(javascript, place), { seed: 11 });
          expect(report, `${id}: ${place}`).toEqual({ status, score, results });
        }
      };
      await Promise.all(benches.map(judged));
    },
  );
});
