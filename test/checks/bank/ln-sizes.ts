import { layerNorm, type checks, zeros } from "normlab";
import type { Bank } from "../bank";

type Solution = Bank<checks.LayerNormSizes>;

const product = (lengths: number[]) => lengths.reduce((a, b) => a * b, 1);
const along = (shape: number[], axes: number[]) => axes.map((axis) => shape.at(axis)!);
const total = (shape: number[], axes: number[]) => product(along(shape, axes));

export const right: Solution["right"] = [
  (shape, axes) => {
    const gamma = total(shape, axes);
    return { means: product(shape) / gamma, gamma };
  },
  (shape, axes) => {
    const { mean, cache } = layerNorm(zeros(shape), { axes });
    return { means: mean.size, gamma: cache.gamma.size };
  },
];

export const wrong: Solution["wrong"] = [
  {
    name: "the wrong way round",
    message: /the two the wrong way round/,
    solution: (shape, axes) => ({ means: total(shape, axes), gamma: product(shape) / total(shape, axes) }),
  },
  {
    name: "β counted as well",
    message: /γ alone is asked for/,
    solution: (shape, axes) => ({
      means: product(shape) / total(shape, axes),
      gamma: 2 * total(shape, axes),
    }),
  },
  {
    name: "lengths added",
    message: /you added the lengths of the axes/,
    solution: (shape, axes) => ({
      means: product(shape) / total(shape, axes),
      gamma: along(shape, axes).reduce((a, b) => a + b, 0),
    }),
  },
  {
    name: "γ per channel",
    message: /one γ a channel is group norm's/,
    solution: (shape, axes) => ({
      means: product(shape) / total(shape, axes),
      gamma: shape[shape.length - 1],
    }),
  },
  {
    name: "one mean a sample",
    message: /you counted one mean a sample/,
    solution: (shape, axes) => ({ means: shape[0], gamma: total(shape, axes) }),
  },
  {
    name: "negative axes not understood",
    message: /negative axes count from the end/,
    solution: (shape, axes) => ({
      means: product(shape.filter((_, axis) => !axes.includes(axis))),
      gamma: total(shape, axes),
    }),
  },
  {
    name: "no gamma",
    message: /has no `gamma`/,
    solution: ((shape: number[], axes: number[]) => ({
      means: product(shape) / total(shape, axes),
    })) as never,
  },
  // Two mistakes together.
  {
    name: "the wrong way round, β counted as well",
    message: [/the wrong way round/, /γ alone is asked for/],
    solution: (shape, axes) => ({
      means: 2 * total(shape, axes),
      gamma: product(shape) / total(shape, axes),
    }),
  },
  {
    name: "one mean a sample, γ per channel",
    message: [/one mean a sample/, /one γ a channel/],
    solution: (shape) => ({ means: shape[0], gamma: shape[shape.length - 1] }),
  },
  {
    name: "one mean, lengths added",
    message: [/not one mean for everything/, /you added the lengths of the axes/],
    solution: (shape, axes) => ({ means: 1, gamma: along(shape, axes).reduce((a, b) => a + b, 0) }),
  },
  {
    name: "variances counted, γ of the whole sample",
    message: [/as many variances again/, /a whole sample/],
    solution: (shape, axes) => ({
      means: (2 * product(shape)) / total(shape, axes),
      gamma: product(shape.slice(1)),
    }),
  },
];
