/** ONNX's own node test cases. Their data are float32, so 1e-5 is what agreement can mean. */
import type { Tensor } from "normlab";
import { expectClose } from "../../support/close";
import { type OnnxCase, onnxCases } from "../../support/fixtures";
import { type Claim, load, type Norms } from "./claim";

const TOLERANCE = 1e-5;

/** What an operator takes where a node says nothing. */
export const onnxDefaults: { epsilon: number; momentum: number } = { epsilon: 1e-5, momentum: 0.9 };
const { epsilon: defaultEpsilon, momentum: defaultMomentum } = onnxDefaults;

/** The operators' outputs, in the operators' own names. */
type Operator = (
  n: Norms,
  inputs: Record<string, Tensor>,
  attributes: OnnxCase["attributes"],
) => Record<string, Tensor>;

/** ONNX names the first reduced axis; all axes after it are reduced too. */
const fromAxis = (axis: number, rank: number) =>
  Array.from({ length: rank }, (_, i) => i).slice(axis < 0 ? axis + rank : axis);

/** ONNX keeps the reduced axes with length 1. */
const kept = (statistic: Tensor, x: Tensor, axes: number[]) =>
  statistic.reshape(x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length)));

const operators: Record<string, { about: string; run: Operator }> = {
  BatchNormalization: {
    about: "batchNorm",
    run(
      n,
      { x, s, bias, mean, var: variance },
      { epsilon = defaultEpsilon, momentum = defaultMomentum, training_mode = 0 },
    ) {
      const result = n.batchNorm(x, {
        ...{ gamma: s, beta: bias, movingMean: mean, movingVariance: variance },
        ...{ epsilon, momentum, axis: 1, training: training_mode === 1 },
      });
      return { y: result.y, output_mean: result.movingMean, output_var: result.movingVariance };
    },
  },
  LayerNormalization: {
    about: "layerNorm",
    run(n, { X, W, B }, { axis = -1, epsilon = defaultEpsilon }) {
      const axes = fromAxis(axis, X.rank);
      const { y, mean, cache } = n.layerNorm(X, { gamma: W, beta: B, axes, epsilon });
      return { Y: y, Mean: kept(mean, X, axes), InvStdDev: kept(cache.rstd, X, axes) };
    },
  },
  InstanceNormalization: {
    about: "instanceNorm",
    run: (n, { x, s, bias }, { epsilon = defaultEpsilon }) => ({
      y: n.instanceNorm(x, { gamma: s, beta: bias, axis: 1, epsilon }).y,
    }),
  },
  GroupNormalization: {
    about: "groupNorm",
    run: (n, { x, scale, bias }, { epsilon = defaultEpsilon, num_groups: groups }) => ({
      y: n.groupNorm(x, { gamma: scale, beta: bias, groups: groups!, axis: 1, epsilon }).y,
    }),
  },
  RMSNormalization: {
    about: "rmsNorm",
    run: (n, { X, W }, { axis = -1, epsilon = defaultEpsilon }) => ({
      Y: n.rmsNorm(X, { gamma: W, axes: fromAxis(axis, X.rank), epsilon }).y,
    }),
  },
  MeanVarianceNormalization: {
    about: "standardize",
    // (X − E[X]) / (√Var + 10⁻⁹) over (N,H,W).
    run: (n, { X }) => ({ Y: n.standardize(X, { axes: [0, 2, 3], epsilon: 1e-18 }).xHat }),
  },
};

export function onnx(n: Norms): Claim[] {
  return onnxCases().map((test) => ({
    about: operators[test.operator].about,
    name: `passes ONNX's ${test.name}`,
    check: () => {
      const inputs = Object.fromEntries(
        Object.entries(test.inputs).map(([key, value]) => [key, load(n, value)]),
      );
      const outputs = operators[test.operator].run(n, inputs, test.attributes);
      for (const [key, expected] of Object.entries(test.outputs)) {
        expectClose(key, outputs[key], expected, TOLERANCE);
      }
    },
  }));
}
