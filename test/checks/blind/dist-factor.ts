export const answers = [
  {
    name: "one-step-too-many",
    right: false,
    mistakes: ["takes the L-th root instead of the (L − 1)-th"],
    code: `/**
 * norms[0] is ‖dh‖ of layer 1, norms[norms.length - 1] that of the last layer.
 * The factor by which going BACK one layer multiplies the norm, as a (geometric) mean over all
 * steps.
 */
function factorPerLayer(norms: number[]): number {
  return (norms[0] / norms[norms.length - 1]) ** (1 / norms.length);
}`,
  },
  {
    name: "forwards",
    right: false,
    mistakes: ["the quotient is upside down: the factor of going forward"],
    code: `/**
 * norms[0] is ‖dh‖ of layer 1, norms[norms.length - 1] that of the last layer.
 * The factor by which going BACK one layer multiplies the norm, as a (geometric) mean over all
 * steps.
 */
function factorPerLayer(norms: number[]): number {
  const steps = norms.length - 1;
  return (norms[steps] / norms[0]) ** (1 / steps);
}`,
  },
  {
    name: "arithmetic",
    right: false,
    mistakes: ["the arithmetic mean of the factors instead of the geometric"],
    code: `/**
 * norms[0] is ‖dh‖ of layer 1, norms[norms.length - 1] that of the last layer.
 * The factor by which going BACK one layer multiplies the norm, as a (geometric) mean over all
 * steps.
 */
function factorPerLayer(norms: number[]): number {
  let sum = 0;
  for (let l = 1; l < norms.length; l++) sum += norms[l - 1] / norms[l];
  return sum / (norms.length - 1);
}`,
  },
  {
    name: "divided-not-root",
    right: false,
    mistakes: ["divides the quotient by the number of steps instead of taking the root"],
    code: `/**
 * norms[0] is ‖dh‖ of layer 1, norms[norms.length - 1] that of the last layer.
 * The factor by which going BACK one layer multiplies the norm, as a (geometric) mean over all
 * steps.
 */
function factorPerLayer(norms: number[]): number {
  const steps = norms.length - 1;
  return norms[0] / norms[steps] / steps;
}`,
  },
  {
    name: "forwards-one-too-many",
    right: false,
    mistakes: ["the quotient is upside down", "takes the L-th root instead of the (L − 1)-th"],
    code: `/**
 * norms[0] is ‖dh‖ of layer 1, norms[norms.length - 1] that of the last layer.
 * The factor by which going BACK one layer multiplies the norm, as a (geometric) mean over all
 * steps.
 */
function factorPerLayer(norms: number[]): number {
  const first = norms[0];
  const last = norms[norms.length - 1];
  return Math.pow(last / first, 1 / norms.length);
}`,
  },
  {
    name: "forwards-arithmetic",
    right: false,
    mistakes: [
      "the quotients are upside down",
      "the arithmetic mean of the factors instead of the geometric",
    ],
    code: `/**
 * norms[0] is ‖dh‖ of layer 1, norms[norms.length - 1] that of the last layer.
 * The factor by which going BACK one layer multiplies the norm, as a (geometric) mean over all
 * steps.
 */
function factorPerLayer(norms: number[]): number {
  const factors = norms.slice(1).map((norm, i) => norm / norms[i]);
  return factors.reduce((a, b) => a + b, 0) / factors.length;
}`,
  },
  {
    name: "logs-not-undone-length",
    right: false,
    mistakes: ["the exponential is forgotten: returns the mean logarithm", "divides by L instead of L − 1"],
    code: `/**
 * norms[0] is ‖dh‖ of layer 1, norms[norms.length - 1] that of the last layer.
 * The factor by which going BACK one layer multiplies the norm, as a (geometric) mean over all
 * steps.
 */
function factorPerLayer(norms: number[]): number {
  const logs = norms.slice(0, -1).map((norm, i) => Math.log(norm / norms[i + 1]));
  return logs.reduce((a, b) => a + b, 0) / norms.length;
}`,
  },
  {
    name: "median-last-missed",
    right: false,
    mistakes: ["the median of the factors instead of the geometric mean", "the last step is left out"],
    code: `/**
 * norms[0] is ‖dh‖ of layer 1, norms[norms.length - 1] that of the last layer.
 * The factor by which going BACK one layer multiplies the norm, as a (geometric) mean over all
 * steps.
 */
function factorPerLayer(norms: number[]): number {
  const factors: number[] = [];
  for (let l = 0; l < norms.length - 2; l++) factors.push(norms[l] / norms[l + 1]);
  factors.sort((a, b) => a - b);
  return factors[Math.floor(factors.length / 2)];
}`,
  },
  {
    name: "mean-of-logs",
    right: true,
    mistakes: [],
    code: `/**
 * norms[0] is ‖dh‖ of layer 1, norms[norms.length - 1] that of the last layer.
 * The factor by which going BACK one layer multiplies the norm, as a (geometric) mean over all
 * steps.
 */
function factorPerLayer(norms: number[]): number {
  let sum = 0;
  for (let l = 1; l < norms.length; l++) sum += Math.log(norms[l - 1]) - Math.log(norms[l]);
  return Math.exp(sum / (norms.length - 1));
}`,
  },
  {
    name: "product-of-roots",
    right: true,
    mistakes: [],
    code: `/**
 * norms[0] is ‖dh‖ of layer 1, norms[norms.length - 1] that of the last layer.
 * The factor by which going BACK one layer multiplies the norm, as a (geometric) mean over all
 * steps.
 */
function factorPerLayer(norms: number[]): number {
  const steps = norms.length - 1;
  return norms.slice(1).reduce((product, norm, i) => product * Math.pow(norms[i] / norm, 1 / steps), 1);
}`,
  },
];
