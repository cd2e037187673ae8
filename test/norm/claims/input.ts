/** Bad input is refused with an error that names the argument, what it was and what it must be. */
import { expect } from "vitest";
import { type Claim, methodOf, type Norms } from "./claim";

type Row = [about: string, what: string, call: (n: Norms) => unknown, message: RegExp];

/** Untyped callers exist: a notebook's cells are not strict. */
const wrong = <T>(value: unknown) => value as T;

const x = [
  [3, 1, 2],
  [4, 5, 6],
];
const logits = { meanLogits: [0, 0, 0], varianceLogits: [0, 0, 0] };
const styles = { styleMean: [0, 0, 0, 0], styleVariance: [1, 1, 1, 1] };

const parameters = { gamma: [1, 1, 1, 1], beta: [0, 0, 0, 0] };

/** Every method that normalizes images, with all that it takes of tensors for 4 channels. */
export const methods: Record<string, Record<string, unknown>> = {
  batchNorm: { ...parameters, movingMean: [0, 0, 0, 0] },
  layerNorm: parameters,
  instanceNorm: parameters,
  groupNorm: { ...parameters, groups: 2 },
  rmsNorm: { gamma: parameters.gamma },
  dyt: { ...parameters, alpha: 1 },
  adaIN: styles,
  switchableNorm: { ...parameters, ...logits },
};

const image = (n: Norms) => n.ones([2, 3, 3, 4]);

const rows: Row[] = [
  [
    "batchNorm",
    "a gamma of another shape",
    (n) => n.batchNorm(x, { gamma: [1, 1] }),
    /gamma is of shape \[2\].*of shape \[3\]/,
  ],
  [
    "batchNorm",
    "a beta of another rank",
    (n) => n.batchNorm(x, { beta: [[0, 0, 0]] }),
    /beta is of shape \[1, 3\].*of shape \[3\]/,
  ],
  ["batchNorm", "an axis out of range", (n) => n.batchNorm(x, { axis: 2 }), /axis is 2.*from -2 to 1/],
  [
    "batchNorm",
    "an axis that is no whole number",
    (n) => n.batchNorm(x, { axis: 0.5 }),
    /axis is 0.5.*whole number/,
  ],
  ["batchNorm", "epsilon 0", (n) => n.batchNorm(x, { epsilon: 0 }), /epsilon is 0.*positive number/],
  [
    "batchNorm",
    "a negative epsilon",
    (n) => n.batchNorm(x, { epsilon: -1e-3 }),
    /epsilon is -0.001.*positive number/,
  ],
  ["batchNorm", "epsilon NaN", (n) => n.batchNorm(x, { epsilon: NaN }), /epsilon is NaN.*positive number/],
  [
    "batchNorm",
    "epsilon 0 in inference",
    (n) => n.batchNorm(x, { epsilon: 0, training: false, movingMean: [0, 0, 0], movingVariance: [1, 1, 1] }),
    /epsilon is 0/,
  ],
  [
    "batchNorm",
    "a momentum above 1",
    (n) => n.batchNorm(x, { momentum: 1.5 }),
    /momentum is 1.5.*from 0 to 1/,
  ],
  ["batchNorm", "momentum NaN", (n) => n.batchNorm(x, { momentum: NaN }), /momentum is NaN.*from 0 to 1/],
  [
    "batchNorm",
    "inference without a moving mean",
    (n) => n.batchNorm(x, { training: false }),
    /movingMean is undefined.*training is false/,
  ],
  [
    "batchNorm",
    "inference without a moving variance",
    (n) => n.batchNorm(x, { training: false, movingMean: [0, 0, 0] }),
    /movingVariance is undefined/,
  ],
  [
    "batchNorm",
    "a negative moving variance",
    (n) => n.batchNorm(x, { movingVariance: [1, -2, 1] }),
    /movingVariance is -2.*0 or more/,
  ],
  [
    "batchNorm",
    "a moving mean of another shape",
    (n) => n.batchNorm(x, { movingMean: [0, 0] }),
    /movingMean is of shape \[2\].*\[3\]/,
  ],
  [
    "batchNorm",
    "training that is no boolean",
    (n) => n.batchNorm(x, { training: wrong("yes") }),
    /training is "yes".*true or false/,
  ],
  [
    "batchNorm",
    "unbiasedMoving with one value a channel",
    (n) => n.batchNorm([[1, 2]], { unbiasedMoving: true }),
    /x is of shape \[1, 2\].*two values/,
  ],
  ["batchNorm", "ragged nested arrays", (n) => n.batchNorm([[1, 2], [3]]), /x\[1\] is \[3\].*array of 2/],
  [
    "batchNorm",
    "arrays nested to different depths",
    (n) => n.batchNorm([[1, 2], 3]),
    /x\[1\] is 3.*array of 2/,
  ],
  [
    "batchNorm",
    "text among the numbers",
    (n) => n.batchNorm(wrong([[1, "2"]])),
    /x\[0\]\[1\] is "2".*a number/,
  ],
  ["batchNorm", "no x", (n) => n.batchNorm(wrong(undefined)), /x is undefined.*tensor/],
  [
    "batchNorm",
    "an empty batch",
    (n) => n.batchNorm(n.zeros([0, 3])),
    /x is of shape \[0, 3\].*at least one element/,
  ],
  [
    "batchNormGrad",
    "a dy of another shape",
    (n) => n.batchNormGrad([1, 2, 3], n.batchNorm(x).cache),
    /dy is of shape \[3\].*\[2, 3\]/,
  ],
  [
    "batchNormGradSteps",
    "inference",
    (n) =>
      n.batchNormGradSteps(
        x,
        n.batchNorm(x, { training: false, movingMean: [0, 0, 0], movingVariance: [1, 1, 1] }).cache,
      ),
    /training is false/,
  ],
  ["standardize", "no axes", (n) => n.standardize(x, { axes: [], epsilon: 1 }), /axes is \[\].*at least one/],
  [
    "standardize",
    "axes that are no array",
    (n) => n.standardize(x, { axes: wrong(1), epsilon: 1 }),
    /axes is 1.*array of axes/,
  ],
  [
    "standardize",
    "an axis twice",
    (n) => n.standardize(x, { axes: [1, -1], epsilon: 1 }),
    /axes is \[1, -1\].*twice/,
  ],
  [
    "standardize",
    "an axis out of range",
    (n) => n.standardize(x, { axes: [-3], epsilon: 1 }),
    /axes is -3.*from -2 to 1/,
  ],
  [
    "standardize",
    "no epsilon",
    (n) => n.standardize(x, wrong({ axes: [0] })),
    /epsilon is undefined.*positive/,
  ],
  [
    "standardize",
    "an infinite epsilon",
    (n) => n.standardize(x, { axes: [0], epsilon: Infinity }),
    /epsilon is Infinity/,
  ],
  ["standardize", "a scalar", (n) => n.standardize(3, { axes: [0], epsilon: 1 }), /axes is 0.*scalar/],
  [
    "layerNorm",
    "a gamma of the whole image's shape for the last axis",
    (n) => n.layerNorm(image(n), { gamma: n.ones([3, 3, 4]) }),
    /gamma is of shape \[3, 3, 4\].*\[4\]/,
  ],
  [
    "layerNorm",
    "a gamma per channel for axes 1, 2, 3",
    (n) => n.layerNorm(image(n), { axes: [1, 2, 3], gamma: [1, 1, 1, 1] }),
    /gamma is of shape \[4\].*\[3, 3, 4\]/,
  ],
  ["layerNorm", "no axes", (n) => n.layerNorm(x, { axes: [] }), /axes is \[\].*at least one/],
  ["layerNorm", "an axis out of range", (n) => n.layerNorm(x, { axes: [2] }), /axes is 2.*from -2 to 1/],
  ["layerNorm", "a negative epsilon", (n) => n.layerNorm(x, { epsilon: -1 }), /epsilon is -1/],
  ["instanceNorm", "no axis to reduce", (n) => n.instanceNorm(x), /x is of shape \[2, 3\].*rank 3 or more/],
  ["instanceNorm", "the batch's axis", (n) => n.instanceNorm(image(n), { axis: 0 }), /axis is 0.*batch/],
  ["instanceNorm", "epsilon NaN", (n) => n.instanceNorm(image(n), { epsilon: NaN }), /epsilon is NaN/],
  [
    "groupNorm",
    "groups that don't divide the channels",
    (n) => n.groupNorm(image(n), { groups: 3 }),
    /groups is 3.*divisor of the 4 channels/,
  ],
  [
    "groupNorm",
    "0 groups",
    (n) => n.groupNorm(image(n), { groups: 0 }),
    /groups is 0.*positive whole number/,
  ],
  ["groupNorm", "half a group", (n) => n.groupNorm(image(n), { groups: 1.5 }), /groups is 1.5/],
  ["groupNorm", "no groups", (n) => n.groupNorm(image(n), wrong({})), /groups is undefined/],
  [
    "groupNorm",
    "a gamma per group",
    (n) => n.groupNorm(image(n), { groups: 2, gamma: [1, 1] }),
    /gamma is of shape \[2\].*\[4\]/,
  ],
  ["rmsNorm", "epsilon 0", (n) => n.rmsNorm(x, { epsilon: 0 }), /epsilon is 0/],
  [
    "rmsNorm",
    "a gamma of another shape",
    (n) => n.rmsNorm(x, { gamma: [1] }),
    /gamma is of shape \[1\].*\[3\]/,
  ],
  [
    "weightNorm",
    "a g of another shape",
    (n) => n.weightNorm(x, [1, 1], { axes: [0] }),
    /g is of shape \[2\].*\[3\]/,
  ],
  ["weightNorm", "no axes", (n) => n.weightNorm(x, 1, { axes: [] }), /axes is \[\].*at least one/],
  [
    "weightNorm",
    "a unit without direction",
    (n) =>
      n.weightNorm(
        [
          [0, 1],
          [0, 1],
        ],
        [1, 1],
        { axes: [0] },
      ),
    /norm of v is 0.*greater than 0/,
  ],
  ["dyt", "alpha NaN", (n) => n.dyt(x, { alpha: NaN }), /alpha is NaN.*finite/],
  [
    "dyt",
    "an alpha for each channel",
    (n) => n.dyt(x, { alpha: [1, 1, 1] }),
    /alpha is of shape \[3\].*one number/,
  ],
  ["dyt", "a scalar", (n) => n.dyt(1), /x is of shape \[\].*rank 1/],
  [
    "adaIN",
    "a negative style variance",
    (n) => n.adaIN(image(n), { styleMean: [0, 0, 0, 0], styleVariance: [1, 1, -1, 1] }),
    /styleVariance is -1/,
  ],
  [
    "adaIN",
    "styles for another number of samples",
    (n) => n.adaIN(image(n), { styleMean: n.zeros([3, 4]), styleVariance: n.ones([3, 4]) }),
    /styleMean is of shape \[3, 4\].*\[2, 4\]/,
  ],
  [
    "adaIN",
    "a mean for all and a variance for each",
    (n) => n.adaIN(image(n), { styleMean: n.zeros([4]), styleVariance: n.ones([2, 4]) }),
    /styleVariance is of shape \[2, 4\].*\[4\]/,
  ],
  [
    "switchableNorm",
    "two logits",
    (n) => n.switchableNorm(image(n), { meanLogits: [0, 0], varianceLogits: [0, 0, 0] }),
    /meanLogits is of shape \[2\].*\[3\]/,
  ],
  [
    "switchableNorm",
    "inference without statistics",
    (n) => n.switchableNorm(image(n), { meanLogits: [0, 0, 0], varianceLogits: [0, 0, 0], training: false }),
    /movingMean is undefined/,
  ],
  [
    "switchableNorm",
    "no space",
    (n) => n.switchableNorm(x, { meanLogits: [0, 0, 0], varianceLogits: [0, 0, 0] }),
    /x is of shape \[2, 3\].*rank 3/,
  ],
  [
    "switchableNorm",
    "a momentum below 0",
    (n) => n.switchableNorm(image(n), { meanLogits: [0, 0, 0], varianceLogits: [0, 0, 0], momentum: -0.1 }),
    /momentum is -0.1/,
  ],
  [
    "foldBatchNorm",
    "a kernel of rank 1",
    (n) => n.foldBatchNorm({ kernel: [1, 2] }, { movingMean: [0, 0], movingVariance: [1, 1] }),
    /kernel is of shape \[2\].*rank 2/,
  ],
  [
    "foldBatchNorm",
    "statistics of another layer",
    (n) => n.foldBatchNorm({ kernel: x }, { movingMean: [0, 0], movingVariance: [1, 1] }),
    /movingVariance is of shape \[2\].*\[3\]/,
  ],
  [
    "foldBatchNorm",
    "epsilon 0",
    (n) => n.foldBatchNorm({ kernel: x }, { movingMean: [0, 0, 0], movingVariance: [1, 1, 1], epsilon: 0 }),
    /epsilon is 0/,
  ],
  [
    "foldBatchNormIntoNext",
    "an unknown padding",
    (n) =>
      n.foldBatchNormIntoNext(
        { kernel: x, padding: wrong("full") },
        { movingMean: [0, 0], movingVariance: [1, 1] },
      ),
    /padding is "full".*"valid" or "same"/,
  ],
  ["reestimate", "no batches", (n) => n.reestimate([]), /batches is "?empty"?.*at least one/],
  ["reestimate", "batches of one value", (n) => n.reestimate([[[1, 2]], [[3, 4]]]), /batches is .*one value/],
  [
    "reestimate",
    "batches of different channels",
    (n) => n.reestimate([x, [[1, 2]]]),
    /batch 1 is of shape \[2\].*\[3\]/,
  ],
  [
    "fromTorch",
    "a cumulative average",
    (n) => n.fromTorch("batchNorm", { momentum: null }),
    /momentum is null/,
  ],
  [
    "fromTorch",
    "a layer norm without its shape",
    (n) => n.fromTorch("layerNorm", {}),
    /normalized_shape is undefined/,
  ],
  [
    "toTorch",
    "a layer norm without weights",
    (n) => n.toTorch("layerNorm", {}),
    /gamma is undefined.*normalized_shape/,
  ],
  [
    "fromKeras",
    "axes counted from both ends",
    (n) => n.fromKeras("layerNorm", { axis: [1, -1] }),
    /axis is \[1, -1\].*all negative/,
  ],
  [
    "fromKeras",
    "two channel axes",
    (n) => n.fromKeras("batchNorm", { axis: [1, 2] }),
    /axis is \[1, 2\].*one number/,
  ],
  [
    "batchNormGrad",
    "no cache",
    (n) => n.batchNormGrad(x, wrong(undefined)),
    /cache is undefined.*batchNorm's/,
  ],
  [
    "layerNormGrad",
    "batch norm's cache",
    (n) => n.layerNormGrad(x, wrong(n.batchNorm(x).cache)),
    /^layerNormGrad: cache is batchNorm's; it must be layerNorm's/,
  ],
  [
    "batchNormGradSteps",
    "layer norm's cache",
    (n) => n.batchNormGradSteps(x, wrong(n.layerNorm(x).cache)),
    /cache is layerNorm's/,
  ],
  [
    "layerNormGradSteps",
    "the whole result",
    (n) => n.layerNormGradSteps(x, wrong(n.layerNorm(x))),
    /cache is an object; it must be layerNorm's/,
  ],
  [
    "standardize",
    "no options",
    (n) => n.standardize(x, wrong(undefined)),
    /^standardize: options is undefined/,
  ],
  ["standardizeGrad", "no forward", (n) => n.standardizeGrad(x, wrong(undefined)), /forward is undefined/],
  [
    "standardizeGrad",
    "no rstd",
    (n) => n.standardizeGrad(x, wrong({ xHat: x, axes: [0] })),
    /rstd is undefined/,
  ],
  [
    "standardizeGrad",
    "NaN",
    (n) =>
      n.standardizeGrad([[NaN, 1]], { ...n.standardize([[2, 1]], { axes: [1], epsilon: 1 }), axes: [1] }),
    /dXHat\[0, 0\] is NaN/,
  ],
  ["reestimate", "nothing", (n) => n.reestimate(wrong(undefined)), /batches is undefined.*list of tensors/],
  [
    "reestimate",
    "a single tensor",
    (n) => n.reestimate(wrong(n.ones([2, 2]))),
    /batches is of shape \[2, 2\]/,
  ],
  ["reestimate", "NaN in a batch", (n) => n.reestimate([x, [[1, NaN, 2]]]), /batch 1\[0, 1\] is NaN.*finite/],
  [
    "fromKeras",
    "an unknown method",
    (n) => n.fromKeras(wrong<"batchNorm">("bathNorm"), {}),
    /"bathNorm"; .*one of batchNorm, layer/,
  ],
  [
    "fromTorch",
    "an unknown method",
    (n) => n.fromTorch(wrong<"batchNorm">("x"), {}),
    /method is "x"; it must be one of batchNorm/,
  ],
  [
    "fromTorch",
    "a layout of another name",
    (n) => n.fromTorch("batchNorm", {}, wrong({ layout: "nchw" })),
    /layout is "nchw"; .*channelsLast, channelsFirst/,
  ],
  [
    "rmsNorm",
    "a mean square that overflows",
    (n) => n.rmsNorm([[1e200, 1]]),
    /^rmsNorm: a variance of x is Infinity/,
  ],
  [
    "weightNorm",
    "a norm that overflows",
    (n) => n.weightNorm([[1e200]], [1], { axes: [0] }),
    /norm of v is Infinity/,
  ],
  [
    "layerNorm",
    "numbers whose squares overflow",
    (n) => n.layerNorm([[1e200, -1e200, 3e200]]),
    /^layerNorm: a variance of x is Infinity; it must be finite/,
  ],
  ["layerNorm", "numbers whose sum overflows", (n) => n.layerNorm([[1.7e308, 1.7e308]]), /variance of x is /],
  [
    "batchNorm",
    "a moving variance of NaN",
    (n) => n.batchNorm(x, { movingVariance: [1, NaN, 1] }),
    /movingVariance\[1\] is NaN/,
  ],
  [
    "adaIN",
    "numbers whose squares overflow",
    (n) => n.adaIN(image(n).mul(1e308), styles),
    /variance of x is /,
  ],
  [
    "switchableNorm",
    "numbers whose squares overflow",
    (n) => n.switchableNorm(n.randomNormal([2, 3, 3, 4]).mul(1e200), logits),
    /variance of x is Infinity/,
  ],
  ["toChannelsLast", "a vector", (n) => n.toChannelsLast([1, 2]), /x is of shape \[2\].*rank 2/],
];

export function input(n: Norms): Claim[] {
  const refused = rows.map(([about, what, call, message]) => ({
    about,
    name: `refuses ${what}`,
    check: () => expect(() => call(n)).toThrow(message),
  }));
  return [...refused, ...Object.keys(methods).flatMap((method) => notFinite(n, method))];
}

const tensorsOf = (options: object) => Object.entries(options).filter(([name]) => name !== "groups");

/** NaN and infinity, wherever a tensor goes in, are refused by their place. */
function notFinite(n: Norms, method: string): Claim[] {
  const options = methods[method];
  const { forward, backward } = methodOf(n, method);
  const broken = (at: number) => image(n).map((value, i) => (i === at ? NaN : value));
  const claims = {
    x: () =>
      expect(() => forward(broken(4), options)).toThrow(
        `${method}: x[0, 0, 1, 0] is NaN; it must be a finite`,
      ),
    dy: () =>
      expect(() => backward(broken(37), forward(image(n), options).cache)).toThrow(
        `${method}Grad: dy[1, 0, 0, 1] is NaN; it must be a finite number.`,
      ),
    ...Object.fromEntries(
      tensorsOf(options).map(([name, value]) => [
        name,
        () => {
          const infinite = Array.isArray(value) ? [Infinity, ...(value as number[]).slice(1)] : -Infinity;
          const place = Array.isArray(value) ? "[0] is Infinity" : " is -Infinity";
          expect(() => forward(image(n), { ...options, [name]: infinite })).toThrow(
            `${method}: ${name}${place}`,
          );
        },
      ]),
    ),
    cache: () =>
      expect(() => backward(image(n), { ...forward(image(n), options).cache, method: "another" })).toThrow(
        `${method}Grad: cache is another's; it must be ${method}'s`,
      ),
  };
  return Object.entries(claims).map(([part, check]) => ({
    about: method,
    name: part === "cache" ? "refuses another method's cache" : `refuses what is not finite in ${part}`,
    check,
  }));
}
