import type { checks } from "normlab";
import type { Bank } from "../bank";

type Factor = checks.FactorPerLayer;

export const right: Factor[] = [
  (norms) => {
    const logs = norms.slice(1).map((norm, i) => Math.log(norms[i]) - Math.log(norm));
    return Math.exp(logs.reduce((a, b) => a + b, 0) / logs.length);
  },
  (norms) => 10 ** (Math.log10(norms[0] / norms.at(-1)!) / (norms.length - 1)),
];

const steps = (norms: number[]) => norms.length - 1;

export const wrong: Bank<Factor>["wrong"] = [
  {
    name: "forward",
    message: /factor of going forward/,
    solution: (norms) => (norms.at(-1)! / norms[0]) ** (1 / steps(norms)),
  },
  {
    name: "L-th root",
    message: /L − 1 steps/,
    solution: (norms) => (norms[0] / norms.at(-1)!) ** (1 / norms.length),
  },
  {
    name: "arithmetic mean",
    message: /their mean is geometric/,
    solution: (norms) => norms.slice(1).reduce((sum, norm, i) => sum + norms[i] / norm, 0) / steps(norms),
  },
  {
    name: "no root",
    message: /over all layers; take its root/,
    solution: (norms) => norms[0] / norms.at(-1)!,
  },
  {
    name: "divides instead of a root",
    message: /by the number of steps; take its root/,
    solution: (norms) => norms[0] / norms.at(-1)! / steps(norms),
  },
  {
    name: "logarithm",
    message: /this is the logarithm/,
    solution: (norms) => Math.log(norms[0] / norms.at(-1)!) / steps(norms),
  },
  // Two mistakes together.
  {
    name: "forward, no root",
    message: [/factor of going forward/, /over all layers; take its root/],
    solution: (norms) => norms.at(-1)! / norms[0],
  },
  {
    name: "L-th root, logarithm",
    message: [/L − 1 steps/, /this is the logarithm/],
    solution: (norms) => Math.log10(norms[0] / norms.at(-1)!) / norms.length,
  },
  {
    name: "forward, divided",
    message: [/factor of going forward/, /divided the total factor/],
    solution: (norms) => norms.at(-1)! / norms[0] / steps(norms),
  },
  {
    name: "arithmetic mean, divided by L",
    message: [/their mean is geometric/, /L − 1 steps/],
    solution: (norms) => norms.slice(1).reduce((sum, norm, i) => sum + norms[i] / norm, 0) / norms.length,
  },
];
