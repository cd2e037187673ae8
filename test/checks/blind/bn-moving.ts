export const answers = [
  {
    name: "shares-swapped",
    right: false,
    mistakes: ["the shares are swapped: momentum is the weight of the new value"],
    code: `/** moving statistics (C); x (m, C). Returns the updated moving statistics. */
function updateMoving(
  { movingMean, movingVariance }: { movingMean: Tensor; movingVariance: Tensor },
  x: Tensor,
  { momentum, unbiased }: { momentum: number; unbiased: boolean },
): { movingMean: Tensor; movingVariance: Tensor } {
  const m = x.shape[0];
  const mean = x.mean([0]);
  const variance = x.sub(mean).square().sum([0]).div(unbiased ? m - 1 : m);
  return {
    movingMean: movingMean.mul(1 - momentum).add(mean.mul(momentum)),
    movingVariance: movingVariance.mul(1 - momentum).add(variance.mul(momentum)),
  };
}`,
  },
  {
    name: "corrected-after",
    right: false,
    mistakes: ["the correction m/(m − 1) is applied to the moving average, the old share included"],
    code: `/** moving statistics (C); x (m, C). Returns the updated moving statistics. */
function updateMoving(
  { movingMean, movingVariance }: { movingMean: Tensor; movingVariance: Tensor },
  x: Tensor,
  { momentum, unbiased }: { momentum: number; unbiased: boolean },
): { movingMean: Tensor; movingVariance: Tensor } {
  const m = x.shape[0];
  const mean = x.mean([0]);
  const variance = x.sub(mean).square().mean([0]);
  let newVariance = movingVariance.mul(momentum).add(variance.mul(1 - momentum));
  if (unbiased) newVariance = newVariance.mul(m / (m - 1));
  return { movingMean: movingMean.mul(momentum).add(mean.mul(1 - momentum)), movingVariance: newVariance };
}`,
  },
  {
    name: "flag-ignored",
    right: false,
    mistakes: ["the variance is never corrected, whatever unbiased says"],
    code: `/** moving statistics (C); x (m, C). Returns the updated moving statistics. */
function updateMoving(
  { movingMean, movingVariance }: { movingMean: Tensor; movingVariance: Tensor },
  x: Tensor,
  { momentum, unbiased }: { momentum: number; unbiased: boolean },
): { movingMean: Tensor; movingVariance: Tensor } {
  const mean = x.mean([0]);
  const variance = x.sub(mean).square().mean([0]);
  const blend = (old: Tensor, now: Tensor) => old.mul(momentum).add(now.mul(1 - momentum));
  return { movingMean: blend(movingMean, mean), movingVariance: blend(movingVariance, variance) };
}`,
  },
  {
    name: "around-moving-mean",
    right: false,
    mistakes: ["the variance is taken around the moving mean instead of the batch's mean"],
    code: `/** moving statistics (C); x (m, C). Returns the updated moving statistics. */
function updateMoving(
  { movingMean, movingVariance }: { movingMean: Tensor; movingVariance: Tensor },
  x: Tensor,
  { momentum, unbiased }: { momentum: number; unbiased: boolean },
): { movingMean: Tensor; movingVariance: Tensor } {
  const m = x.shape[0];
  const squares = x.sub(movingMean).square().sum([0]);
  const variance = unbiased ? squares.div(m - 1) : squares.div(m);
  return {
    movingMean: movingMean.mul(momentum).add(x.mean([0]).mul(1 - momentum)),
    movingVariance: movingVariance.mul(momentum).add(variance.mul(1 - momentum)),
  };
}`,
  },
  {
    name: "swapped-flag-inverted",
    right: false,
    mistakes: [
      "the shares are swapped: momentum is the weight of the new value",
      "the flag is the wrong way round (biased when unbiased is true)",
    ],
    code: `/** moving statistics (C); x (m, C). Returns the updated moving statistics. */
function updateMoving(
  { movingMean, movingVariance }: { movingMean: Tensor; movingVariance: Tensor },
  x: Tensor,
  { momentum, unbiased }: { momentum: number; unbiased: boolean },
): { movingMean: Tensor; movingVariance: Tensor } {
  const m = x.shape[0];
  const mean = x.mean([0]);
  const n = unbiased ? m : m - 1;
  const variance = x.sub(mean).square().sum([0]).div(n);
  return {
    movingMean: mean.mul(momentum).add(movingMean.mul(1 - momentum)),
    movingVariance: variance.mul(momentum).add(movingVariance.mul(1 - momentum)),
  };
}`,
  },
  {
    name: "factor-inverted-uncentred",
    right: false,
    mistakes: [
      "the correction is (m − 1)/m instead of m/(m − 1)",
      "the variance is the mean square, without subtracting the mean",
    ],
    code: `/** moving statistics (C); x (m, C). Returns the updated moving statistics. */
function updateMoving(
  { movingMean, movingVariance }: { movingMean: Tensor; movingVariance: Tensor },
  x: Tensor,
  { momentum, unbiased }: { momentum: number; unbiased: boolean },
): { movingMean: Tensor; movingVariance: Tensor } {
  const m = x.shape[0];
  const mean = x.mean([0]);
  let variance = x.square().mean([0]);
  if (unbiased) variance = variance.mul((m - 1) / m);
  return {
    movingMean: movingMean.add(mean.sub(movingMean).mul(1 - momentum)),
    movingVariance: movingVariance.add(variance.sub(movingVariance).mul(1 - momentum)),
  };
}`,
  },
  {
    name: "new-without-share-mean-corrected",
    right: false,
    mistakes: [
      "the batch's variance enters with its full weight, not 1 − momentum",
      "the mean is divided by m − 1 as well when unbiased",
    ],
    code: `/** moving statistics (C); x (m, C). Returns the updated moving statistics. */
function updateMoving(
  { movingMean, movingVariance }: { movingMean: Tensor; movingVariance: Tensor },
  x: Tensor,
  { momentum, unbiased }: { momentum: number; unbiased: boolean },
): { movingMean: Tensor; movingVariance: Tensor } {
  const m = x.shape[0];
  const n = unbiased ? m - 1 : m;
  const batchMean = x.mean([0]);
  const variance = x.sub(batchMean).square().sum([0]).div(n);
  return {
    movingMean: movingMean.mul(momentum).add(x.sum([0]).div(n).mul(1 - momentum)),
    movingVariance: movingVariance.mul(momentum).add(variance),
  };
}`,
  },
  {
    name: "blend-of-deviations-flag-ignored",
    right: false,
    mistakes: [
      "standard deviations are averaged instead of variances",
      "the variance is always divided by m − 1",
    ],
    code: `/** moving statistics (C); x (m, C). Returns the updated moving statistics. */
function updateMoving(
  { movingMean, movingVariance }: { movingMean: Tensor; movingVariance: Tensor },
  x: Tensor,
  { momentum, unbiased }: { momentum: number; unbiased: boolean },
): { movingMean: Tensor; movingVariance: Tensor } {
  const [m, c] = x.shape;
  const mean: number[] = [];
  const variance: number[] = [];
  for (let j = 0; j < c; j++) {
    let sum = 0;
    for (let i = 0; i < m; i++) sum += x.at(i, j);
    const mu = sum / m;
    let squares = 0;
    for (let i = 0; i < m; i++) squares += (x.at(i, j) - mu) ** 2;
    mean.push(momentum * movingMean.at(j) + (1 - momentum) * mu);
    const deviation = momentum * Math.sqrt(movingVariance.at(j)) + (1 - momentum) * Math.sqrt(squares / (m - 1));
    variance.push(deviation ** 2);
  }
  return { movingMean: tensor(mean), movingVariance: tensor(variance) };
}`,
  },
  {
    name: "old-plus-step",
    right: true,
    mistakes: [],
    code: `/** moving statistics (C); x (m, C). Returns the updated moving statistics. */
function updateMoving(
  { movingMean, movingVariance }: { movingMean: Tensor; movingVariance: Tensor },
  x: Tensor,
  { momentum, unbiased }: { momentum: number; unbiased: boolean },
): { movingMean: Tensor; movingVariance: Tensor } {
  const m = x.shape[0];
  const mean = x.mean([0]);
  const variance = x.sub(mean).square().mean([0]).mul(unbiased ? m / (m - 1) : 1);
  const share = 1 - momentum;
  return {
    movingMean: movingMean.sub(movingMean.sub(mean).mul(share)),
    movingVariance: movingVariance.sub(movingVariance.sub(variance).mul(share)),
  };
}`,
  },
  {
    name: "element-loops",
    right: true,
    mistakes: [],
    code: `/** moving statistics (C); x (m, C). Returns the updated moving statistics. */
function updateMoving(
  { movingMean, movingVariance }: { movingMean: Tensor; movingVariance: Tensor },
  x: Tensor,
  { momentum, unbiased }: { momentum: number; unbiased: boolean },
): { movingMean: Tensor; movingVariance: Tensor } {
  const [m, c] = x.shape;
  const newMean = Float64Array.from(movingMean.data);
  const newVariance = Float64Array.from(movingVariance.data);
  for (let j = 0; j < c; j++) {
    let mean = 0;
    let squares = 0;
    for (let i = 0; i < m; i++) {
      const d = x.data[i * c + j] - mean;
      mean += d / (i + 1);
      squares += d * (x.data[i * c + j] - mean);
    }
    newMean[j] = momentum * newMean[j] + (1 - momentum) * mean;
    newVariance[j] = momentum * newVariance[j] + ((1 - momentum) * squares) / (m - (unbiased ? 1 : 0));
  }
  return { movingMean: movingMean.map((_, j) => newMean[j]), movingVariance: movingVariance.map((_, j) => newVariance[j]) };
}`,
  },
];
