/** Every layer against the float64 functions: forward, backward, state; with γ, β and dy of no special value. */
import * as tf from "@tensorflow/tfjs";
import * as n from "normlab";
import { beforeAll, describe, expect, it } from "vitest";
import { expectClose, type Numbers } from "../support/close";
import { both, type Case, cases, logits, moving, normal } from "./methods";
import { runLayer, setWeights, toNumbers } from "./support";

const TOLERANCE = 1e-5;
const { layers } = n;

describe.each(["wasm", "cpu"] as const)("layers on the backend %s", (backend) => {
  beforeAll(async () => {
    await n.initBackend({ backend });
  });

  it.each(cases())(
    "compute what the float64 functions compute: $name",
    ({ layer, shape, weights, reference }) => {
      const x = normal(shape, 11);
      layer.build(shape);
      setWeights(layer, weights);
      const dy = normal(layer.computeOutputShape(shape) as number[], 12, 0.1);
      const expected = reference.call({ weights } as Case, x, dy);
      const actual = runLayer(layer, x, dy, true);
      expectClose("y", actual.y, expected.y, TOLERANCE);
      expectClose("dx", actual.dx, expected.dx, TOLERANCE);
      expect(Object.keys(actual.gradients).sort()).toEqual(Object.keys(expected.gradients).sort());
      for (const [name, gradient] of Object.entries(expected.gradients)) {
        expectClose(`gradient of ${name}`, actual.gradients[name], gradient, TOLERANCE);
      }
      for (const [name, value] of Object.entries(expected.state ?? {})) {
        expectClose(name, actual.state[name], value, TOLERANCE);
      }
    },
  );

  it.each(["batchNorm", "switchableNorm"] as const)(
    "use the moving statistics in inference: %s",
    (method) => {
      const layer = layers[method]();
      layer.build([2, 5, 6]);
      setWeights(layer, { ...both, ...logits, ...moving });
      const [x, dy] = [normal([2, 5, 6], 1), normal([2, 5, 6], 2)];
      const options = {
        ...{ ...both, training: false },
        ...{ movingMean: moving.moving_mean, movingVariance: moving.moving_variance },
      };
      const weighed = { meanLogits: logits.mean_logits, varianceLogits: logits.variance_logits };
      const expected =
        method === "batchNorm"
          ? ((r) => ({ y: r.y, ...n.batchNormGrad(dy, r.cache) }))(n.batchNorm(x, options))
          : ((r) => ({ y: r.y, ...n.switchableNormGrad(dy, r.cache) }))(
              n.switchableNorm(x, { ...options, ...weighed }),
            );
      const actual = runLayer(layer, x, dy, false);
      expectClose("y", actual.y, expected.y, TOLERANCE);
      expectClose("dx", actual.dx, expected.dx, TOLERANCE);
      expectClose("dGamma", actual.gradients.gamma, expected.dGamma, TOLERANCE);
      expectClose("moving_mean", actual.state.moving_mean, moving.moving_mean, 0);
      expectClose("moving_variance", actual.state.moving_variance, moving.moving_variance, 0);
    },
  );

  it("compute a weight-normalized convolution", () => {
    const layer = layers.weightNorm({
      layer: tf.layers.conv2d({ filters: 3, kernelSize: 2, useBias: false }),
    });
    layer.build([1, 4, 4, 2]);
    const kernel = normal([2, 2, 2, 3], 1);
    const g = normal([3], 2);
    setWeights(layer, { g, kernel });
    const { w } = n.weightNorm(kernel, g, { axes: [0, 1, 2] });
    const x = tf.randomNormal([1, 4, 4, 2], 0, 1, "float32", 3) as tf.Tensor4D;
    const plain = tf.conv2d(x, tf.tensor4d(Array.from(w.data), [2, 2, 2, 3]), 1, "valid");
    expectClose("y", toNumbers(layer.apply(x) as tf.Tensor), toNumbers(plain), TOLERANCE);
  });

  it.each([
    ["batchNorm", layers.batchNorm({ epsilon: 1e-5 }), [256, 3], [0]],
    ["layerNorm", layers.layerNorm({ epsilon: 1e-5 }), [3, 256], [1]],
    ["groupNorm", layers.groupNorm({ epsilon: 1e-5, groups: 2 }), [3, 256], undefined],
  ] as [string, tf.layers.Layer, number[], number[] | undefined][])(
    "keep their digits at mean 10⁴, σ 0.01: %s",
    (_name, layer, shape, axes) => {
      const x = n.randomNormal(shape, { seed: 1, standardDeviation: 0.01 }).add(1e4).map(Math.fround);
      const dy = normal(shape, 2);
      const expected: { y: Numbers } = axes
        ? { y: n.standardize(x, { axes, epsilon: 1e-5 }).xHat }
        : n.groupNorm(x, { groups: 2, epsilon: 1e-5 });
      expectClose("y", runLayer(layer, x, dy, true).y, expected.y, TOLERANCE);
    },
  );
});
