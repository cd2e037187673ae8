/** How mistakes are found that explain all answers, on a small exercise: the standard score of a list, a·(x − mean) + b. */
import { describe, expect, it } from "vitest";
import { formulaExercise } from "../../dist/checks/formulaExercise";
import { checks } from "normlab";

type Score = (x: number[], a: number, b: number) => { y: number[]; mean: number };

const switches = {
  noA: "a is missing",
  noB: "b is missing",
  bSign: "b is subtracted",
  notCentred: "the mean is not subtracted",
  sum: "a sum for the mean",
  tinyB: "b is half of what it must be",
  aInverted: "a divides",
} as const;

const check: checks.Check<Score> = formulaExercise("a-score", {
  switches,
  formula: (on) => (x: number[], a: number, b: number) => {
    const mean = x.reduce((p, q) => p + q, 0) / (on("sum") ? 1 : x.length);
    const shift = on("noB") ? 0 : (on("bSign") ? -b : b) / (on("tinyB") ? 2 : 1);
    const factor = on("noA") ? 1 : on("aInverted") ? 1 / a : a;
    return { y: x.map((v) => factor * (on("notCentred") ? v : v - mean) + shift), mean };
  },
  fragile: "the digits cancel",
  cases: () => {
    const trial = (x: number[], a: number, b: number, output: string, fragile = false) => ({
      args: [x, a, b] as [number[], number, number],
      output,
      fragile,
    });
    return {
      usual: {
        y: trial([1, 2, 4], 3, 0.5, "y"),
        "y, no shift": trial([1, 2, 4, 0.3], 2, 0, "y"),
        mean: trial([1, 2, 4], 3, 0.5, "mean"),
      },
      hard: {
        "a is 0": trial([1, 2, 4], 0, 0.5, "y"),
        "far away": trial([1e9 + 1, 1e9 + 2], 3, 0.5, "y", true),
      },
    };
  },
});

const meanOf = (x: number[]) => x.reduce((p, q) => p + q, 0) / x.length;
const scoreBy =
  (y: (v: number, mean: number, a: number, b: number) => number, mean = meanOf): Score =>
  (x, a, b) => ({ y: x.map((v) => y(v, meanOf(x), a, b)), mean: mean(x) });
const messagesOf = (solution: Score, cases: "usual" | "hard" = "usual") =>
  Object.fromEntries(check(solution, { cases }).results.map(({ name, message }) => [name, message]));

describe("what explains all answers", () => {
  it("is named, in the cases in which it shows", () => {
    expect(messagesOf(scoreBy((v, mean, a) => a * (v - mean)))).toEqual({
      y: "b is missing",
      "y, no shift": "",
      mean: "",
    });
  });

  it("may be two mistakes; each case names those that show there", () => {
    expect(messagesOf(scoreBy((v, mean, _a, b) => v - mean - b))).toEqual({
      y: "two mistakes together: a is missing; and b is subtracted",
      "y, no shift": "a is missing",
      mean: "",
    });
  });

  it("is not named when another wrong answer contradicts it", () => {
    const { y, "y, no shift": other } = messagesOf(
      scoreBy((v, mean, a, b) => (b === 0 ? a * (v - mean) + 7 : a * (v - mean))),
    );
    expect(y).toMatch(/`y\[0\]` is/);
    expect(other).toMatch(/`y\[0\]` is/);
  });

  it("is not named when a right answer contradicts it", () => {
    // As if the mean were not subtracted, but only where there is a shift.
    const { y } = messagesOf(scoreBy((v, mean, a, b) => a * (b === 0 ? v - mean : v) + b));
    expect(y).toMatch(/`y\[0\]` is/);
  });

  it("is found for each output by itself, when nothing explains them together", () => {
    const total = (x: number[]) => x.reduce((p, q) => p + q, 0);
    expect(messagesOf(scoreBy((v, _mean, _a, b) => v + b, total))).toEqual({
      y: "two mistakes together: a is missing; and the mean is not subtracted",
      "y, no shift": "two mistakes together: a is missing; and the mean is not subtracted",
      mean: "a sum for the mean",
    });
  });

  it("is told beside a wrong shape and beside inputs that were changed", () => {
    const kept = ((x: number[], a: number, b: number) => {
      const { y, mean } = scoreBy((v, m, factor) => factor * (v - m))(x, a, b);
      return { y: [y], mean };
    }) as never;
    expect(messagesOf(kept).y).toBe("b is missing (and it has shape [1, 3] where this would have [3])");
    const changing: Score = (x, a, b) => {
      const answer = scoreBy((v, m, factor) => factor * (v - m))(x, a, b);
      x[0] = 9;
      return answer;
    };
    expect(messagesOf(changing).y).toMatch(/^your function changed its input .* And b is missing$/);
    expect(messagesOf(changing).mean).toMatch(/^your function changed its input .*new tensors$/);
  });

  it("is not proved by NaN, but named there when it is proved elsewhere", () => {
    expect(messagesOf(scoreBy(() => NaN)).y).toMatch(/is NaN; it must be/);
    const divided = messagesOf(
      scoreBy((v, mean, a, b) => (v - mean) / a + b),
      "hard",
    );
    expect(divided["a is 0"]).toBe("a divides");
    expect(divided.y).toBe("a divides");
  });

  it("is not asked of an input at which digits are lost", () => {
    const noisy = scoreBy((v, mean, a, b) => a * (v - mean) + b + (v > 1e8 ? 0.01 : 0));
    expect(messagesOf(noisy, "hard")["far away"]).toMatch(/`y\[0\]` is .* the digits cancel$/);
    const both = messagesOf(
      scoreBy((v, mean, a) => a * (v - mean) + (v > 1e8 ? 0.01 : 0)),
      "hard",
    );
    expect(both.y).toBe("b is missing");
    expect(both["far away"]).toMatch(/`y\[0\]` is/);
  });
});

describe("a solution", () => {
  it("is called once for each input, however many outputs and mistakes are looked at", () => {
    let calls = 0;
    const { bnForward } = checks;
    bnForward((x, { gamma }) => {
      calls++;
      return { y: x.mul(gamma), xHat: x, mean: x.mean([0]), variance: x.mean([0]) };
    });
    expect(calls).toBe(2);
  });

  it("of which nothing is known is rejected with the first value that is wrong", () => {
    const report = check((x, a, b) => ({ y: x.map((v) => v ** a + b), mean: meanOf(x) }));
    expect(report.results.map(({ kind }) => kind)).toEqual(["values", "values", undefined]);
  });
});
