import type { checks } from "normlab";
import type { Bank } from "../bank";

type Ratio = checks.LogUpdateRatio;

const norm = (data: Float64Array) => Math.hypot(...data);
const sum = (data: Float64Array) => data.reduce((a, b) => a + b, 0);

export const right: Ratio[] = [
  (weights, gradient, learningRate) => Math.log10(norm(gradient.mul(learningRate).data) / norm(weights.data)),
  (weights, gradient, learningRate) => {
    const squares = gradient.square().mean().at() / weights.square().mean().at();
    return Math.log10(learningRate) + Math.log10(squares) / 2;
  },
];

export const wrong: Bank<Ratio>["wrong"] = [
  {
    name: "no learning rate",
    message: /left out the learning rate/,
    solution: (w, g) => Math.log10(norm(g.data) / norm(w.data)),
  },
  {
    name: "no logarithm",
    message: /the ratio itself/,
    solution: (w, g, rate) => (rate * norm(g.data)) / norm(w.data),
  },
  {
    name: "natural logarithm",
    message: /natural logarithm/,
    solution: (w, g, rate) => Math.log((rate * norm(g.data)) / norm(w.data)),
  },
  {
    name: "upside down",
    message: /upside down/,
    solution: (w, g, rate) => Math.log10(norm(w.data) / (rate * norm(g.data))),
  },
  {
    name: "no root",
    message: /sums of squares/,
    solution: (w, g, rate) => Math.log10((rate * sum(g.square().data)) / sum(w.square().data)),
  },
  {
    name: "plain sums",
    message: /positive and negative ones cancel/,
    solution: (w, g, rate) => Math.log10(Math.abs((rate * sum(g.data)) / sum(w.data))),
  },
  {
    name: "standard deviations",
    message: /forgets the means/,
    solution: (w, g, rate) => Math.log10((rate * norm(g.sub(g.mean()).data)) / norm(w.sub(w.mean()).data)),
  },
  {
    name: "mean absolute values",
    message: /compared absolute values/,
    solution: (w, g, rate) => Math.log10((rate * g.abs().mean().at()) / w.abs().mean().at()),
  },
  // Two mistakes together.
  {
    name: "no learning rate, natural logarithm",
    message: [/left out the learning rate/, /natural logarithm/],
    solution: (w, g) => Math.log(norm(g.data) / norm(w.data)),
  },
  {
    name: "upside down, no logarithm",
    message: [/upside down/, /the ratio itself/],
    solution: (w, g, rate) => norm(w.data) / (rate * norm(g.data)),
  },
  {
    name: "standard deviations, no learning rate",
    message: [/forgets the means/, /left out the learning rate/],
    solution: (w, g) => Math.log10(norm(g.sub(g.mean()).data) / norm(w.sub(w.mean()).data)),
  },
  {
    name: "largest values, base 2",
    message: [/compared the largest values/, /logarithm to base 2/],
    solution: (w, g, rate) => Math.log2((rate * Math.max(...g.abs().data)) / Math.max(...w.abs().data)),
  },
];
