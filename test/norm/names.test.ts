/** Whatever is wrong with an argument, the message calls it by the name that the caller knows it by. */
import * as normlab from "normlab";
import { describe, expect, it } from "vitest";

const { batchNorm, layerNorm, ones, randomNormal, zeros } = normlab;

const x = randomNormal([2, 3, 3, 4], { seed: 1 });
const w = randomNormal([5, 4], { seed: 2 });
const perChannel = { gamma: ones([4]), beta: zeros([4]) };
const moving = { movingMean: zeros([4]), movingVariance: ones([4]) };
const logits = { meanLogits: zeros([3]), varianceLogits: zeros([3]) };
const inference = { ...perChannel, ...moving, epsilon: 1e-3 };

/** A function with the arguments that it takes, by their names; `call` hands them over. */
type Case = [name: string, given: Record<string, unknown>, call: (given: never) => unknown];
type WithX = { x: never } & Record<string, never>;
const options = ({ x: _, ...rest }: WithX) => rest as never;

const cases: Case[] = [
  [
    "standardize",
    { x, axes: [0], epsilon: 1, center: true },
    (g: WithX) => normlab.standardize(g.x, options(g)),
  ],
  [
    "batchNorm",
    {
      x,
      ...perChannel,
      ...moving,
      epsilon: 1,
      momentum: 0.5,
      axis: -1,
      training: true,
      unbiasedMoving: false,
    },
    (g: WithX) => batchNorm(g.x, options(g)),
  ],
  ["layerNorm", { x, ...perChannel, epsilon: 1, axes: [-1] }, (g: WithX) => layerNorm(g.x, options(g))],
  [
    "instanceNorm",
    { x, ...perChannel, epsilon: 1, axis: -1 },
    (g: WithX) => normlab.instanceNorm(g.x, options(g)),
  ],
  [
    "groupNorm",
    { x, ...perChannel, epsilon: 1, axis: -1, groups: 2 },
    (g: WithX) => normlab.groupNorm(g.x, options(g)),
  ],
  [
    "rmsNorm",
    { x, gamma: ones([4]), epsilon: 1, axes: [-1] },
    (g: WithX) => normlab.rmsNorm(g.x, options(g)),
  ],
  ["dyt", { x, ...perChannel, alpha: 0.5 }, (g: WithX) => normlab.dyt(g.x, options(g))],
  [
    "switchableNorm",
    { x, ...perChannel, ...moving, ...logits, epsilon: 1, momentum: 0.5, axis: -1, training: true },
    (g: WithX) => normlab.switchableNorm(g.x, options(g)),
  ],
  [
    "foldBatchNorm",
    { kernel: w, bias: zeros([4]), ...inference },
    ({ kernel, bias, ...norm }: Record<string, never>) =>
      normlab.foldBatchNorm({ kernel, bias }, norm as never),
  ],
  [
    "foldBatchNormIntoNext",
    { kernel: w.transpose(), bias: zeros([5]), padding: "valid", pooling: "none", ...inference },
    ({ kernel, bias, padding, pooling, ...norm }: Record<string, never>) =>
      normlab.foldBatchNormIntoNext({ kernel, bias, padding, pooling }, norm as never),
  ],
  ["reestimate", { "batch 0": x, axis: -1 }, (g) => normlab.reestimate([g["batch 0"]], { axis: g["axis"] })],
  ["toChannelsLast", { x }, ({ x }: WithX) => normlab.toChannelsLast(x)],
  ["toChannelsFirst", { x }, ({ x }: WithX) => normlab.toChannelsFirst(x)],
  [
    "toTorch",
    { gamma: ones([4]), ...moving, epsilon: 1, momentum: 0.5 },
    (g) => normlab.toTorch("batchNorm", g),
  ],
  ["toKeras", { ...perChannel, ...moving, epsilon: 1 }, (g) => normlab.toKeras("batchNorm", g)],
  ["fromKeras", { gamma: ones([4]), beta: zeros([4]), epsilon: 1 }, (g) => normlab.fromKeras("batchNorm", g)],
  [
    "fromKeras with moving statistics",
    { moving_mean: zeros([4]), moving_variance: ones([4]) },
    (g) => normlab.fromKeras("batchNorm", g),
  ],
  [
    "fromTorch",
    { eps: 1, momentum: 0.5, running_mean: zeros([4]), running_var: ones([4]) },
    (g) => normlab.fromTorch("batchNorm", g),
  ],
  [
    "batchNormGrad",
    { dy: x },
    ({ dy }: Record<"dy", never>) => normlab.batchNormGrad(dy, batchNorm(x).cache),
  ],
  [
    "layerNormGradSteps",
    { dy: x },
    ({ dy }: Record<"dy", never>) => normlab.layerNormGradSteps(dy, layerNorm(x).cache),
  ],
  [
    "standardizeGrad",
    { dXHat: x },
    ({ dXHat }: Record<"dXHat", never>) =>
      normlab.standardizeGrad(dXHat, { ...normlab.standardize(x, { axes: [0], epsilon: 1 }), axes: [0] }),
  ],
];

describe.each(cases)("%s", (_, given, call) => {
  it("takes them all", () => {
    expect(() => call(given as never)).not.toThrow();
  });

  it.each(Object.keys(given))("names %s when it is none", (argument) => {
    expect(() => call({ ...given, [argument]: "?" } as never)).toThrow(
      new RegExp(`(^|[ :])${argument} is "\\?"; it must be .+\\.$`),
    );
  });
});

describe("what has no place in a method", () => {
  it("is not taken over from PyTorch or Keras", () => {
    expect(normlab.fromTorch("batchNorm", { num_groups: 2 })).not.toHaveProperty("groups");
    expect(normlab.fromKeras("instanceNorm", { groups: 2 } as never)).not.toHaveProperty("groups");
    expect(normlab.fromTorch("layerNorm", { normalized_shape: 4 })).not.toHaveProperty("momentum");
    expect(normlab.fromKeras("layerNorm", { momentum: 0.5 })).not.toHaveProperty("momentum");
    expect(normlab.toTorch("layerNorm", { gamma: ones([4]) })).not.toHaveProperty("momentum");
    expect(normlab.toTorch("instanceNorm", {})).not.toHaveProperty("num_groups");
    expect(normlab.toKeras("layerNorm", {})).not.toHaveProperty("groups");
    expect(normlab.toKeras("groupNorm", { groups: 2 })).not.toHaveProperty("momentum");
  });

  it("leaves a gradient of another shape named with where the shape comes from", () => {
    const standardized = { ...normlab.standardize(x, { axes: [0], epsilon: 1 }), axes: [0] };
    expect(() => normlab.standardizeGrad([1, 2], standardized)).toThrow(
      "dXHat is of shape [2]; it must be of shape [2, 3, 3, 4], the shape of xHat.",
    );
    expect(() => normlab.batchNormGrad([1, 2], batchNorm(x).cache)).toThrow(
      "dy is of shape [2]; it must be of shape [2, 3, 3, 4], the shape of y.",
    );
  });
});
