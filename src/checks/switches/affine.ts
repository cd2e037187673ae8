/** What follows x̂, y = γ·x̂ + β, with its mistakes: for every forward pass. */
import { ones, type Tensor } from "../../tensor";
import type { On } from "../formula";

/** Mistakes with γ alone, for methods without β. */
export const gammaSwitches = {
  noGamma: "γ is missing: x̂ is multiplied by γ",
  gammaDivided: "you divided by γ; multiply by it",
  gammaAdded: "you added γ; x̂ is multiplied by it",
  onePlusGamma: "you multiplied by 1 + γ: here γ itself is the factor",
  gammaSquared: "you multiplied by γ twice",
  inputScaled: "you scaled x itself; γ multiplies the normalized x̂",
  gammaAlongRows:
    "γ lies along the wrong axis: it has one value for each feature (channel), along the last axis",
} as const;

const betaSwitches = {
  noBeta: "β is missing: y = γ·x̂ + β",
  gammaBetaSwapped: "γ and β are swapped: y = γ·x̂ + β",
  betaFirst: "you added β before multiplying: y = γ·x̂ + β",
  betaSubtracted: "you subtracted β: y = γ·x̂ + β",
  betaDivided: "you divided β by the standard deviation, too; it is added last, after the division",
  betaMultiplied: "you multiplied by β, too: y = γ·x̂ + β adds it",
} as const;

export const affineSwitches: typeof gammaSwitches & typeof betaSwitches = {
  ...gammaSwitches,
  ...betaSwitches,
};

/** γ·x̂ */
export function scaleWith(
  xHat: Tensor,
  x: Tensor,
  gamma: Tensor,
  on: On<keyof typeof gammaSwitches>,
): Tensor {
  const from = on("inputScaled") ? x : xHat;
  if (on("noGamma")) return from;
  if (on("gammaAdded")) return from.add(gamma);
  const factor = on("onePlusGamma") ? gamma.add(1) : on("gammaSquared") ? gamma.square() : gamma;
  // Only a square input can be multiplied so.
  const placed = on("gammaAlongRows") ? factor.reshape([factor.size, 1]) : factor;
  return on("gammaDivided") ? from.div(placed) : from.mul(placed);
}

/** γ·x̂ + β; `root` is what x̂ was divided by. */
export function affineWith(
  xHat: Tensor,
  x: Tensor,
  parameters: { gamma: Tensor; beta: Tensor },
  on: On<keyof typeof affineSwitches>,
  root?: Tensor,
): Tensor {
  const [gamma, beta] = on("gammaBetaSwapped")
    ? [parameters.beta, parameters.gamma]
    : [parameters.gamma, parameters.beta];
  const signed = on("noBeta") ? beta.mul(0) : on("betaSubtracted") ? beta.neg() : beta;
  const shift = root && on("betaDivided") ? signed.div(root) : signed;
  if (on("betaFirst")) return scaleWith(xHat.add(shift), x.add(shift), gamma, on);
  const scaled = scaleWith(xHat, x, gamma, on);
  return on("betaMultiplied") ? scaled.mul(on("noBeta") ? ones(beta.shape) : beta) : scaled.add(shift);
}
