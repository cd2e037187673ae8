/** Students who try: the grade is what the honest part of the work earns, and nothing is read or left behind. */
import { checks } from "normlab";
import { afterAll, describe, expect, it } from "vitest";
import { type Bench, cellOf, hasSandbox, leftBehind, openBench } from "../support";
import { honest, hostile } from "./solutions";

const limits = { cpuSeconds: 2, megabytes: 400, seconds: 10 };

describe.skipIf(!hasSandbox)("a solution that", () => {
  const benches: Bench[] = [];
  const free: Bench[] = [];
  const open = (): Bench => {
    const bench = openBench(undefined, limits);
    benches.push(bench);
    return bench;
  };
  afterAll(async () => {
    await Promise.all(benches.map((bench) => bench.close()));
    expect(leftBehind()).toEqual([]);
  });

  const earned = {
    right: 1,
    wrong: checks.axesKeep((x) => x, { seed: 7, cases: "hard" }).score,
    nothing: 0,
  };

  describe.each(Object.entries(hostile))("%s:", (_, solutions) => {
    it.concurrent.each(solutions.map((each) => [each.name, each] as const))(
      "%s",
      async (_, { code, earns, end, says }) => {
        const bench = free.pop() ?? open();
        const report = await bench.judge("axesKeep", cellOf(honest + code));
        // The next student's box works as if nothing had been.
        const next = await bench.judge("axesKeep", cellOf(`${honest} const solution = right;`));
        free.push(bench);
        const ended = end === "whatever" ? end : report.end;
        expect({ score: report.score, end: ended }).toEqual({
          score: typeof earns === "number" ? earns : earned[earns],
          end,
        });
        if (says) expect(report.results.map(({ message }) => message).join("\n")).toMatch(says);
        expect(next).toMatchObject({ status: "passed", score: 1 });
      },
    );
  });
});
