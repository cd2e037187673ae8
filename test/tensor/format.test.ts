import { tensor, zeros } from "normlab";
import { describe, expect, it } from "vitest";
import { formatNumber } from "../../dist/tensor/format";

/** 0, 1, 2 … in this shape. */
const counting = (shape: number[]) =>
  zeros(shape)
    .map((_, i) => i)
    .toString();

describe("formatNumber", () => {
  it.each([
    [0, "0"],
    [-0, "0"],
    [1 / 3, "0.333333"],
    [2 / 3, "0.666667"],
    [1.5, "1.5"],
    [1234567, "1234570"],
    // Exponents from 10⁷ upwards and below 10⁻⁴, after rounding.
    [9999994, "9999990"],
    [9999999, "1e+7"],
    [1e7, "1e+7"],
    [-1e7, "-1e+7"],
    [1e-4, "0.0001"],
    [-1e-4, "-0.0001"],
    [9.9e-5, "9.9e-5"],
    [-9.9e-5, "-9.9e-5"],
    [NaN, "NaN"],
    [Infinity, "Infinity"],
    [-Infinity, "-Infinity"],
  ])("writes %s as %s", (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

describe("a tensor as text", () => {
  it("has all its numbers up to 200, and three at each end of a long axis beyond", () => {
    expect(counting([200])).toContain(" 3,   4, ");
    expect(counting([201])).toBe("[  0,   1,   2, …, 198, 199, 200]");
    // An axis of six is no shorter when cut.
    expect(counting([35, 6]).split("\n")).toEqual([
      "[[  0,   1,   2,   3,   4,   5],",
      " [  6,   7,   8,   9,  10,  11],",
      " [ 12,  13,  14,  15,  16,  17],",
      " …,",
      " [192, 193, 194, 195, 196, 197],",
      " [198, 199, 200, 201, 202, 203],",
      " [204, 205, 206, 207, 208, 209]]",
    ]);
    expect(counting([30, 7]).split("\n")[0]).toBe("[[  0,   1,   2, …,   4,   5,   6],");
  });

  it("sets matrices of a stack apart by an empty line", () => {
    expect(counting([2, 2, 1])).toBe("[[[0],\n  [1]],\n\n [[2],\n  [3]]]");
    expect(counting([2, 1, 1, 1])).toBe("[[[[0]]],\n\n\n [[[1]]]]");
  });

  it("is empty where an axis is, and a number where there is none", () => {
    expect(counting([2, 0])).toBe("[[],\n []]");
    expect(tensor(-7).toString()).toBe("-7");
  });
});
