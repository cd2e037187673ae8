export const answers = [
  {
    name: "no-learning-rate",
    right: false,
    mistakes: ["the learning rate is left out"],
    code: `/** log₁₀(‖learningRate · gradient‖ / ‖weights‖), the norms over all elements. */
function logUpdateRatio(weights: Tensor, gradient: Tensor, learningRate: number): number {
  const norm = (x: Tensor) => Math.sqrt(x.square().sum().at());
  return Math.log10(norm(gradient) / norm(weights));
}`,
  },
  {
    name: "natural-log",
    right: false,
    mistakes: ["the natural logarithm instead of the one to base 10"],
    code: `/** log₁₀(‖learningRate · gradient‖ / ‖weights‖), the norms over all elements. */
function logUpdateRatio(weights: Tensor, gradient: Tensor, learningRate: number): number {
  const norm = (x: Tensor) => Math.sqrt(x.square().sum().at());
  return Math.log((learningRate * norm(gradient)) / norm(weights));
}`,
  },
  {
    name: "upside-down",
    right: false,
    mistakes: ["the quotient is upside down"],
    code: `/** log₁₀(‖learningRate · gradient‖ / ‖weights‖), the norms over all elements. */
function logUpdateRatio(weights: Tensor, gradient: Tensor, learningRate: number): number {
  const length = (t: Tensor) => Math.sqrt(t.data.reduce((sum, v) => sum + v * v, 0));
  return Math.log10(length(weights) / (learningRate * length(gradient)));
}`,
  },
  {
    name: "no-root",
    right: false,
    mistakes: ["the squares of the norms are compared (no root), the learning rate outside of them"],
    code: `/** log₁₀(‖learningRate · gradient‖ / ‖weights‖), the norms over all elements. */
function logUpdateRatio(weights: Tensor, gradient: Tensor, learningRate: number): number {
  const norm = (x: Tensor) => x.square().sum().at();
  return Math.log10((learningRate * norm(gradient)) / norm(weights));
}`,
  },
  {
    name: "no-root-upside-down",
    right: false,
    mistakes: ["no root", "the quotient is upside down"],
    code: `/** log₁₀(‖learningRate · gradient‖ / ‖weights‖), the norms over all elements. */
function logUpdateRatio(weights: Tensor, gradient: Tensor, learningRate: number): number {
  const squares = (x: Tensor) => x.mul(x).sum().at();
  return Math.log10(squares(weights) / squares(gradient.mul(learningRate)));
}`,
  },
  {
    name: "divided-by-rate-natural",
    right: false,
    mistakes: [
      "divides by the learning rate instead of multiplying",
      "the natural logarithm instead of the one to base 10",
    ],
    code: `/** log₁₀(‖learningRate · gradient‖ / ‖weights‖), the norms over all elements. */
function logUpdateRatio(weights: Tensor, gradient: Tensor, learningRate: number): number {
  const g = Math.sqrt(gradient.square().sum().at());
  const w = Math.sqrt(weights.square().sum().at());
  return Math.log(g / learningRate / w);
}`,
  },
  {
    name: "absolute-sums-no-log",
    right: false,
    mistakes: ["sums of absolute values instead of norms", "the logarithm is forgotten"],
    code: `/** log₁₀(‖learningRate · gradient‖ / ‖weights‖), the norms over all elements. */
function logUpdateRatio(weights: Tensor, gradient: Tensor, learningRate: number): number {
  const size = (x: Tensor) => x.abs().sum().at();
  return (learningRate * size(gradient)) / size(weights);
}`,
  },
  {
    name: "mean-of-logs-no-rate",
    right: false,
    mistakes: [
      "the mean of the elements' logarithms instead of the logarithm of the norms",
      "the learning rate is left out",
    ],
    code: `/** log₁₀(‖learningRate · gradient‖ / ‖weights‖), the norms over all elements. */
function logUpdateRatio(weights: Tensor, gradient: Tensor, learningRate: number): number {
  let sum = 0;
  for (let i = 0; i < weights.size; i++) {
    sum += Math.log10(Math.abs(gradient.data[i] / weights.data[i]));
  }
  return sum / weights.size;
}`,
  },
  {
    name: "sums-of-logs",
    right: true,
    mistakes: [],
    code: `/** log₁₀(‖learningRate · gradient‖ / ‖weights‖), the norms over all elements. */
function logUpdateRatio(weights: Tensor, gradient: Tensor, learningRate: number): number {
  const squares = (x: Tensor) => x.data.reduce((sum, v) => sum + v * v, 0);
  return Math.log10(learningRate) + 0.5 * (Math.log10(squares(gradient)) - Math.log10(squares(weights)));
}`,
  },
  {
    name: "hypot",
    right: true,
    mistakes: [],
    code: `/** log₁₀(‖learningRate · gradient‖ / ‖weights‖), the norms over all elements. */
function logUpdateRatio(weights: Tensor, gradient: Tensor, learningRate: number): number {
  const step = gradient.mul(-learningRate);
  let s = 0;
  let w = 0;
  for (const v of step.data) s = Math.hypot(s, v);
  for (const v of weights.data) w = Math.hypot(w, v);
  return Math.log(s / w) / Math.LN10;
}`,
  },
];
