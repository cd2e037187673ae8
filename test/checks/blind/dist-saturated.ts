export const answers = [
  {
    name: "sigmoid-not-relative",
    right: false,
    mistakes: ["the sigmoid's slope is not divided by its largest value ¼"],
    code: `/**
 * The share (0 to 1) of the values in h at which the slope of the activation is below
 * 1 − 0.97² of its largest value; h has shape (N, C).
 */
function shareOfSaturated(h: Tensor, activation: "tanh" | "sigmoid"): number {
  const limit = 1 - 0.97 ** 2;
  const slope = (v: number) => (activation === "tanh" ? 1 - v * v : v * (1 - v));
  return h.data.filter((v) => slope(v) < limit).length / h.size;
}`,
  },
  {
    name: "right-side-only",
    right: false,
    mistakes: ["only the upper end counts (h > 0.97, no absolute value)"],
    code: `/**
 * The share (0 to 1) of the values in h at which the slope of the activation is below
 * 1 − 0.97² of its largest value; h has shape (N, C).
 */
function shareOfSaturated(h: Tensor, activation: "tanh" | "sigmoid"): number {
  const limit = activation === "tanh" ? 0.97 : (1 + 0.97) / 2;
  return h.data.filter((v) => v > limit).length / h.size;
}`,
  },
  {
    name: "count",
    right: false,
    mistakes: ["the number is not divided by the number of values"],
    code: `/**
 * The share (0 to 1) of the values in h at which the slope of the activation is below
 * 1 − 0.97² of its largest value; h has shape (N, C).
 */
function shareOfSaturated(h: Tensor, activation: "tanh" | "sigmoid"): number {
  let count = 0;
  for (const v of h.data) {
    const slope = activation === "tanh" ? 1 - v ** 2 : 4 * v * (1 - v);
    if (slope < 1 - 0.97 ** 2) count++;
  }
  return count;
}`,
  },
  {
    name: "sigmoid-as-tanh",
    right: false,
    mistakes: ["the tanh's rule |h| > 0.97 is used for the sigmoid, too"],
    code: `/**
 * The share (0 to 1) of the values in h at which the slope of the activation is below
 * 1 − 0.97² of its largest value; h has shape (N, C).
 */
function shareOfSaturated(h: Tensor, activation: "tanh" | "sigmoid"): number {
  return h.data.filter((v) => Math.abs(v) > 0.97).length / h.size;
}`,
  },
  {
    name: "activation-again-limit",
    right: false,
    mistakes: [
      "h is put through the activation once more before the slope is taken",
      "the limit is 0.97² instead of 1 − 0.97²",
    ],
    code: `/**
 * The share (0 to 1) of the values in h at which the slope of the activation is below
 * 1 − 0.97² of its largest value; h has shape (N, C).
 */
function shareOfSaturated(h: Tensor, activation: "tanh" | "sigmoid"): number {
  const limit = 0.97 ** 2;
  const again = h.map((v) => (activation === "tanh" ? Math.tanh(v) : 1 / (1 + Math.exp(-v))));
  const slope = (v: number) => (activation === "tanh" ? 1 - v * v : 4 * v * (1 - v));
  return again.data.filter((v) => slope(v) < limit).length / h.size;
}`,
  },
  {
    name: "not-saturated-sigmoid",
    right: false,
    mistakes: [
      "counts the values that are not saturated (≥ instead of <)",
      "the sigmoid's slope is not divided by ¼",
    ],
    code: `/**
 * The share (0 to 1) of the values in h at which the slope of the activation is below
 * 1 − 0.97² of its largest value; h has shape (N, C).
 */
function shareOfSaturated(h: Tensor, activation: "tanh" | "sigmoid"): number {
  const slope = activation === "tanh" ? (v: number) => 1 - v * v : (v: number) => v * (1 - v);
  return h.data.filter((v) => slope(v) >= 1 - 0.97 ** 2).length / h.size;
}`,
  },
  {
    name: "limit-0-03-per-row",
    right: false,
    mistakes: ["the limit is 1 − 0.97 instead of 1 − 0.97²", "divides by the number of rows only"],
    code: `/**
 * The share (0 to 1) of the values in h at which the slope of the activation is below
 * 1 − 0.97² of its largest value; h has shape (N, C).
 */
function shareOfSaturated(h: Tensor, activation: "tanh" | "sigmoid"): number {
  const slopes = h.map((v) => (activation === "tanh" ? 1 - v * v : 4 * v * (1 - v)));
  const limit = 1 - 0.97;
  return slopes.map((s) => (s < limit ? 1 : 0)).sum().at() / h.shape[0];
}`,
  },
  {
    name: "sigmoid-factor-wrong-way-abs",
    right: false,
    mistakes: [
      "the sigmoid's slope is divided by 4 instead of multiplied",
      "the tanh's slope is 1 − |h| instead of 1 − h²",
    ],
    code: `/**
 * The share (0 to 1) of the values in h at which the slope of the activation is below
 * 1 − 0.97² of its largest value; h has shape (N, C).
 */
function shareOfSaturated(h: Tensor, activation: "tanh" | "sigmoid"): number {
  let saturated = 0;
  h.data.forEach((v) => {
    const slope = activation === "tanh" ? 1 - Math.abs(v) : (v * (1 - v)) / 4;
    if (slope < 1 - 0.97 ** 2) saturated += 1;
  });
  return saturated / h.size;
}`,
  },
  {
    name: "both-ends",
    right: true,
    mistakes: [],
    code: `/**
 * The share (0 to 1) of the values in h at which the slope of the activation is below
 * 1 − 0.97² of its largest value; h has shape (N, C).
 */
function shareOfSaturated(h: Tensor, activation: "tanh" | "sigmoid"): number {
  const centre = activation === "tanh" ? h : h.mul(2).sub(1);
  return centre.map((v) => (Math.abs(v) > 0.97 ? 1 : 0)).mean().at();
}`,
  },
  {
    name: "relative-slope",
    right: true,
    mistakes: [],
    code: `/**
 * The share (0 to 1) of the values in h at which the slope of the activation is below
 * 1 − 0.97² of its largest value; h has shape (N, C).
 */
function shareOfSaturated(h: Tensor, activation: "tanh" | "sigmoid"): number {
  const largest = activation === "tanh" ? 1 : 0.25;
  let count = 0;
  for (let i = 0; i < h.size; i++) {
    const v = h.data[i];
    const slope = activation === "tanh" ? (1 - v) * (1 + v) : v - v * v;
    if (slope / largest < 1 - 0.97 * 0.97) count++;
  }
  return count / h.data.length;
}`,
  },
];
