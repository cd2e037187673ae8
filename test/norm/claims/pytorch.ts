/** Agreement with PyTorch in float64: forward, backward and running statistics over several steps. */
import type { Tensor, TorchModule } from "normlab";
import { expectClose, largest, type Numbers, summands } from "../../support/close";
import {
  type PytorchCase,
  pytorchCases,
  type PytorchFormulaCase,
  type PytorchWeightNormCase,
  type Step,
} from "../../support/fixtures";
import { type Claim, load, methodOf, type Norms } from "./claim";

const TOLERANCE = 1e-10;

export function pytorch(n: Norms): Claim[] {
  return pytorchCases().flatMap((test): Claim[] => {
    const claim = { about: test.method, name: `is PyTorch's ${test.name}` };
    if (test.method === "weightNorm") return [{ ...claim, check: () => checkWeightNorm(n, test) }];
    if ("arguments" in test) return [{ ...claim, check: () => checkFormula(n, test) }];
    return layoutsOf(test).map((layout) => ({
      ...claim,
      name: `${claim.name}, ${layout}`,
      check: () => checkModule(n, test, layout),
    }));
  });
}

type Layout = "channelsFirst" | "channelsLast";

/** A layer or RMS norm over the last axes only is meant for tokens, which lie the same way everywhere. */
function layoutsOf({ method, settings, steps }: PytorchCase): Layout[] {
  const axes = settings.normalized_shape?.length;
  const isImage = axes === undefined || axes === steps[0].x.shape.length - 1;
  return (method === "layerNorm" || method === "rmsNorm") && (!isImage || axes < 3)
    ? ["channelsFirst"]
    : ["channelsFirst", "channelsLast"];
}

function checkModule(n: Norms, test: PytorchCase, layout: Layout): void {
  const { forward, backward } = methodOf(n, test.method);
  const move = (values: Numbers): Tensor =>
    layout === "channelsLast" ? n.toChannelsLast(load(n, values)) : load(n, values);
  // The weights' gradients lie as the weights do.
  const moveWeight = (weight: Numbers): Tensor =>
    n.fromTorch("layerNorm", { weight: load(n, weight), normalized_shape: 1 }, { layout }).gamma as Tensor;

  const module: TorchModule = { ...test.settings, weight: load(n, test.weight) };
  if (test.bias) module.bias = load(n, test.bias);
  const compare = (step: Step, label: string, more: object) => {
    const options = { ...n.fromTorch(test.method, module, { layout }), ...more };
    const { y, cache, movingMean, movingVariance } = forward(move(step.x), options);
    const { dx, dGamma, dBeta } = backward(move(step.dy), cache);
    expectClose(`y ${label}`, y, move(step.y), TOLERANCE);
    expectClose(`dx ${label}`, dx, move(step.dx), TOLERANCE, scaleOfGradient(step));
    expectClose(
      `dGamma ${label}`,
      dGamma,
      moveWeight(step.d_weight),
      TOLERANCE,
      summands(step.dy, test.weight),
    );
    if (test.bias)
      expectClose(`dBeta ${label}`, dBeta, moveWeight(step.d_bias), TOLERANCE, summands(step.dy, test.bias));
    if (!step.running_mean) return;
    expectClose(`movingMean ${label}`, movingMean as Tensor, step.running_mean, TOLERANCE);
    expectClose(`movingVariance ${label}`, movingVariance as Tensor, step.running_var, TOLERANCE);
    module.running_mean = load(n, step.running_mean);
    module.running_var = load(n, step.running_var);
  };
  test.steps.forEach((step, i) => compare(step, `in step ${i + 1}`, {}));
  if (test.evaluation) compare(test.evaluation, "in evaluation", { training: false });
}

/** Where x̂ is all 0 (one value to normalize), dx is what remains when numbers of the size of dy·rstd cancel. */
const scaleOfGradient = (step: Step) => (largest(step.dx) < 1e-9 ? largest(step.dy) / Math.sqrt(1e-6) : 0);

function checkWeightNorm(n: Norms, { settings, g, v, w, dw, dg, dv }: PytorchWeightNormCase): void {
  const axes = v.shape.map((_, axis) => axis).filter((axis) => axis !== settings.dim);
  const lengths = load(n, g).reshape([v.shape[settings.dim]]);
  const result = n.weightNorm(load(n, v), lengths, { axes });
  const gradients = n.weightNormGrad(load(n, dw), result.cache);
  expectClose("w", result.w, w, TOLERANCE);
  expectClose("dv", gradients.dv, dv, TOLERANCE);
  expectClose("dg", gradients.dg, load(n, dg).reshape(lengths.shape), TOLERANCE);
}

function checkFormula(n: Norms, test: PytorchFormulaCase): void {
  const { forward, backward } = methodOf(n, test.method);
  const { x, ...rest } = test.arguments;
  const parameters = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, load(n, value)]));
  const { y, cache } = forward(load(n, x), { ...test.settings, ...parameters });
  const gradients = backward(load(n, test.dy), cache);
  expectClose("y", y, test.y, TOLERANCE);
  for (const [key, expected] of Object.entries(test.gradients)) {
    const name = key === "x" ? "dx" : `d${key[0].toUpperCase()}${key.slice(1)}`;
    expectClose(name, gradients[name], expected, TOLERANCE);
  }
}
