import type { checks } from "normlab";
import type { Bank } from "../bank";

type After = checks.SquaredNormAfter;

export const right: After[] = [
  (n, g, rate, decay) => n - 2 * rate * decay * n + (rate * decay) ** 2 * n + rate * rate * g,
  (n, g, rate, decay) => Math.hypot((1 - rate * decay) * Math.sqrt(n), rate * Math.sqrt(g)) ** 2,
];

export const wrong: Bank<After>["wrong"] = [
  {
    name: "minus the gradient's part",
    message: /took the gradient's part away/,
    solution: (n, g, rate, decay) => (1 - rate * decay) ** 2 * n - rate ** 2 * g,
  },
  {
    name: "η once",
    message: /the learning rate is squared, too/,
    solution: (n, g, rate, decay) => (1 - rate * decay) ** 2 * n + rate * g,
  },
  {
    name: "the gradient squared again",
    message: /gradient is given; you squared it once more/,
    solution: (n, g, rate, decay) => (1 - rate * decay) ** 2 * n + (rate * g) ** 2,
  },
  {
    name: "the weights squared again",
    message: /weights is given; you squared it once more/,
    solution: (n, g, rate, decay) => ((1 - rate * decay) * n) ** 2 + rate ** 2 * g,
  },
  {
    name: "no decay",
    message: /left out the weight decay/,
    solution: (n, g, rate) => n + rate ** 2 * g,
  },
  {
    name: "no gradient",
    message: /left out the gradient's part/,
    solution: (n, _, rate, decay) => (1 - rate * decay) ** 2 * n,
  },
  {
    name: "decay's factor not squared",
    message: /squared length \(1 − ηλ\)² times/,
    solution: (n, g, rate, decay) => (1 - rate * decay) * n + rate ** 2 * g,
  },
  {
    name: "1 − 2ηλ",
    message: /is not 1 − 2ηλ/,
    solution: (n, g, rate, decay) => (1 - 2 * rate * decay) * n + rate ** 2 * g,
  },
  {
    name: "λ without η",
    message: /decay is multiplied by the learning rate, too/,
    solution: (n, g, rate, decay) => (1 - decay) ** 2 * n + rate ** 2 * g,
  },
  {
    name: "1 + ηλ",
    message: /makes weights shorter/,
    solution: (n, g, rate, decay) => (1 + rate * decay) ** 2 * n + rate ** 2 * g,
  },
  {
    name: "the length",
    message: /this is the length; its square/,
    solution: (n, g, rate, decay) => Math.sqrt((1 - rate * decay) ** 2 * n + rate ** 2 * g),
  },
  {
    name: "lengths added",
    message: /you added the lengths/,
    solution: (n, g, rate, decay) => (1 - rate * decay) * Math.sqrt(n) + rate * Math.sqrt(g),
  },
  {
    name: "decay after the step",
    message: /shrank the gradient's part, too/,
    solution: (n, g, rate, decay) => (1 - rate * decay) ** 2 * (n + rate ** 2 * g),
  },
  // Two mistakes together.
  {
    name: "η once, no decay",
    message: [/the learning rate is squared, too/, /left out the weight decay/],
    solution: (n, g, rate) => n + rate * g,
  },
  {
    name: "minus the gradient's part, factor not squared",
    message: [/took the gradient's part away/, /squared length \(1 − ηλ\)² times/],
    solution: (n, g, rate, decay) => (1 - rate * decay) * n - rate ** 2 * g,
  },
  {
    name: "λ without η, the length",
    message: [/decay is multiplied by the learning rate, too/, /this is the length; its square/],
    solution: (n, g, rate, decay) => Math.sqrt((1 - decay) ** 2 * n + rate ** 2 * g),
  },
];
