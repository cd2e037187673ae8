import {
  deadShare,
  deepNetwork,
  meanCosine,
  normOf,
  randomNormal,
  runBatch,
  saturatedShare,
  tensor,
  unitValues,
  updateRatios,
} from "normlab";
import { describe, expect, it } from "vitest";

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
