import { adaIN, batchNorm, type checks, type Tensor } from "normlab";
import type { Bank } from "../bank";

type Solution = Bank<checks.ExchangeStyle>;

interface Parts {
  axes?: number[];
  styleAxes?: number[];
  centred?: (x: Tensor, mean: Tensor) => Tensor;
  contentRoot?: (variance: Tensor, epsilon: number) => Tensor;
  styleRoot?: (variance: Tensor, epsilon: number) => Tensor;
  last?: (xHat: Tensor, deviation: Tensor, mean: Tensor, contentMean: Tensor) => Tensor;
}

const root = (variance: Tensor, epsilon: number) => variance.add(epsilon).sqrt();

/** Adaptive instance norm with one of its parts replaced. */
const styledBy =
  ({
    axes = [1, 2],
    styleAxes = axes,
    centred = (x, mean) => x.sub(mean),
    contentRoot = root,
    styleRoot = root,
    last = (xHat, deviation, mean) => xHat.mul(deviation).add(mean),
  }: Parts): checks.ExchangeStyle =>
  (content, style, epsilon) => {
    const of = (x: Tensor, over: number[]) => {
      const mean = x.mean(over, true);
      return { mean, variance: x.sub(mean).square().mean(over, true) };
    };
    const [own, target] = [of(content, axes), of(style, styleAxes)];
    const xHat = centred(content, own.mean).div(contentRoot(own.variance, epsilon));
    return last(xHat, styleRoot(target.variance, epsilon), target.mean, own.mean);
  };

export const right: Solution["right"] = [
  styledBy({}),
  (content, style, epsilon) => {
    const styleMean = style.mean([1, 2]);
    const styleVariance = style.square().mean([1, 2]).sub(styleMean.square());
    return adaIN(content, { styleMean, styleVariance, epsilon }).y;
  },
];

export const wrong: Solution["wrong"] = [
  {
    name: "style and content exchanged",
    message: /content and style are exchanged/,
    solution: (content, style, epsilon) => styledBy({})(style, content, epsilon),
  },
  {
    name: "no style mean",
    message: /the style's mean is missing/,
    solution: styledBy({ last: (xHat, deviation) => xHat.mul(deviation) }),
  },
  {
    name: "no style deviation",
    message: /the style's deviation is missing/,
    solution: styledBy({ last: (xHat, _deviation, mean) => xHat.add(mean) }),
  },
  {
    name: "times the style's variance",
    message: /multiplied by the style's variance/,
    solution: styledBy({ styleRoot: (variance, epsilon) => variance.add(epsilon) }),
  },
  {
    name: "divided by the style's deviation",
    message: /divided by the style's deviation/,
    solution: styledBy({ last: (xHat, deviation, mean) => xHat.div(deviation).add(mean) }),
  },
  {
    name: "the style's deviation without ε",
    message: /ε is missing in the style's deviation/,
    solution: styledBy({ styleRoot: (variance) => variance.sqrt() }),
  },
  {
    name: "the content's mean added back",
    message: /added the content's own mean/,
    solution: styledBy({ last: (xHat, deviation, _mean, own) => xHat.mul(deviation).add(own) }),
  },
  {
    name: "mean before deviation",
    message: /added the style's mean before multiplying/,
    solution: styledBy({ last: (xHat, deviation, mean) => xHat.add(mean).mul(deviation) }),
  },
  {
    name: "one style for the whole batch",
    message: /took them over the whole batch/,
    solution: styledBy({ styleAxes: [0, 1, 2] }),
  },
  {
    name: "one mean for all channels",
    message: /took one mean and variance of the whole picture/,
    solution: styledBy({ axes: [1, 2, 3] }),
  },
  {
    name: "batch norm of the content",
    message: /took all statistics over the batch as well/,
    solution: styledBy({ axes: [0, 1, 2] }),
  },
  {
    name: "not centred",
    message: /did not subtract the mean/,
    solution: styledBy({ centred: (x) => x }),
  },
  {
    name: "the content divided by its variance",
    message: /divided by the variance/,
    solution: styledBy({ contentRoot: (variance, epsilon) => variance.add(epsilon) }),
  },
  {
    name: "no ε for the content, times the style's variance",
    message: [/ε is missing \(or/, /multiplied by the style's variance/],
    solution: styledBy({
      contentRoot: (variance) => variance.sqrt(),
      styleRoot: (variance, epsilon) => variance.add(epsilon),
    }),
  },
  {
    name: "over the batch, no style mean",
    message: [/took all statistics over the batch as well/, /the style's mean is missing/],
    solution: styledBy({ axes: [0, 1, 2], last: (xHat, deviation) => xHat.mul(deviation) }),
  },
  {
    name: "one style for the batch, the content not centred",
    message: [/took them over the whole batch/, /did not subtract the mean/],
    solution: styledBy({ styleAxes: [0, 1, 2], centred: (x) => x }),
  },
];

/** A batch of one: batch norm's statistics are the picture's own. */
right.push((content, style, epsilon) => {
  const rows = content.shape[0];
  const one = (x: Tensor, n: number) => {
    const size = x.size / rows;
    const data = [...x.data].slice(n * size, (n + 1) * size);
    return x.sum([0], true).map((_, i) => data[i]);
  };
  const parts = Array.from({ length: rows }, (_, n) => {
    const { mean, variance } = batchNorm(one(style, n));
    return batchNorm(one(content, n), { gamma: variance.add(epsilon).sqrt(), beta: mean, epsilon }).y;
  });
  return content.map((_, i) => parts[Math.floor(i / parts[0].size)].data[i % parts[0].size]);
});
