import { matmul, randomNormal, type Tensor } from "normlab";
import { describe, expect, it } from "vitest";

describe("matmul", () => {
  const product = (a: number[][], b: number[][]) =>
    a.map((row) => b[0].map((_, j) => row.reduce((sum, v, k) => sum + v * b[k][j], 0)));
  const rows = (x: Tensor) => x.toArray() as number[][];

  it("multiplies matrices whose inner length is no multiple of four, with zeros in them", () => {
    for (const inner of [1, 2, 3, 4, 5, 9]) {
      const a = randomNormal([3, inner], { seed: inner }).map((v) => (v < -0.3 ? 0 : v));
      const b = randomNormal([inner, 7], { seed: inner + 20 });
      const y = rows(matmul(a, b));
      product(rows(a), rows(b)).forEach((row, i) =>
        row.forEach((v, j) => expect(y[i][j]).toBeCloseTo(v, 12)),
      );
    }
  });

  it("refuses what does not fit", () => {
    expect(() => matmul(randomNormal([2, 3]), randomNormal([2, 3]))).toThrow("w is of shape [2, 3]");
    expect(() => matmul(randomNormal([2]), randomNormal([2, 3]))).toThrow("x is of shape [2]");
  });
});
