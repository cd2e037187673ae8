import { matmul, randomNormal, tensor, type Tensor } from "normlab";
import { describe, expect, it } from "vitest";
import { matmulTransposedFirst, matmulTransposedSecond } from "../../dist/tensor/matmul";
import { expectClose } from "../support/close";

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

  it("gives the gradients of both factors, xᵀ dy and dy Wᵀ", () => {
    for (const [n, inputs, outputs] of [
      [1, 1, 1],
      [5, 3, 2],
      [4, 6, 7],
      [9, 2, 5],
    ]) {
      const x = randomNormal([n, inputs], { seed: n }).map((v) => (v < 0 ? 0 : v));
      const w = randomNormal([inputs, outputs], { seed: n + 1 });
      const dy = randomNormal([n, outputs], { seed: n + 2 });
      expectClose("xᵀ dy", matmulTransposedFirst(x, dy), matmul(x.transpose(), dy), 1e-14);
      expectClose("dy Wᵀ", matmulTransposedSecond(dy, w), matmul(dy, w.transpose()), 1e-14);
    }
  });

  it("carries an infinity to the outputs that depend on it, and to no other", () => {
    const w = tensor([
      [Infinity, 1],
      [2, 3],
      [4, -Infinity],
    ]);
    expect(matmul(tensor([[0, 1, 0]]), w).toArray()).toEqual([[2, 3]]);
    expect(matmul(tensor([[1, 1, 0]]), w).toArray()).toEqual([[Infinity, 4]]);
    expect(matmul(tensor([[-1, 0, 2]]), w).toArray()).toEqual([[-Infinity, -Infinity]]);
  });

  it("refuses what does not fit", () => {
    expect(() => matmul(randomNormal([2, 3]), randomNormal([2, 3]))).toThrow(
      "w is of shape [2, 3]; it must be of shape [3, any], to match x.",
    );
    expect(() => matmul(randomNormal([2]), randomNormal([2, 3]))).toThrow(
      "x is of shape [2]; it must be a matrix, of rank 2.",
    );
    expect(() => matmul(randomNormal([2, 3]), randomNormal([3]))).toThrow("w is of shape [3]");
    expect(() => matmulTransposedFirst(randomNormal([2, 3]), randomNormal([3, 2]))).toThrow(
      "dy is of shape [3, 2]; it must be of shape [2, any], to match x.",
    );
    expect(() => matmulTransposedFirst(randomNormal([2]), randomNormal([2, 3]))).toThrow("x is of shape [2]");
    expect(() => matmulTransposedFirst(randomNormal([2, 3]), randomNormal([2]))).toThrow(
      "dy is of shape [2]",
    );
  });
});
