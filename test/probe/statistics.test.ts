import {
  deadShare,
  deepNetwork,
  densityOf,
  meanCosine,
  normOf,
  percentile,
  randomNormal,
  runBatch,
  saturatedShare,
  tensor,
  unitValues,
  updateRatios,
} from "normlab";
import { describe, expect, it } from "vitest";

describe("densityOf", () => {
  it("has as area the share of the values inside", () => {
    const values = randomNormal([1000], { seed: 2 }).data;
    const { density, outside, centers } = densityOf(values, { min: -1, max: 1, bins: 20 });
    const area = density.reduce((sum, d) => sum + d * 0.1, 0);
    expect(area).toBeCloseTo(1 - outside, 12);
    expect(area).toBeGreaterThan(0.6);
    expect(area).toBeLessThan(0.75);
    expect(centers[0]).toBeCloseTo(-0.95, 12);
  });

  it("counts a value at an inner edge above it, and the maximum in the last bin", () => {
    expect(densityOf([0, 0.5, 1, 2], { min: 0, max: 1, bins: 2 })).toEqual({
      centers: [0.25, 0.75],
      density: [0.5, 1],
      outside: 0.25,
    });
  });

  it("refuses an empty range and no values", () => {
    expect(() => densityOf([1], { min: 1, max: 1, bins: 3 })).toThrow("max is 1");
    expect(() => densityOf([], { min: 0, max: 1, bins: 3 })).toThrow("values is");
    expect(() => densityOf([1], { min: 0, max: 1, bins: 0 })).toThrow("bins is 0");
  });
});

describe("saturatedShare", () => {
  it("counts both ends; the sigmoid's are where its slope is as small as tanh's, relatively", () => {
    expect(saturatedShare(tensor([[0.98, -0.98, 0.96, 0]]), "tanh")).toBe(0.5);
    expect(saturatedShare(tensor([[0.986, 0.014, 0.984, 0.5]]), "sigmoid")).toBe(0.5);
    expect(saturatedShare(tensor([[0.6, 0.4]]), "tanh", 0.5)).toBe(0.5);
  });

  it("refuses activations without two flat ends", () => {
    expect(() => saturatedShare(tensor([[1]]), "relu")).toThrow('activation is "relu"');
  });
});

describe("deadShare", () => {
  it("counts columns of zeros, not zeros", () => {
    expect(
      deadShare(
        tensor([
          [0, 0, 1, 0],
          [0, 2, 0, 0],
        ]),
      ),
    ).toBe(0.5);
  });
});

describe("meanCosine", () => {
  it("is the mean over all pairs", () => {
    const h = randomNormal([4, 3], { seed: 1, mean: 0.5 });
    const rows = h.toArray() as number[][];
    const dot = (a: number[], b: number[]) => a.reduce((sum, v, i) => sum + v * b[i], 0);
    const cosines = rows.flatMap((a, i) =>
      rows.slice(i + 1).map((b) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))),
    );
    expect(meanCosine(h)).toBeCloseTo(cosines.reduce((a, b) => a + b) / cosines.length, 12);
    expect(
      meanCosine(
        tensor([
          [1, 2],
          [2, 4],
          [0.5, 1],
        ]),
      ),
    ).toBeCloseTo(1, 12);
    expect(() => meanCosine(tensor([[1, 2]]))).toThrow("at least two rows");
  });
});

describe("percentile", () => {
  it("interpolates between sorted values", () => {
    const values = [10, 9, 1, -2];
    expect([0, 50, 100].map((p) => percentile(values, p))).toEqual([-2, 5, 10]);
    expect(percentile(values, 15)).toBeCloseTo(-2 + 0.45 * 3, 12);
    expect(values).toEqual([10, 9, 1, -2]);
    expect(percentile([7], 85)).toBe(7);
  });

  it("refuses p outside 0 … 100 and no values", () => {
    expect(() => percentile([1], 101)).toThrow("p is 101");
    expect(() => percentile([], 50)).toThrow("values is");
  });
});

describe("unitValues", () => {
  it("is a column", () => {
    expect([
      ...unitValues(
        tensor([
          [1, 2],
          [3, 4],
        ]),
        1,
      ),
    ]).toEqual([2, 4]);
    expect(() => unitValues(tensor([[1, 2]]), 2)).toThrow("unit is 2");
  });
});

describe("updateRatios", () => {
  it("is ‖η dW‖ / ‖W‖ of each layer", () => {
    const network = deepNetwork({ inputs: 3, width: 4, depth: 1, classes: 2, activation: "tanh" });
    const batch = { inputs: randomNormal([5, 3], { seed: 1 }), labels: [0, 1, 0, 1, 1] };
    const { gradients } = runBatch(network, batch);
    const ratios = updateRatios(network, gradients, 0.2);
    expect(ratios).toHaveLength(2);
    expect(ratios[1]).toBeCloseTo(
      (0.2 * normOf(gradients[1].weights)) / normOf(network.layers[1].weights),
      12,
    );
  });
});
