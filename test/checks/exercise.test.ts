import { describe, expect, it } from "vitest";
import { type Check, exercise } from "../../dist/checks/exercise";
import { invoke } from "../../dist/checks/invoke";
import { checks, layerNorm } from "normlab";

/** To be solved by x ↦ 2x; looks at the seed's double, and in the hidden check at more. */
const double: Check<(x: number) => number> = exercise("a-double", (solution, seed) => {
  const check = (x: number) => (invoke(solution, x) === 2 * x ? undefined : `wrong for ${x}`);
  return {
    usual: { "the seed": () => check(seed), "some numbers": () => check(3) },
    hard: { "some numbers": () => check(3) ?? check(-3), zero: () => check(0) },
  };
});

describe("exercise", () => {
  it("looks at the usual cases, with seed 1", () => {
    const { id, results } = double(() => NaN);
    expect(id).toBe("a-double");
    expect(results).toEqual([
      { name: "the seed", passed: false, message: "wrong for 1", kind: "other" },
      { name: "some numbers", passed: false, message: "wrong for 3", kind: "other" },
    ]);
  });

  it("adds the hard cases when asked to, one of the same name in the usual one's place", () => {
    const { results } = double((x) => 2 * Math.abs(x), { seed: 7, cases: "hard" });
    expect(results.map(({ name, message }) => [name, message])).toEqual([
      ["the seed", ""],
      ["some numbers", "wrong for -3"],
      ["zero", ""],
    ]);
  });

  it("says of an unsolved exercise that it is not done, and of what is no function what it is", () => {
    const stub = () => {
      throw new Error("Exercise a-double: …");
    };
    expect(double(stub).toString()).toBe("a-double: not done yet");
    expect(double(undefined as never).toString()).toContain("it must be given your function");
  });
});

describe("a solution that meets NaN", () => {
  const { lnForward } = checks;
  const messages = (solution: Parameters<typeof lnForward>[0]) =>
    lnForward(solution).results.map(({ message }) => message);

  it("is told where it answers NaN, and what to look for", () => {
    for (const message of messages((x) => x.map(() => NaN))) {
      expect(message).toMatch(/is NaN; it must be .* Look for a division by 0/);
    }
  });

  it("is told what it gave to one of the course's functions", () => {
    for (const message of messages((x) => layerNorm(x.map(() => NaN)).y)) {
      expect(message).toMatch(
        /^your function stopped with an error: layerNorm: x\[0, 0.*\] is NaN; it must be a finite/,
      );
    }
  });
});

it("options of a check that are none are refused", () => {
  expect(() => double((x) => 2 * x, { seeed: 7 } as object)).toThrow(
    'a-double: "seeed" is not an option; did you mean "seed"?',
  );
});
