import { describe, expect, it } from "vitest";
import {
  checkBoolean,
  checkFinite,
  checkFraction,
  checkInteger,
  checkOptions,
  checkPositive,
  checkPositiveInteger,
  checkSameShape,
  checkShape,
  describe as described,
  resolveAxes,
  resolveAxis,
} from "../../dist/tensor/validate";

interface Options {
  axes?: number[];
  epsilon?: number;
  learningRate?: number;
  movingMean?: number;
}
const known = { axes: true, epsilon: true, learningRate: true, movingMean: true } as const;
const check = (options: unknown) => () => checkOptions<Options>("layerNorm", options, known);

describe("checkOptions", () => {
  it("takes an object with the names it knows, or with some of them, or without any", () => {
    for (const options of [{ axes: [1], epsilon: undefined }, {}, Object.create(null)]) {
      expect(check(options)).not.toThrow();
    }
  });

  it.each([
    ["axis", "axes"],
    ["eps", "epsilon"],
    ["epsilonn", "epsilon"],
    ["learning_rate", "learningRate"],
    ["LearningRate", "learningRate"],
    ["lerningRate", "learningRate"],
    ["moving_mean", "movingMean"],
  ])("%s: asks whether %s was meant", (given, meant) => {
    const message = `layerNorm: "${given}" is not an option; did you mean "${meant}"?`;
    expect(check({ epsilon: 1, [given]: 1 })).toThrow(new RangeError(message));
  });

  it.each(["gamma", "x", "toString", ""])("%s: like none of them, so it names them all", (given) => {
    const message = `layerNorm: "${given}" is not an option; the options are axes, epsilon, learningRate, movingMean.`;
    expect(check({ [given]: 1 })).toThrow(new RangeError(message));
  });

  it.each<[unknown, string]>([
    [null, "null"],
    [1e-5, "0.00001"],
    ["epsilon", '"epsilon"'],
    [[1], "[1]"],
    [2n, "2n"],
    [() => 1, "a function"],
  ])("refuses options that are no object: %s", (options, described) => {
    const message = `layerNorm: options is ${described}; it must be an object, { axes: … }.`;
    expect(check(options)).toThrow(new RangeError(message));
  });
});

describe("one argument", () => {
  const largest = Number.MAX_SAFE_INTEGER;
  /** A check, what it lets pass at its limits, what it refuses just beyond them, and what it says then. */
  const checks: [(argument: string, value: unknown) => unknown, unknown[], unknown[], string][] = [
    [checkPositive, [Number.MIN_VALUE, 1.5, 1e308], [0, -1, NaN, Infinity, "1", 1n], "a positive number"],
    [checkFinite, [-1e308, 0, 1e308], [NaN, Infinity, -Infinity, "0", null], "a finite number"],
    [checkFraction, [0, 0.5, 1], [-1e-9, 1 + 1e-9, NaN, "0.5", undefined], "a number from 0 to 1"],
    [checkBoolean, [true, false], [0, 1, "true", null], "true or false"],
    [checkPositiveInteger, [1, 7, largest], [0, -1, 1.5, largest + 1, "2", [2]], "a positive whole number"],
    [checkInteger, [0, -7, largest, -largest], [0.5, NaN, largest + 1, "1", 1n], "a whole number"],
    [
      checkShape,
      [[], [0], [2, 3]],
      [[-1], [1.5], [2, -1], [2, NaN], 3, "23", { 0: 2, length: 1 }],
      "an array of non-negative whole numbers",
    ],
  ];
  it.each(checks)("%o takes what it may, as it is, and refuses the rest", (check, right, wrong, must) => {
    for (const value of right) expect(check("it", value)).toBe(value);
    for (const value of wrong) {
      const message = `it is ${described(value)}; it must be ${must}.`;
      expect(() => check("it", value), message).toThrow(new RangeError(message));
    }
  });

  it.each<[unknown, string]>([
    ['a "word"', '"a \\"word\\""'],
    [() => 1, "a function"],
    [5n, "5n"],
    [undefined, "undefined"],
    [null, "null"],
    [true, "true"],
    [-0.5, "-0.5"],
    [[], "[]"],
    [[1, 2, 3, 4, 5, 6, 7, 8], "[1, 2, 3, 4, 5, 6, 7, 8]"],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9], "an array of 9"],
    [[1, "2"], "an array of 2"],
    [{ shape: [2, 3] }, "of shape [2, 3]"],
    [new Float32Array(3), "a Float32Array"],
    [{ shape: 3 }, "an object"],
  ])("%s is described in few words", (value, words) => {
    expect(described(value)).toBe(words);
  });

  it("is of the shape of another", () => {
    const check = (shape: number[]) => () => checkSameShape("dy", { shape }, [2, 3], "the shape of y");
    expect(check([2, 3])).not.toThrow();
    for (const shape of [[2], [2, 3, 1], [3, 3], [2, 2], []]) {
      const message = `dy is of shape [${shape.join(", ")}]; it must be of shape [2, 3], the shape of y.`;
      expect(check(shape)).toThrow(new RangeError(message));
    }
  });
});

describe("axes", () => {
  it("count from either end, and come in ascending order", () => {
    expect([-3, -1, 0, 2].map((axis) => resolveAxis("axis", axis, 3))).toEqual([0, 2, 0, 2]);
    expect(resolveAxes("axes", [2, -3], 3)).toEqual([0, 2]);
    expect(resolveAxes("axes", [10, 9, 2], 11)).toEqual([2, 9, 10]);
    expect(resolveAxes("axes", [], 0)).toEqual([]);
  });

  it("are refused beyond the rank, and when no whole number or no list", () => {
    for (const axis of [3, -4, 0.5, "0", null]) {
      expect(() => resolveAxis("axis", axis, 3)).toThrow(
        new RangeError(
          `axis is ${described(axis)}; it must be a whole number from -3 to 2 for a tensor of rank 3.`,
        ),
      );
    }
    expect(() => resolveAxis("axis", 0, 0)).toThrow(
      new RangeError("axis is 0; it must be left out: a scalar has no axes."),
    );
    expect(() => resolveAxes("axes", 1, 3)).toThrow(
      new RangeError("axes is 1; it must be an array of axes, for example [-1]."),
    );
    expect(() => resolveAxes("axes", [2, 0, -1], 3)).toThrow(
      new RangeError("axes is [2, 0, -1]; it must be a list in which no axis appears twice."),
    );
  });
});
