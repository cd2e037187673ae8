/** What must hold for every input, tried on random ones (fast-check, with a fixed seed). */
import fc from "fast-check";
import type { Tensor } from "normlab";
import { expect } from "vitest";
import { expectClose, largest } from "../../support/close";
import { type Claim, methodOf, type Norms } from "./claim";

const RUNS = { seed: 20_150_211, numRuns: 15 };

/** A random image batch (N,H,W,C), a gradient of its shape and parameters, as one bundle. */
interface Sample {
  x: Tensor;
  dy: Tensor;
  gamma: Tensor;
  beta: Tensor;
  seed: number;
}

function forSamples(n: Norms, check: (sample: Sample) => void): () => void {
  const lengths = fc.tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 2, max: 4 }),
    fc.integer({ min: 1, max: 3 }),
    fc.constantFrom(2, 4, 6),
  );
  const arbitrary = fc.tuple(lengths, fc.nat(1e6), fc.double({ min: -5, max: 5, noNaN: true }));
  return () =>
    fc.assert(
      fc.property(arbitrary, ([shape, seed, mean]) => {
        const normal = (s: readonly number[], i: number) => n.randomNormal(s, { seed: seed + i, mean: 0.5 });
        const channels = shape.slice(-1);
        check({
          x: n.randomNormal(shape, { seed, mean, standardDeviation: 2 }),
          ...{ dy: normal(shape, 1), gamma: normal(channels, 2), beta: normal(channels, 3), seed },
        });
      }),
      RUNS,
    );
}

/** The centred methods with their reduced axes for (N,H,W,C). */
const centred: [string, number[], object][] = [
  ["batchNorm", [0, 1, 2], {}],
  ["layerNorm", [3], {}],
  ["instanceNorm", [1, 2], {}],
  ["groupNorm", [1, 2, 3], { groups: 1 }],
];

export function properties(n: Norms): Claim[] {
  return [
    ...ofGradients(n),
    ...ofLayerNorm(n),
    ...betweenMethods(n),
    ...ofMovingStatistics(n),
    ...ofTheOthers(n),
  ];
}

function ofGradients(n: Norms): Claim[] {
  return centred.flatMap(([about, axes, options]) => {
    const { forward, backward } = methodOf(n, about);
    const gradientOf = ({ x, dy, gamma, beta }: Sample): Tensor =>
      backward(dy, forward(x, { gamma, beta, ...options }).cache).dx;
    const epsilon = 1e-3;
    return [
      {
        about,
        name: "has Σdx = 0 over the reduced axes",
        check: forSamples(n, (sample) => {
          const sums = gradientOf(sample).sum(axes);
          // Rounding is in proportion to the summands, which are of the size γ·dy·rstd ≤ γ·dy/√ε.
          const size = (largest(sample.dy) * largest(sample.gamma)) / Math.sqrt(epsilon);
          expectClose("Σdx", sums, sums.mul(0), 1e-12, size);
        }),
      },
      {
        about,
        name: "has Σdx·x̂ = rstd·(Σ dx̂·x̂)·ε/(σ² + ε)",
        check: forSamples(n, (sample) => {
          const { x, dy, gamma } = sample;
          const { xHat, variance, rstd } = n.standardize(x, { axes, epsilon });
          const factor = rstd.mul(variance.map((v) => epsilon / (v + epsilon)));
          const expected = dy.mul(gamma).mul(xHat).sum(axes).mul(factor);
          const size = (largest(dy) * largest(gamma)) / Math.sqrt(epsilon);
          expectClose("Σdx·x̂", gradientOf(sample).mul(xHat).sum(axes), expected, 1e-12, size);
        }),
      },
      {
        about,
        name: "does not change when the channels' data are moved by a constant, and neither does dx",
        check: forSamples(n, (sample) => {
          const before = gradientOf(sample);
          expectClose("dx", gradientOf({ ...sample, x: sample.x.add(3) }), before, 1e-9, 1);
        }),
      },
    ];
  });
}

function ofLayerNorm(n: Norms): Claim[] {
  const about = "layerNorm";
  const steps = (name: string, forward: "batchNorm" | "layerNorm") => ({
    about: forward,
    name: `gives the closed form's gradients step by step, ${name}`,
    check: forSamples(n, ({ x, dy, gamma, beta }) => {
      const options = { gamma, beta };
      const [closed, step] =
        forward === "batchNorm"
          ? ((cache) => [n.batchNormGrad(dy, cache), n.batchNormGradSteps(dy, cache)])(
              n.batchNorm(x, options).cache,
            )
          : ((cache) => [n.layerNormGrad(dy, cache), n.layerNormGradSteps(dy, cache)])(
              n.layerNorm(x, options).cache,
            );
      expectClose("dx", step.dx, closed.dx, 1e-12, largest(dy));
      expectClose("dGamma", step.dGamma, closed.dGamma, 1e-12);
      expectClose("dBeta", step.dBeta, closed.dBeta, 1e-12);
    }),
  });
  return [
    steps("all intermediate gradients by name", "batchNorm"),
    steps("all intermediate gradients by name", "layerNorm"),
    {
      about,
      name: "LN(ax + b; a²ε) = LN(x; ε) for a > 0",
      check: forSamples(n, ({ x, gamma, beta, seed }) => {
        const [a, b] = [0.1 + (seed % 7), (seed % 5) - 2];
        const left = n.layerNorm(x.mul(a).add(b), { gamma, beta, epsilon: a * a * 1e-3 });
        expectClose("y", left.y, n.layerNorm(x, { gamma, beta, epsilon: 1e-3 }).y, 1e-9);
      }),
    },
    {
      about,
      name: "LN(−x) = −LN(x)",
      check: forSamples(n, ({ x }) =>
        expectClose("y", n.layerNorm(x.neg()).y, n.layerNorm(x).y.neg(), 1e-12),
      ),
    },
    {
      about,
      name: "is one sample's business: another sample changes nothing",
      check: forSamples(n, ({ x, gamma }) => {
        const doubled = n.tensor([...x.data, ...x.mul(9).data], [2 * x.shape[0], ...x.shape.slice(1)]);
        const { y } = n.layerNorm(doubled, { gamma, axes: [-1] });
        expectClose("y", n.tensor(y.data.slice(0, x.size), x.shape), n.layerNorm(x, { gamma }).y, 1e-15);
      }),
    },
  ];
}

function betweenMethods(n: Norms): Claim[] {
  return [
    {
      about: "groupNorm",
      name: "with a group for each channel is instance norm",
      check: forSamples(n, ({ x, dy, gamma, beta }) => {
        const group = n.groupNorm(x, { gamma, beta, groups: x.shape[3] });
        const instance = n.instanceNorm(x, { gamma, beta });
        expectClose("y", group.y, instance.y, 1e-12);
        expectClose(
          "dx",
          n.groupNormGrad(dy, group.cache).dx,
          n.instanceNormGrad(dy, instance.cache).dx,
          1e-12,
          1,
        );
      }),
    },
    {
      about: "groupNorm",
      name: "with one group is layer norm over (H,W,C), but for γ's shape",
      check: forSamples(n, ({ x, gamma, beta }) => {
        const whole = (values: Tensor) => n.zeros(x.shape.slice(1)).add(values);
        const layer = n.layerNorm(x, { gamma: whole(gamma), beta: whole(beta), axes: [1, 2, 3] });
        expectClose("y", n.groupNorm(x, { gamma, beta, groups: 1 }).y, layer.y, 1e-12);
      }),
    },
    {
      about: "batchNorm",
      name: "with a batch of one image is instance norm",
      check: forSamples(n, ({ x, gamma, beta }) => {
        const one = n.tensor(x.data.slice(0, x.size / x.shape[0]), [1, ...x.shape.slice(1)]);
        expectClose("y", n.batchNorm(one, { gamma, beta }).y, n.instanceNorm(one, { gamma, beta }).y, 1e-12);
      }),
    },
    {
      about: "batchNorm",
      name: "of (N,C,H,W) with axis 1 is that of (N,H,W,C)",
      check: forSamples(n, ({ x, dy, gamma, beta }) => {
        const last = n.batchNorm(x, { gamma, beta });
        const first = n.batchNorm(n.toChannelsFirst(x), { gamma, beta, axis: 1 });
        const dx = n.batchNormGrad(n.toChannelsFirst(dy), first.cache).dx;
        expectClose("y", n.toChannelsLast(first.y), last.y, 1e-12);
        expectClose("dx", n.toChannelsLast(dx), n.batchNormGrad(dy, last.cache).dx, 1e-12, 1);
      }),
    },
    {
      about: "switchableNorm",
      name: "with all weight on one kind is instance, layer or batch norm",
      check: forSamples(n, ({ x, gamma, beta }) => {
        const sure = (k: number) => [0, 1, 2].map((i) => (i === k ? 1000 : 0));
        const only = (k: number) =>
          n.switchableNorm(x, { gamma, beta, meanLogits: sure(k), varianceLogits: sure(k) });
        expectClose("instance", only(0).y, n.instanceNorm(x, { gamma, beta }).y, 1e-12);
        expectClose("layer", only(1).y, n.groupNorm(x, { gamma, beta, groups: 1 }).y, 1e-12);
        expectClose("batch", only(2).y, n.batchNorm(x, { gamma, beta }).y, 1e-12);
      }),
    },
    {
      about: "adaIN",
      name: "with x's own statistics gives x back",
      check: forSamples(n, ({ x }) => {
        const { mean, variance } = n.instanceNorm(x);
        expectClose("y", n.adaIN(x, { styleMean: mean, styleVariance: variance }).y, x, 1e-12);
      }),
    },
    {
      about: "rmsNorm",
      name: "of centred data is layer norm",
      check: forSamples(n, ({ x, gamma }) => {
        const centredX = x.sub(x.mean([3], true));
        expectClose("y", n.rmsNorm(centredX, { gamma, epsilon: 1e-3 }).y, n.layerNorm(x, { gamma }).y, 1e-11);
      }),
    },
  ];
}

function ofMovingStatistics(n: Norms): Claim[] {
  const about = "batchNorm";
  return [
    {
      about,
      name: "after k equal batches has moving mean (1 − momentumᵏ)·mean + momentumᵏ·initial",
      check: forSamples(n, ({ x, gamma, beta, seed }) => {
        const momentum = 0.5 + (seed % 50) / 100;
        const k = 1 + (seed % 6);
        const start = { movingMean: gamma, movingVariance: beta.square() };
        let moving: { movingMean: Tensor; movingVariance: Tensor } = start;
        for (let i = 0; i < k; i++) moving = n.batchNorm(x, { ...moving, momentum });
        const { mean, variance } = n.batchNorm(x);
        const mix = (now: Tensor, initial: Tensor) =>
          now.mul(1 - momentum ** k).add(initial.mul(momentum ** k));
        expectClose("movingMean", moving.movingMean, mix(mean, start.movingMean), 1e-12);
        expectClose("movingVariance", moving.movingVariance, mix(variance, start.movingVariance), 1e-12);
      }),
    },
    {
      about,
      name: "in inference uses the moving statistics and leaves them as they are",
      check: forSamples(n, ({ x, gamma, beta }) => {
        const moving = { movingMean: beta, movingVariance: gamma.square() };
        const result = n.batchNorm(x, { ...moving, gamma, beta, training: false });
        const expected = x.sub(beta).div(gamma.square().add(1e-3).sqrt()).mul(gamma).add(beta);
        expectClose("y", result.y, expected, 1e-12);
        for (const key of ["movingMean", "movingVariance"] as const)
          expect(result[key].data).toEqual(moving[key].data);
        expect([result.mean.data, result.variance.data]).toEqual([beta.data, gamma.square().data]);
      }),
    },
    {
      about: "reestimate",
      name: "of batches of one size is the paper's E[μ] and m/(m − 1)·E[σ²]",
      check: forSamples(n, ({ x, dy }) => {
        const [a, b] = [n.batchNorm(x), n.batchNorm(dy)];
        const m = x.size / x.shape[3];
        const { movingMean, movingVariance } = n.reestimate([x, dy]);
        expectClose("movingMean", movingMean, a.mean.add(b.mean).div(2), 1e-12);
        expectClose("movingVariance", movingVariance, a.variance.add(b.variance).mul(m / (m - 1) / 2), 1e-12);
      }),
    },
  ];
}

function ofTheOthers(n: Norms): Claim[] {
  return [
    {
      about: "weightNorm",
      name: "makes every unit's weight |g| long, and dv is orthogonal to v",
      check: forSamples(n, ({ x, dy, gamma }) => {
        const axes = [0, 1, 2];
        const { w, cache } = n.weightNorm(x, gamma, { axes });
        expectClose("‖w‖", w.square().sum(axes).sqrt(), gamma.abs(), 1e-12);
        const along = n.weightNormGrad(dy, cache).dv.mul(x).sum(axes);
        expectClose("dv·v", along, along.mul(0), 1e-12, largest(dy) * largest(gamma) * x.size);
      }),
    },
    {
      about: "dyt",
      name: "is odd, and linear with slope γ·α at 0",
      check: forSamples(n, ({ x, gamma }) => {
        expectClose(
          "y",
          n.dyt(x.neg(), { gamma, alpha: 0.7 }).y,
          n.dyt(x, { gamma, alpha: 0.7 }).y.neg(),
          1e-15,
        );
        const tiny = x.mul(1e-7);
        expectClose("slope", n.dyt(tiny, { gamma, alpha: 0.7 }).y, tiny.mul(gamma).mul(0.7), 1e-11);
      }),
    },
    {
      about: "standardize",
      name: "keeps its digits at mean 10⁴, σ 0.01, where the sums are not exact",
      check: () => {
        const exact = n.randomNormal([1000, 3], { seed: 4, standardDeviation: 0.01 });
        const x = exact.add(1e4);
        // x − 10⁴ is exact (Sterbenz), so this is the same data without the offset.
        const expected = n.standardize(x.sub(1e4), { axes: [0], epsilon: 1e-5 });
        const actual = n.standardize(x, { axes: [0], epsilon: 1e-5 });
        expectClose("x̂", actual.xHat, expected.xHat, 1e-12);
        expectClose("variance", actual.variance, expected.variance, 1e-12);
      },
    },
  ];
}
