/** Every backward against numerical derivatives, for every argument, with dy not ones and γ, β not 1 and 0. */
import type { Tensor } from "normlab";
import { expect } from "vitest";
import { type Claim, methodOf, type Norms } from "./claim";

interface GradientCase {
  about: string;
  name: string;
  /** Shapes of the arguments that have a gradient, or the arguments themselves. */
  arguments: Record<string, readonly number[] | Tensor>;
  options?: object;
}

function cases(n: Norms): GradientCase[] {
  const gammaBeta = (...shape: number[]) => ({ gamma: shape, beta: shape });
  const positive = (shape: number[]) => n.randomUniform(shape, { seed: 5, min: 0.5, max: 2 });
  const moving = { movingMean: [0.3, -0.2, 1], movingVariance: [0.5, 2, 1.3] };
  const logits = { meanLogits: [3], varianceLogits: [3] };
  return [
    { about: "batchNorm", name: "(N,C)", arguments: { x: [5, 3], ...gammaBeta(3) } },
    { about: "batchNorm", name: "(N,T,C)", arguments: { x: [2, 4, 3], ...gammaBeta(3) } },
    { about: "batchNorm", name: "(N,H,W,C)", arguments: { x: [2, 3, 2, 3], ...gammaBeta(3) } },
    {
      about: "batchNorm",
      name: "(N,C,H,W)",
      arguments: { x: [2, 3, 2, 3], ...gammaBeta(3) },
      options: { axis: 1 },
    },
    {
      about: "batchNorm",
      name: "large epsilon",
      arguments: { x: [4, 3], ...gammaBeta(3) },
      options: { epsilon: 2 },
    },
    {
      about: "batchNorm",
      name: "inference",
      arguments: { x: [4, 3], ...gammaBeta(3) },
      options: { training: false, ...moving },
    },
    { about: "layerNorm", name: "(N,C)", arguments: { x: [3, 5], ...gammaBeta(5) } },
    { about: "layerNorm", name: "(N,T,C), per token", arguments: { x: [2, 3, 4], ...gammaBeta(4) } },
    {
      about: "layerNorm",
      name: "(N,H,W,C), whole",
      arguments: { x: [2, 3, 2, 3], ...gammaBeta(3, 2, 3) },
      options: { axes: [1, 2, 3] },
    },
    {
      about: "layerNorm",
      name: "(N,H,W,C), axes 1 and 3",
      arguments: { x: [2, 3, 2, 4], ...gammaBeta(3, 4) },
      options: { axes: [-1, 1] },
    },
    {
      about: "layerNorm",
      name: "large epsilon",
      arguments: { x: [3, 4], ...gammaBeta(4) },
      options: { epsilon: 2 },
    },
    { about: "instanceNorm", name: "(N,T,C)", arguments: { x: [2, 5, 3], ...gammaBeta(3) } },
    { about: "instanceNorm", name: "(N,H,W,C)", arguments: { x: [2, 3, 2, 3], ...gammaBeta(3) } },
    {
      about: "instanceNorm",
      name: "(N,C,H,W)",
      arguments: { x: [2, 3, 4, 2], ...gammaBeta(3) },
      options: { axis: 1 },
    },
    { about: "groupNorm", name: "(N,C)", arguments: { x: [3, 6], ...gammaBeta(6) }, options: { groups: 2 } },
    {
      about: "groupNorm",
      name: "(N,H,W,C)",
      arguments: { x: [2, 2, 3, 6], ...gammaBeta(6) },
      options: { groups: 3 },
    },
    {
      about: "groupNorm",
      name: "(N,C,H,W)",
      arguments: { x: [2, 4, 2, 3], ...gammaBeta(4) },
      options: { groups: 2, axis: 1 },
    },
    { about: "rmsNorm", name: "(N,C)", arguments: { x: [3, 5], gamma: [5] } },
    {
      about: "rmsNorm",
      name: "(N,H,W,C), whole",
      arguments: { x: [2, 3, 2, 2], gamma: [3, 2, 2] },
      options: { axes: [1, 2, 3] },
    },
    {
      about: "rmsNorm",
      name: "large epsilon",
      arguments: { x: [3, 4], gamma: [4] },
      options: { epsilon: 2 },
    },
    { about: "dyt", name: "(N,C)", arguments: { x: [4, 3], alpha: positive([1]), ...gammaBeta(3) } },
    {
      about: "dyt",
      name: "(N,H,W,C)",
      arguments: { x: [2, 2, 2, 3], alpha: positive([1]), ...gammaBeta(3) },
    },
    {
      about: "adaIN",
      name: "a style for each sample",
      arguments: { x: [2, 3, 2, 3], styleMean: [2, 3], styleVariance: positive([2, 3]) },
    },
    {
      about: "adaIN",
      name: "one style",
      arguments: { x: [2, 4, 3], styleMean: [3], styleVariance: positive([3]) },
    },
    { about: "switchableNorm", name: "(N,T,C)", arguments: { x: [2, 4, 3], ...logits, ...gammaBeta(3) } },
    {
      about: "switchableNorm",
      name: "(N,H,W,C)",
      arguments: { x: [2, 3, 2, 3], ...logits, ...gammaBeta(3) },
    },
    {
      about: "switchableNorm",
      name: "(N,C,T)",
      arguments: { x: [2, 3, 4], ...logits, ...gammaBeta(3) },
      options: { axis: 1 },
    },
    {
      about: "switchableNorm",
      name: "inference",
      arguments: { x: [2, 4, 3], ...logits, ...gammaBeta(3) },
      options: { training: false, ...moving },
    },
  ];
}

export function gradients(n: Norms): Claim[] {
  return [
    ...cases(n).map((test) => ({
      about: test.about,
      name: `has the numerical gradient: ${test.name}`,
      check: () => checkCase(n, test),
    })),
    ...[[0], [1], [0, 1]].map((axes) => ({
      about: "weightNorm",
      name: `has the numerical gradient: axes ${axes}`,
      check: () => checkWeightNorm(n, axes),
    })),
  ];
}

const gradientName = (argument: string) => `d${argument[0].toUpperCase()}${argument.slice(1)}`;

function checkCase(n: Norms, test: GradientCase): void {
  const { forward, backward } = methodOf(n, test.about);
  const given = Object.fromEntries(
    Object.entries(test.arguments).map(([key, value], i) => [
      key,
      value instanceof n.Tensor
        ? value
        : n.randomNormal(value as number[], { seed: 10 + i, mean: 0.4, standardDeviation: 1.2 }),
    ]),
  );
  const { x, ...parameters } = given;
  const dy = n.randomNormal(x.shape, { seed: 3, mean: 0.2 });
  const { cache } = forward(x, { ...test.options, ...parameters });
  const analytic = backward(dy, cache);

  for (const key of Object.keys(given)) {
    const loss = (value: Tensor) => {
      const { x: at, ...others } = { ...given, [key]: value };
      return forward(at, { ...test.options, ...others })
        .y.mul(dy)
        .sum()
        .at();
    };
    const gradient = analytic[key === "x" ? "dx" : gradientName(key)];
    expect(n.gradientCheck(loss, given[key], gradient), key).toMatchObject({ passed: true });
  }
}

function checkWeightNorm(n: Norms, axes: number[]): void {
  const v = n.randomNormal([3, 4], { seed: 1 });
  const g = n.randomNormal(
    [3, 4].filter((_, axis) => !axes.includes(axis)),
    { seed: 2 },
  );
  const dw = n.randomNormal([3, 4], { seed: 3 });
  const { dv, dg } = n.weightNormGrad(dw, n.weightNorm(v, g, { axes }).cache);
  const loss = (a: Tensor, b: Tensor) => n.weightNorm(a, b, { axes }).w.mul(dw).sum().at();
  expect(
    n.gradientCheck((value) => loss(value, g), v, dv),
    "v",
  ).toMatchObject({ passed: true });
  expect(
    n.gradientCheck((value) => loss(v, value), g, dg),
    "g",
  ).toMatchObject({ passed: true });
}
