import type { checks } from "normlab";
import type { Bank } from "../bank";

type Settled = checks.SettledSquaredNorm;

export const right: Settled[] = [
  (unit, rate, decay) => (unit * rate) / Math.sqrt(rate * decay * (2 - rate * decay)),
  (unit, rate, decay) => {
    // By walking there: the logarithm of ‖w‖⁴ falls towards the balance.
    let n = unit;
    for (let i = 0; i < 200_000; i++) n = (1 - rate * decay) ** 2 * n + (rate * unit) ** 2 / n;
    return n;
  },
];

export const wrong: Bank<Settled>["wrong"] = [
  {
    name: "2ηλ",
    message: /took 2ηλ/,
    solution: (unit, rate, decay) => unit * Math.sqrt(rate / (2 * decay)),
  },
  {
    name: "ηλ",
    message: /not by 1 − \(1 − ηλ\) = ηλ/,
    solution: (unit, rate, decay) => unit * Math.sqrt(rate / decay),
  },
  {
    name: "a constant gradient",
    message: /same length at every ‖w‖/,
    solution: (unit, rate, decay) => (rate * unit) ** 2 / (1 - (1 - rate * decay) ** 2),
  },
  {
    name: "the length",
    message: /this is ‖w‖; its square/,
    solution: (unit, rate, decay) => Math.sqrt((rate * unit) / Math.sqrt(1 - (1 - rate * decay) ** 2)),
  },
  {
    name: "no ĝ",
    message: /left out ĝ/,
    solution: (_, rate, decay) => rate / Math.sqrt(1 - (1 - rate * decay) ** 2),
  },
  {
    name: "ĝ²",
    message: /take the root of ĝ², too/,
    solution: (unit, rate, decay) => (rate * unit ** 2) / Math.sqrt(1 - (1 - rate * decay) ** 2),
  },
  {
    name: "no η",
    message: /has a factor η: it is left out/,
    solution: (unit, rate, decay) => unit / Math.sqrt(1 - (1 - rate * decay) ** 2),
  },
  {
    name: "η²",
    message: /η² stands in the balance/,
    solution: (unit, rate, decay) => (rate ** 2 * unit) / Math.sqrt(1 - (1 - rate * decay) ** 2),
  },
  {
    name: "upside down",
    message: /upside down/,
    solution: (unit, rate, decay) => Math.sqrt(1 - (1 - rate * decay) ** 2) / (rate * unit),
  },
  {
    name: "λ without η",
    message: /decay is multiplied by the learning rate, too/,
    solution: (unit, rate, decay) => (rate * unit) / Math.sqrt(1 - (1 - decay) ** 2),
  },
  {
    name: "no root of the decay's part",
    message: /but not of the decay's/,
    solution: (unit, rate, decay) => (rate * unit) / (1 - (1 - rate * decay) ** 2),
  },
  {
    name: "the effective rate",
    message: /this is the effective learning rate/,
    solution: (unit, rate, decay) => Math.sqrt(1 - (1 - rate * decay) ** 2) / unit,
  },
  // Two mistakes together.
  {
    name: "2ηλ and a constant gradient",
    message: [/took 2ηλ/, /same length at every ‖w‖/],
    solution: (unit, rate, decay) => (rate * unit ** 2) / (2 * decay),
  },
  {
    name: "2ηλ, the length",
    message: [/took 2ηλ/, /this is ‖w‖; its square/],
    solution: (unit, rate, decay) => Math.sqrt(unit * Math.sqrt(rate / (2 * decay))),
  },
  {
    name: "no ĝ, λ without η",
    message: [/left out ĝ/, /decay is multiplied by the learning rate, too/],
    solution: (_, rate, decay) => rate / Math.sqrt(1 - (1 - decay) ** 2),
  },
];
