import {
  deepNetwork,
  descend,
  evaluate,
  type Network,
  type NetworkOptions,
  normOf,
  numericalGradient,
  type ProbeBatch,
  randomNormal,
  runBatch,
  type Tensor,
  tensor,
} from "normlab";
import { describe, expect, it } from "vitest";

const batch: ProbeBatch = { inputs: randomNormal([5, 6], { seed: 3 }), labels: [0, 2, 1, 1, 0] };
const small: NetworkOptions = { inputs: 6, width: 4, depth: 2, classes: 3, activation: "tanh", seed: 4 };

/** The network with one layer's parameter replaced. */
const withParameter = (network: Network, l: number, name: string, value: Tensor): Network => ({
  ...network,
  layers: network.layers.map((layer, k) => (k === l ? { ...layer, [name]: value } : layer)),
});

describe("deepNetwork", () => {
  it("starts with weights of standard deviation gain / √inputs", () => {
    const { layers } = deepNetwork({ depth: 2, activation: "tanh", gain: 2 });
    const spread = (w: Tensor) => normOf(w) / Math.sqrt(w.size);
    expect(layers.map(({ weights }) => weights.shape)).toEqual([
      [784, 100],
      [100, 100],
      [100, 10],
    ]);
    expect(spread(layers[0].weights)).toBeCloseTo(2 / 28, 3);
    expect(spread(layers[1].weights)).toBeCloseTo(2 / 10, 2);
    expect(spread(layers[2].weights)).toBeCloseTo(1 / 10, 2);
  });

  it("draws the same numbers whatever the normalization, and scales them by the gain", () => {
    const a = deepNetwork(small).layers[1].weights;
    const b = deepNetwork({ ...small, normalization: "layerNorm", gain: 3 }).layers[1].weights;
    expect(normOf(b.sub(a.mul(3)))).toBeLessThan(1e-12);
    expect(normOf(deepNetwork({ ...small, seed: 5 }).layers[1].weights.sub(a))).toBeGreaterThan(0.1);
  });

  it("refuses what makes no network", () => {
    expect(() => deepNetwork({ ...small, depth: 0 })).toThrow("depth is 0");
    expect(() => deepNetwork({ ...small, gain: -1 })).toThrow("gain is -1");
    expect(() => deepNetwork({ ...small, activation: "step" as never })).toThrow('activation is "step"');
    expect(() => deepNetwork({ ...small, normalization: "groupNorm" as never })).toThrow("normalization is");
  });
});

describe("runBatch", () => {
  const kinds: Partial<NetworkOptions>[] = [
    { activation: "tanh" },
    { activation: "sigmoid", normalization: "batchNorm" },
    { activation: "relu", normalization: "layerNorm" },
    { activation: "linear", normalization: "batchNorm" },
    { activation: "tanh", normalization: "batchNorm", noise: { mean: 1, scale: 2, jitter: 0.3 } },
    { activation: "sigmoid", noise: { mean: 1, scale: 2, jitter: 0.3 } },
  ];

  it.each(kinds)("its gradients are those of the loss: %o", (kind) => {
    let network = deepNetwork({ ...small, ...kind });
    // Parameters away from 0 and 1, where mistakes would hide.
    for (const l of [0, 1]) {
      for (const name of ["bias", "gamma", "beta"] as const) {
        const value = network.layers[l][name];
        if (!value) continue;
        const shaken = value.add(randomNormal(value.shape, { seed: l + 9, standardDeviation: 0.5 }));
        network = withParameter(network, l, name, shaken);
      }
    }
    const { gradients } = runBatch(network, batch, { step: 8 });
    for (const [l, gradient] of gradients.entries()) {
      for (const [name, value] of Object.entries(gradient)) {
        const parameter = network.layers[l][name as "weights"];
        const loss = (w: Tensor) => runBatch(withParameter(network, l, name, w), batch, { step: 8 }).loss;
        // Absolute: a bias or β right before batch norm has gradient 0.
        const difference = numericalGradient(loss, parameter).sub(value);
        expect(normOf(difference), `${name} of layer ${l}`).toBeLessThan(1e-7);
      }
    }
  });

  it("keeps z, u and h of every layer, and the way from one to the next", () => {
    const { layers } = runBatch(deepNetwork({ ...small, normalization: "batchNorm" }), batch);
    expect(layers).toHaveLength(2);
    expect(normOf(layers[0].u.mean([0]))).toBeLessThan(1e-12);
    expect(normOf(layers[0].h.sub(layers[0].u.tanh()))).toBeLessThan(1e-12);
    expect(layers[1].x).toBe(layers[0].h);
    const slope = layers[1].h.square().neg().add(1);
    expect(normOf(layers[1].du.sub(layers[1].dh.mul(slope)))).toBeLessThan(1e-12);
  });

  it("with batch norm the initial scale changes z, but neither h nor dh", () => {
    const at = (gain: number) =>
      runBatch(deepNetwork({ ...small, normalization: "batchNorm", gain }), batch).layers[1];
    const [a, b] = [at(50), at(100)];
    expect(normOf(b.z) / normOf(a.z)).toBeCloseTo(2, 3);
    expect(normOf(b.h.sub(a.h))).toBeLessThan(1e-3);
    expect(normOf(b.dh.sub(a.dh))).toBeLessThan(1e-3);
    expect(normOf(b.dz) / normOf(a.dz)).toBeCloseTo(0.5, 3);
  });

  it("draws its noise from the step, in training alone", () => {
    const noisy = deepNetwork({ ...small, noise: { mean: 1, scale: 2, jitter: 0.1 } });
    const loss = (step: number) => runBatch(noisy, batch, { step }).loss;
    expect(loss(1)).toBe(loss(1));
    expect(loss(1)).not.toBe(loss(2));
    expect(evaluate(noisy, batch)).toEqual(evaluate(deepNetwork(small), batch));
  });

  it("updates the moving statistics, which evaluate uses", () => {
    const network = deepNetwork({ ...small, normalization: "batchNorm" });
    let seen = network;
    for (let i = 0; i < 200; i++) seen = runBatch(seen, batch).network;
    // On the one batch that they were made from, inference and training agree.
    expect(evaluate(seen, batch).loss).toBeCloseTo(runBatch(seen, batch).loss, 6);
    expect(evaluate(network, batch).loss).not.toBeCloseTo(runBatch(network, batch).loss, 3);
  });

  it("a loss of ln(classes) when all outputs are the same", () => {
    const network = deepNetwork(small);
    const silent = withParameter(network, 2, "weights", tensor(new Array<number>(12).fill(0), [4, 3]));
    expect(runBatch(silent, batch).loss).toBeCloseTo(Math.log(3), 12);
  });

  it("refuses labels and inputs that do not fit", () => {
    const network = deepNetwork(small);
    expect(() => runBatch(network, { ...batch, labels: [0, 1, 2, 3, 0] })).toThrow("labels[3] is 3");
    expect(() => runBatch(network, { ...batch, labels: [0] })).toThrow("inputs is of shape [5, 6]");
  });
});

describe("descend", () => {
  it("goes down the gradient and leaves the network as it was", () => {
    const network = deepNetwork({ ...small, normalization: "layerNorm" });
    const before = JSON.stringify(network);
    const { gradients, loss } = runBatch(network, batch);
    expect(runBatch(descend(network, gradients, 0.01), batch).loss).toBeLessThan(loss);
    expect(JSON.stringify(network)).toBe(before);
  });
});
