import { switchableNorm, tensor, type checks, type Tensor } from "normlab";
import type { Bank } from "../bank";

type Solution = Bank<checks.SwitchStatistics>;

interface Parts {
  weights?: (logits: number[]) => number[];
  /** The reduced axes of the three kinds, in the order of the logits. */
  kinds?: number[][];
  variance?: (x: Tensor, own: Tensor, mixed: Tensor, axes: number[]) => Tensor;
  root?: (variance: Tensor, epsilon: number) => Tensor;
  /** Which of the two lists of logits weighs means and variances. */
  lists?: (means: number[], variances: number[]) => [number[], number[]];
}

const [instance, layer, batch] = [
  [1, 2],
  [1, 2, 3],
  [0, 1, 2],
];

const softmax = (logits: number[]): number[] => {
  const powers = logits.map((l) => Math.exp(l - Math.max(...logits)));
  return powers.map((p) => p / powers.reduce((a, b) => a + b));
};

/** The mixed statistics with one of their parts replaced. */
const switchBy =
  ({
    weights = softmax,
    kinds = [instance, layer, batch],
    variance = (x, own, _mixed, axes) => x.sub(own).square().mean(axes, true),
    root = (v, epsilon) => v.add(epsilon).sqrt(),
    lists = (means, variances) => [means, variances],
  }: Parts): checks.SwitchStatistics =>
  (x, meanLogits, varianceLogits, epsilon) => {
    const [forMeans, forVariances] = lists(meanLogits, varianceLogits).map(weights);
    let mean = x.sum(instance, true).mul(0);
    kinds.forEach((axes, k) => {
      mean = mean.add(x.mean(axes, true).mul(forMeans[k]));
    });
    let mixed = mean.mul(0);
    kinds.forEach((axes, k) => {
      mixed = mixed.add(variance(x, x.mean(axes, true), mean, axes).mul(forVariances[k]));
    });
    return x.sub(mean).div(root(mixed, epsilon));
  };

export const right: Solution["right"] = [
  switchBy({}),
  (x, meanLogits, varianceLogits, epsilon) =>
    switchableNorm(x, { meanLogits: tensor(meanLogits), varianceLogits: tensor(varianceLogits), epsilon }).y,
];

export const wrong: Solution["wrong"] = [
  {
    name: "logits as weights",
    message: /took the logits themselves for weights/,
    solution: switchBy({ weights: (logits) => logits, root: (v, epsilon) => v.add(epsilon).map(Math.sqrt) }),
  },
  {
    name: "sigmoids",
    message: /took the sigmoid of each logit/,
    solution: switchBy({ weights: (logits) => logits.map((l) => 1 / (1 + Math.exp(-l))) }),
  },
  {
    name: "exponentials only",
    message: /took the exponentials for weights/,
    solution: switchBy({ weights: (logits) => logits.map(Math.exp) }),
  },
  {
    name: "the largest alone",
    message: /took the kind with the largest logit alone/,
    solution: switchBy({ weights: (logits) => logits.map((l) => Number(l === Math.max(...logits))) }),
  },
  {
    name: "all alike",
    message: /you mixed all three alike/,
    solution: switchBy({ weights: () => [1 / 3, 1 / 3, 1 / 3] }),
  },
  {
    name: "the means' weights for both",
    message: /used the means' weights for the variances/,
    solution: switchBy({ lists: (means) => [means, means] }),
  },
  {
    name: "lists exchanged",
    message: /the two lists of logits are exchanged/,
    solution: switchBy({ lists: (means, variances) => [variances, means] }),
  },
  {
    name: "batch first",
    message: /yours is the other way round/,
    solution: switchBy({ kinds: [batch, layer, instance] }),
  },
  {
    name: "layer first",
    message: /you took layer before instance/,
    solution: switchBy({ kinds: [layer, instance, batch] }),
  },
  {
    name: "around the mixed mean",
    message: /variances around the mixed mean/,
    solution: switchBy({ variance: (x, _own, mixed, axes) => x.sub(mixed).square().mean(axes, true) }),
  },
  {
    name: "layer norm at each pixel",
    message: /you took them at each pixel/,
    solution: switchBy({ kinds: [instance, [3], batch] }),
  },
  {
    name: "outputs mixed",
    message: /mixed three normalized tensors/,
    solution: (x, meanLogits, _varianceLogits, epsilon) => {
      const weights = softmax(meanLogits);
      return [instance, layer, batch]
        .map((axes, k) => {
          const centred = x.sub(x.mean(axes, true));
          const deviation = centred.square().mean(axes, true).add(epsilon).sqrt();
          return centred.div(deviation).mul(weights[k]);
        })
        .reduce((sum, part) => sum.add(part));
    },
  },
  {
    name: "ε outside",
    message: /ε stands outside the root/,
    solution: switchBy({ root: (v, epsilon) => v.sqrt().add(epsilon) }),
  },
  {
    name: "exponentials only, around the mixed mean",
    message: [/took the exponentials for weights/, /variances around the mixed mean/],
    solution: switchBy({
      weights: (logits) => logits.map(Math.exp),
      variance: (x, _own, mixed, axes) => x.sub(mixed).square().mean(axes, true),
    }),
  },
  {
    name: "batch first, without ε",
    message: [/yours is the other way round/, /ε is missing \(or/],
    solution: switchBy({ kinds: [batch, layer, instance], root: (v) => v.sqrt() }),
  },
  {
    name: "lists exchanged, no root",
    message: [/the two lists of logits are exchanged/, /divided by the variance/],
    solution: switchBy({
      lists: (means, variances) => [variances, means],
      root: (v, epsilon) => v.add(epsilon),
    }),
  },
];
