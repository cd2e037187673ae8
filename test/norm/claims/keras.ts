/** Agreement with Keras 3 in float64: forward, backward and moving statistics over several steps. */
import type { Method, Tensor } from "normlab";
import { expectClose, largest, summands } from "../../support/close";
import { type KerasCase, kerasCases } from "../../support/fixtures";
import { type Claim, load, methodOf, type Norms } from "./claim";

const TOLERANCE = 1e-10;

const methods: Record<KerasCase["layer"], Method> = {
  BatchNormalization: "batchNorm",
  LayerNormalization: "layerNorm",
  GroupNormalization: "groupNorm",
  RMSNormalization: "rmsNorm",
};

export function keras(n: Norms): Claim[] {
  return kerasCases().map((test) => {
    const about = test.config.groups === -1 ? "instanceNorm" : methods[test.layer];
    return { about, name: `is Keras's ${test.name}`, check: () => check(n, test, about) };
  });
}

function check(n: Norms, test: KerasCase, method: Method): void {
  const { forward, backward } = methodOf(n, method);
  const weights = Object.fromEntries(
    Object.entries(test.weights).map(([key, value]) => [key, load(n, value)]),
  );
  const { scale: _scale, ...config } = test.config;
  const layer: Parameters<Norms["fromKeras"]>[1] = { ...config, ...weights };

  test.steps.forEach(({ x, dy }, i) => {
    const training = i < test.steps.length - 1;
    const expected = test.float64[i];
    const given = n.fromKeras(method, layer);
    const { y, cache, movingMean, movingVariance } = forward(load(n, x), {
      ...given,
      ...(method === "batchNorm" && { training }),
    });
    const gradients = backward(load(n, dy), cache);
    expectClose(`y in step ${i}`, y, expected.y, TOLERANCE);
    expectClose(`dx in step ${i}`, gradients.dx, expected.dx, TOLERANCE, largest(dy));
    const dGamma = expected.d_gamma ?? expected.d_scale;
    if (dGamma) expectClose(`dGamma in step ${i}`, gradients.dGamma, dGamma, TOLERANCE, summands(dy, dGamma));
    const dBeta = expected.d_beta;
    if (dBeta) expectClose(`dBeta in step ${i}`, gradients.dBeta, dBeta, TOLERANCE, summands(dy, dBeta));
    if (!expected.moving_mean) return;
    expectClose(`movingMean in step ${i}`, movingMean as Tensor, expected.moving_mean, TOLERANCE);
    expectClose(`movingVariance in step ${i}`, movingVariance as Tensor, expected.moving_variance, TOLERANCE);
    layer.moving_mean = load(n, expected.moving_mean);
    layer.moving_variance = load(n, expected.moving_variance);
  });
}
