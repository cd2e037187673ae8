/**
 * Operations of tfjs on our backend, with their gradients, in float64: all that a `tf.layers` model reaches (losses and
 * regularizers, too) and those that a layer of one's own might call.
 */
import * as tf from "@tensorflow/tfjs";
import { initBackend } from "normlab";
import { beforeAll, expect, it } from "vitest";
import { differencesInFloat64 } from "./float64";
import { noise, relativeError } from "./support";

type Operation = (x: tf.Tensor) => tf.Tensor;
type Four = tf.Tensor4D;

/** Made where it is used: in float64 there as well. */
const other = (shape: number[]) =>
  tf.tensor(
    Array.from(noise(tf.util.sizeFromShape(shape), 4), (v) => v / 3 + 0.9),
    shape,
  );

const positive = new Set(["log", "log1p", "sqrt", "rsqrt", "pow", "atan2", "mod", "power of a tensor"]);
const flat: [string, Operation][] = [
  ...(
    [
      "abs",
      "asinh",
      "atan",
      "cos",
      "cosh",
      "elu",
      "erf",
      "exp",
      "expm1",
      "leakyRelu",
      "log",
      "log1p",
      "logSigmoid",
      "logSoftmax",
      "neg",
      "reciprocal",
      "relu",
      "relu6",
      "rsqrt",
      "selu",
      "sigmoid",
      "sin",
      "sinh",
      "softmax",
      "softplus",
      "sqrt",
      "square",
      "tanh",
      "ceil",
      "floor",
      "round",
      "sign",
      "step",
    ] as const
  ).map((name): [string, Operation] => [name, (x) => tf[name](x)]),
  ...(["acos", "asin", "atanh", "tan"] as const).map((name): [string, Operation] => [
    name,
    (x) => tf[name](tf.mul(x, 0.5)),
  ]),
  ...(["gelu", "gelu_new", "swish", "mish", "softmax"] as const).map((activation): [string, Operation] => [
    `the layer's ${activation}`,
    (x) => tf.layers.activation({ activation }).apply(x) as tf.Tensor,
  ]),
  ["acosh", (x) => tf.acosh(tf.add(x, 3))],
  ...(["add", "sub", "mul", "div", "maximum", "minimum", "squaredDifference", "atan2"] as const).flatMap(
    (name): [string, Operation][] => [
      [name, (x) => tf[name](x, other([3, 4]))],
      [`${name}, the other way round and broadcast`, (x) => tf[name](other([4]), x)],
      [
        `${name}, both broadcast`,
        (x) => tf[name](tf.reshape(x, [3, 1, 4]), tf.mul(tf.reshape(x, [1, 3, 4]), 0.7)),
      ],
    ],
  ),
  ["divNoNan", (x) => tf.divNoNan(x, other([3, 4]))],
  ["mod", (x) => tf.mod(x, other([3, 4]))],
  ["pow", (x) => tf.pow(x, 3)],
  ["power of a tensor", (x) => tf.pow(x, tf.add(x, other([3, 4])))],
  ["clipByValue", (x) => tf.clipByValue(x, -0.7, 0.6)],
  ["prelu", (x) => tf.prelu(x, other([4]))],
  ["prelu, by its slopes", (x) => tf.prelu(tf.sub(other([3, 4]), 1), x)],
  ["where", (x) => tf.where(tf.greater(other([3, 4]), 1), x, tf.square(x))],
  [
    "a comparison's factor",
    (x) => tf.mul(x, tf.cast(tf.logicalOr(tf.less(x, -0.5), tf.equal(x, 1)), "float32")),
  ],
  ...(["sum", "mean", "max", "min", "prod", "logSumExp"] as const).flatMap((name): [string, Operation][] => [
    [`${name} of all`, (x) => tf[name](x)],
    [`${name} of rows`, (x) => tf[name](x, 1)],
    [`${name} of columns, kept`, (x) => tf[name](x, 0, true)],
    [`${name} of repeated values`, (x) => tf[name](tf.concat([x, x], 1), 1)],
  ]),
  ["moments", (x) => tf.stack(Object.values(tf.moments(x, 0)))],
  ["norm", (x) => tf.norm(x, "euclidean", 1)],
  ["cumsum", (x) => tf.cumsum(x, 1, true, true)],
  ["concat", (x) => tf.concat([x, tf.square(x)], 0)],
  ["stack", (x) => tf.stack([x, tf.square(x)], 1)],
  ["unstack", (x) => tf.unstack(x, 1).reduce((sum, part, k) => tf.add(sum, tf.mul(part, k)))],
  ["unstack of one", (x) => tf.unstack(tf.reshape(x, [1, 12]))[0]],
  ["split", (x) => tf.split(x, [1, 3], 1)[1]],
  ["split in one", (x) => tf.split(x, 1, 1)[0]],
  ["slice", (x) => tf.slice(x, [1, 1], [2, 2])],
  ["gather, with repetitions", (x) => tf.gather(x, tf.tensor1d([2, 0, 2], "int32"))],
  ["gather of columns", (x) => tf.gather(x, tf.tensor1d([2, 0, 2], "int32"), 1)],
  ["reverse", (x) => tf.reverse(x, 1)],
  ["transpose", (x) => tf.transpose(x)],
  ["tile", (x) => tf.tile(x, [2, 3])],
  ["broadcastTo", (x) => tf.broadcastTo(x, [2, 3, 4])],
  [
    "pad",
    (x) =>
      tf.pad(x, [
        [1, 0],
        [0, 2],
      ]),
  ],
  [
    "mirrorPad, reflected",
    (x) =>
      tf.mirrorPad(
        x,
        [
          [1, 2],
          [3, 2],
        ],
        "reflect",
      ),
  ],
  [
    "mirrorPad, symmetric",
    (x) =>
      tf.mirrorPad(
        x,
        [
          [3, 1],
          [0, 4],
        ],
        "symmetric",
      ),
  ],
  ["matMul", (x) => tf.matMul(x, x, false, true)],
  ["unsortedSegmentSum", (x) => tf.unsortedSegmentSum(x, tf.tensor1d([1, 0, 1], "int32"), 2)],
];

const images: [string, Operation][] = [
  ["resizeBilinear", (x) => tf.image.resizeBilinear(x as Four, [3, 7])],
  ["resizeBilinear, corners aligned", (x) => tf.image.resizeBilinear(x as Four, [7, 3], true)],
  ["resizeNearestNeighbor", (x) => tf.image.resizeNearestNeighbor(x as Four, [7, 3])],
  ["resizeNearestNeighbor, corners aligned", (x) => tf.image.resizeNearestNeighbor(x as Four, [3, 7], true)],
  ["localResponseNormalization", (x) => tf.localResponseNormalization(x as Four, 1)],
  [
    "batchNorm",
    (x) => tf.batchNorm(x, other([2]), tf.square(other([2])), other([2]), tf.sub(other([2]), 0.4)),
  ],
  [
    "spaceToBatchND",
    (x) =>
      tf.spaceToBatchND(
        x,
        [2, 1],
        [
          [0, 0],
          [1, 0],
        ],
      ),
  ],
  [
    "conv2d, padded apart on each side",
    (x) =>
      tf.conv2d(x as Four, other([3, 2, 2, 3]) as Four, 1, [
        [0, 0],
        [2, 1],
        [0, 1],
        [0, 0],
      ]),
  ],
  [
    "conv2dTranspose",
    (x) => tf.conv2dTranspose(x as Four, other([3, 3, 2, 2]) as Four, [1, 8, 10, 2], 2, "same"),
  ],
  ["maxPool, padded", (x) => tf.maxPool(x as Four, 3, 2, 1)],
  ["avgPool, padded", (x) => tf.avgPool(x as Four, 3, 2, 1)],
  ["dilation2d", (x) => tf.dilation2d(x as Four, other([2, 2, 2]) as tf.Tensor3D, 1, "same")],
];

/** Losses by their names, of predicted shares (or numbers); regularizers, of a weight. */
const losses: [string, Operation][] = [
  "meanSquaredError",
  "meanAbsoluteError",
  "meanAbsolutePercentageError",
  "meanSquaredLogarithmicError",
  "squaredHinge",
  "hinge",
  "categoricalHinge",
  "logcosh",
  "categoricalCrossentropy",
  "sparseCategoricalCrossentropy",
  "binaryCrossentropy",
  "kullbackLeiblerDivergence",
  "poisson",
  "cosineProximity",
].map((name) => [
  name,
  (x) => {
    const targets = name.startsWith("sparse")
      ? tf.tensor([[1], [3], [0]])
      : tf.softmax(tf.mul(other([3, 4]), 3));
    return lossFunction(name)(targets, tf.softmax(x));
  },
]);
const regularizers: [string, Operation][] = [
  ["l1", (x) => tf.regularizers.l1({ l1: 0.3 }).apply(x)],
  ["l2", (x) => tf.regularizers.l2({ l2: 0.3 }).apply(x)],
  ["l1l2", (x) => tf.regularizers.l1l2({ l1: 0.3, l2: 0.2 }).apply(x)],
];

type Loss = (target: tf.Tensor, output: tf.Tensor) => tf.Tensor;

function lossFunction(name: string): Loss {
  const model = tf.sequential({
    layers: [tf.layers.activation({ activation: "linear", inputShape: [4] })],
  });
  model.compile({ optimizer: "sgd", loss: name });
  return (model as unknown as { model: { lossFunctions: Loss[] } }).model.lossFunctions[0];
}

const cases: [string, number[], Operation][] = [
  ...[...flat, ...losses, ...regularizers].map(([name, f]): [string, number[], Operation] => [
    name,
    [3, 4],
    f,
  ]),
  ...images.map(([name, f]): [string, number[], Operation] => [name, [1, 4, 5, 2], f]),
];

beforeAll(async () => {
  await initBackend();
});

it.each(cases)("%s has float64's values and gradient", async (name, shape, f) => {
  const size = tf.util.sizeFromShape(shape);
  const values = Array.from(noise(size, 5), (value) => (positive.has(name) ? Math.abs(value) + 0.2 : value));
  const dy = (length: number) => noise(length, 7);
  const expected = await differencesInFloat64(f, values, shape, dy);
  const [y, dx] = tf.tidy(() => {
    const x = tf.tensor(values, shape);
    const y = f(x);
    const dx = tf.grad(f)(x, tf.tensor(dy(y.size), y.shape));
    return [y.dataSync(), dx.dataSync()];
  });
  expect(relativeError(y, expected.y)).toBeLessThan(1e-5);
  expect(relativeError(dx, expected.dx)).toBeLessThan(1e-5);
});

it("equal extremes share the gradient", () => {
  const x = tf.tensor([
    [1, 3, 3],
    [2, 2, 2],
  ]);
  const slopes = (f: (x: tf.Tensor) => tf.Tensor) =>
    Array.from(tf.grad(f)(x).dataSync(), (d) => Math.round(d * 6));
  expect(slopes((x) => tf.max(x, 1))).toEqual([0, 3, 3, 2, 2, 2]);
  expect(slopes((x) => tf.min(x, -1, true))).toEqual([6, 0, 0, 2, 2, 2]);
  expect(slopes((x) => tf.max(x))).toEqual([0, 3, 3, 0, 0, 0]);
});
