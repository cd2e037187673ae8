import {
  batchNorm,
  dyt,
  groupNorm,
  instanceNorm,
  jacobian,
  layerNorm,
  layerNormGrad,
  type Normalization,
  randomNormal,
  rmsNorm,
  statisticsGroups,
  switchableNorm,
  tensor,
} from "normlab";
import { describe, expect, it } from "vitest";

/** Numbers the groups in the order of their first element, by a key that the elements of a group share. */
function groupsBy(shape: number[], key: (index: number[]) => unknown): number[] {
  const keys: string[] = [];
  const size = shape.reduce((a, b) => a * b, 1);
  return Array.from({ length: size }, (_, offset) => {
    const index = shape.map((length, axis) => {
      const stride = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
      return Math.floor(offset / stride) % length;
    });
    const name = JSON.stringify(key(index));
    if (!keys.includes(name)) keys.push(name);
    return keys.indexOf(name);
  });
}

describe("statisticsGroups", () => {
  const cases: [string, Normalization, (index: number[]) => unknown][] = [
    ["batch norm", (x) => batchNorm(x).y, ([, , , c]) => c],
    ["layer norm of images", (x) => layerNorm(x, { axes: [1, 2, 3] }).y, ([n]) => n],
    ["layer norm of pixels", (x) => layerNorm(x).y, ([n, h, w]) => [n, h, w]],
    ["instance norm", (x) => instanceNorm(x).y, ([n, , , c]) => [n, c]],
    ["group norm", (x) => groupNorm(x, { groups: 2 }).y, ([n, , , c]) => [n, Math.floor(c / 2)]],
    ["RMSNorm", (x) => rmsNorm(x).y, ([n, h, w]) => [n, h, w]],
    ["DyT", (x) => dyt(x).y, (index) => index],
  ];
  it.each(cases)("finds out who shares in %s", (_, normalize, key) => {
    const shape = [3, 2, 3, 4];
    expect(Array.from(statisticsGroups(normalize, shape))).toEqual(groupsBy(shape, key));
  });

  it("refuses groups that overlap", () => {
    const logits = { meanLogits: [0, 0, 0], varianceLogits: [0, 0, 0] };
    const mixed: Normalization = (x) => switchableNorm(x, logits).y;
    expect(() => statisticsGroups(mixed, [2, 2, 2, 2])).toThrow(
      new RangeError("statisticsGroups: normalize has groups that overlap."),
    );
  });
});

describe("jacobian", () => {
  const x = randomNormal([3, 4], { seed: 1, mean: 2 });

  it("are the derivatives that the backward pass multiplies by", () => {
    const dy = randomNormal([3, 4], { seed: 2 });
    const matrix = jacobian((v) => layerNorm(v).y, x);
    const product = dy.map((_, j) => matrix.reduce((sum, row, i) => sum + row[j] * dy.data[i], 0));
    const { dx } = layerNormGrad(dy, layerNorm(x).cache);
    expect(Math.max(...product.sub(dx).abs().data)).toBeLessThan(1e-7);
  });

  it("has a row an output and a column an input", () => {
    // y₁ = x₁x₂, y₂ = 3x₁, y₃ = x₂²
    const f: Normalization = ({ data: [a, b] }) => tensor([a * b, 3 * a, b * b]);
    const y: Normalization = ({ data }) => f(tensor([data[0], data[1]]));
    const matrix = jacobian(y, [2, 5, 0]);
    const expected = [
      [5, 2, 0],
      [3, 0, 0],
      [0, 10, 0],
    ];
    matrix.forEach((row, i) => row.forEach((value, j) => expect(value).toBeCloseTo(expected[i][j], 8)));
  });
});
