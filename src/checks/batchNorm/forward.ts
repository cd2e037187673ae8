import { batchNorm } from "../../norm";
import { full, type Tensor } from "../../tensor";
import { diagnose, type Misconception } from "../diagnose";
import { type Check, exercise } from "../exercise";
import { field, invoke } from "../invoke";
import { type Batch, batch, optionsOf, wrongXHats, wrongYs } from "./samples";

/** x (N, C); gamma, beta, mean and variance (C); y and xHat (N, C). */
export type BatchNormForward = (
  x: Tensor,
  options: { gamma: Tensor; beta: Tensor; epsilon: number },
) => { y: Tensor; xHat: Tensor; mean: Tensor; variance: Tensor };

/** Exercise bn-forward: the four equations of batch norm in training mode, x of shape (N, C). */
export const bnForward: Check<BatchNormForward> = exercise("bn-forward", (solution, seed) => {
  const sample = batch(seed, [6, 3]);
  const run = ({ x, gamma, beta, epsilon }: Batch) => invoke(solution, x, { gamma, beta, epsilon });
  const yOf = (given: Batch) => {
    const { y, cache } = batchNorm(given.x, optionsOf(given));
    return diagnose(field(run(given), "y"), y, wrongYs(cache.xHat, given), { name: "y" });
  };
  const { x, epsilon } = sample;
  const right = batchNorm(x, optionsOf(sample));

  return {
    usual: {
      "mean: one for each column": () =>
        diagnose(field(run(sample), "mean"), right.mean, wrongMeans(x), { name: "mean" }),
      "variance: biased, one for each column": () =>
        diagnose(field(run(sample), "variance"), right.variance, wrongVariances(x, epsilon), {
          name: "variance",
        }),
      "x̂: mean 0, variance σ²/(σ² + ε)": () =>
        diagnose(field(run(sample), "xHat"), right.cache.xHat, wrongXHats(x, epsilon), { name: "xHat" }),
      "y = γ·x̂ + β": () => yOf(sample),
      "a square batch, whose rows could be taken for columns": () => yOf(batch(seed + 10, [4, 4])),
    },
    hard: {
      "a constant column gives β, not NaN": () => yOf({ ...sample, x: full([5, 3], 7) }),
      "a batch of one gives β": () => yOf(batch(seed + 20, [1, 3])),
      "a large mean beside a small spread: mean 10⁶, σ 1": () => yOf({ ...sample, x: x.add(1e6) }),
    },
  };
});

const wrongMeans = (x: Tensor): Misconception[] => [
  {
    message: "you averaged over the wrong axis: these are the means of the rows, which layer norm takes",
    value: () => x.mean([1]),
  },
  { message: "this is the mean of all elements; batch norm has one for each column", value: () => x.mean() },
  { message: "this is the sum of each column; divide it by m", value: () => x.sum([0]) },
];

function wrongVariances(x: Tensor, epsilon: number): Misconception[] {
  const squares = x.sub(x.mean([0])).square();
  return [
    {
      message: "you divided by m − 1; batch norm takes the biased variance",
      value: () => squares.sum([0]).div(x.shape[0] - 1),
    },
    {
      message: "this is the standard deviation; the variance is its square",
      value: () => squares.mean([0]).sqrt(),
    },
    {
      message: "ε does not belong to the variance; add it where you divide",
      value: () => squares.mean([0]).add(epsilon),
    },
    {
      message: "you took the mean of the squares; subtract the mean before squaring",
      value: () => x.square().mean([0]),
    },
    {
      message: "you averaged over the wrong axis: these are the variances of the rows",
      value: () =>
        x
          .sub(x.mean([1], true))
          .square()
          .mean([1]),
    },
    { message: "this is the sum of squares; divide it by m", value: () => squares.sum([0]) },
  ];
}
