import {
  alongGradient,
  batchNorm,
  batchNormGrad,
  deepNetwork,
  descend,
  evaluate,
  gradientShift,
  type ImageExamples,
  layerNorm,
  layerNormGrad,
  type NetworkOptions,
  normOf,
  randomGenerator,
  runBatch,
  sampleBatch,
  trainNetwork,
} from "normlab";
import { describe, expect, it } from "vitest";

/** Images of 2 × 3 pixels whose class is the brightest of their first three pixels. */
const examples: ImageExamples = (() => {
  const random = randomGenerator(1);
  const images = Uint8Array.from({ length: 400 * 6 }, () => random.integer(256));
  const brightest = (i: number) => {
    const row = [...images.subarray(i * 6, i * 6 + 3)];
    return row.indexOf(Math.max(...row));
  };
  return { images, labels: Uint8Array.from({ length: 400 }, (_, i) => brightest(i)), shape: [400, 2, 3, 1] };
})();
const small: NetworkOptions = { inputs: 6, width: 8, depth: 2, classes: 3, activation: "tanh" };

describe("sampleBatch", () => {
  it("draws different images, as rows of pixels from 0 to 1", () => {
    const { inputs, labels } = sampleBatch(examples, { size: 400, seed: 5 });
    expect(inputs.shape).toEqual([400, 6]);
    expect(Array.from(labels).sort()).toEqual([...examples.labels].sort());
    expect(Math.max(...inputs.data)).toBeLessThanOrEqual(1);
    expect(inputs.sum().at()).toBeCloseTo(Array.from(examples.images).reduce((a, b) => a + b, 0) / 255, 6);
  });

  it("keeps classes beyond a byte", () => {
    const many = { ...examples, labels: Int32Array.from(examples.labels, (label) => label + 300) };
    const { labels } = sampleBatch(many, { size: 9, seed: 5 });
    const expected = Array.from(sampleBatch(examples, { size: 9, seed: 5 }).labels, (label) => label + 300);
    expect(Array.from(labels)).toEqual(expected);
  });

  it("the seed decides which; standardized moves and scales all pixels alike", () => {
    const draw = (seed: number, standardized = false) =>
      sampleBatch(examples, { size: 9, seed, standardized });
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(normOf(draw(1, true).inputs.mul(0.3081).add(0.1307).sub(draw(1).inputs))).toBeLessThan(1e-12);
  });
});

describe("trainNetwork", () => {
  const options = { steps: 60, learningRate: 0.5, batchSize: 20 };

  it.each(["none", "batchNorm", "layerNorm"] as const)("learns with %s", (normalization) => {
    const { losses } = trainNetwork(deepNetwork({ ...small, normalization }), examples, options);
    expect(losses).toHaveLength(60);
    expect(losses.at(-1)).toBeLessThan(0.7 * losses[0]);
  });

  it("the same seed gives the same losses; another seed, other batches", () => {
    const run = (seed: number) => trainNetwork(deepNetwork(small), examples, { ...options, seed }).losses;
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  it("shows each look before its step, and the last step always", () => {
    const start = deepNetwork(small);
    const { looks, losses, network } = trainNetwork(start, examples, {
      ...options,
      steps: 12,
      every: 5,
      look: ({ step, network: current, pass }) => ({ step, current, loss: pass.loss }),
    });
    expect(looks.map(({ step }) => step)).toEqual([0, 5, 10, 11]);
    expect(looks[0].seen.current).toBe(start);
    expect(looks.map(({ seen }) => seen.loss)).toEqual([0, 5, 10, 11].map((step) => losses[step]));
    expect(network).not.toBe(looks[3].seen.current);
  });

  it("goes down what `adjust` makes of the gradients, at every step", () => {
    const start = deepNetwork(small);
    const decay = 0.1;
    const steps: number[] = [];
    const { network } = trainNetwork(start, examples, {
      ...options,
      steps: 2,
      adjust: ({ step, network: { layers }, pass }) => {
        steps.push(step);
        return pass.gradients.map((_, l) => ({
          weights: layers[l].weights.mul(decay),
          bias: layers[l].bias.mul(0),
        }));
      },
    });
    expect(steps).toEqual([0, 1]);
    const expected = start.layers[0].weights.mul((1 - options.learningRate * decay) ** 2);
    expect(normOf(network.layers[0].weights.sub(expected))).toBeLessThan(1e-12);
    const plain = trainNetwork(start, examples, { ...options, steps: 3 }).losses;
    const same = trainNetwork(start, examples, {
      ...options,
      steps: 3,
      adjust: ({ pass }) => pass.gradients,
    });
    expect(same.losses).toEqual(plain);
  });

  it("refuses settings that make no training", () => {
    const run = (change: object) => () =>
      trainNetwork(deepNetwork(small), examples, { ...options, ...change });
    expect(run({ steps: 0 })).toThrow("steps is 0");
    expect(run({ learningRate: NaN })).toThrow("learningRate is NaN");
    expect(run({ every: 1.5 })).toThrow("every is 1.5");
    expect(run({ adjust: 3 })).toThrow("adjust is 3");
  });
});

describe("alongGradient", () => {
  it("starts at the loss of the batch and its own gradient, and goes down at first", () => {
    const network = deepNetwork({ ...small, normalization: "batchNorm" });
    const batch = sampleBatch(examples, { size: 30 });
    const [still, near, far] = alongGradient(network, batch, [0, 0.05, 50]);
    const { loss } = runBatch(network, batch);
    expect(still).toEqual({ stepSize: 0, loss, gradientChange: 0 });
    expect(near.loss).toBeLessThan(loss);
    expect(far.gradientChange).toBeGreaterThan(near.gradientChange);
  });
});

describe("gradientShift", () => {
  const batch = sampleBatch(examples, { size: 30 });

  it("is 0 where nothing moves, and grows with the learning rate", () => {
    const network = deepNetwork({ ...small, depth: 3 });
    const at = (rate: number) => gradientShift(network, batch, rate);
    expect(at(1e-12)).toHaveLength(2);
    for (const { change, cosine } of at(1e-12)) {
      expect(change).toBeLessThan(1e-9);
      expect(cosine).toBeCloseTo(1, 9);
    }
    expect(at(1)[0].change).toBeGreaterThan(at(0.1)[0].change);
  });

  it("moves the layers below and no other", () => {
    const network = deepNetwork(small);
    const { gradients } = runBatch(network, batch);
    const stepped = descend(network, gradients, 0.3);
    const layers = [stepped.layers[0], network.layers[1], network.layers[2]];
    const after = runBatch({ ...network, layers }, batch).gradients[1].weights;
    const before = gradients[1].weights;
    const [{ change }] = gradientShift(network, batch, 0.3);
    expect(change).toBeCloseTo(normOf(after.sub(before)) / normOf(before), 12);
  });
});

describe.each(["none", "batchNorm", "layerNorm"] as const)("a network that diverges, %s", (normalization) => {
  const network = deepNetwork({ ...small, activation: "relu", normalization });
  const batch = sampleBatch(examples, { size: 5 });

  it("is trained to the end, and its losses say so", () => {
    const { losses } = trainNetwork(network, examples, { steps: 6, learningRate: 1e200 });
    expect(losses).toHaveLength(6);
    expect(losses[0]).toBeLessThan(10);
    expect(losses.at(-1)).not.toBeLessThan(1e100);
  });

  it.each([NaN, Infinity])("answers NaN, and is not refused, once its weights are %s", (value) => {
    const layers = network.layers.map((layer) => ({ ...layer, weights: layer.weights.map(() => value) }));
    const { loss, gradients } = runBatch({ ...network, layers }, batch);
    expect([loss, gradients[0].weights.data[0]]).toEqual([NaN, NaN]);
    expect(evaluate({ ...network, layers }, batch).loss).toBeNaN();
  });
});

describe.each(["batchNorm", "layerNorm"] as const)("a network with %s", (normalization) => {
  it("normalizes as the function of that name does, forward and backward", () => {
    const network = deepNetwork({ ...small, normalization });
    const { layers, network: after } = runBatch(network, sampleBatch(examples, { size: 9 }));
    const { z, u, du, dz } = layers[0];
    const norm =
      normalization === "batchNorm"
        ? batchNorm(z, { momentum: 0.9 })
        : { ...layerNorm(z), movingMean: undefined, movingVariance: undefined };
    expect(u.data).toEqual(norm.y.data);
    const dx =
      norm.cache.method === "batchNorm" ? batchNormGrad(du, norm.cache).dx : layerNormGrad(du, norm.cache).dx;
    expect(dz.data).toEqual(dx.data);
    expect(after.layers[0].movingVariance?.data).toEqual(norm.movingVariance?.data);
    expect(after.layers[0].movingMean?.data).toEqual(norm.movingMean?.data);
  });
});
