import type { checks } from "normlab";
import type { Bank } from "../bank";

type Share = checks.SaturatedShare;

export const right: Share[] = [
  (h, activation) => {
    // The sigmoid is (1 + tanh(u/2)) / 2: its output, stretched to −1 … 1, saturates as a tanh does.
    const centered = h.map((v) => (activation === "tanh" ? v : 2 * v - 1));
    return centered
      .map((v) => (Math.abs(v) > 0.97 ? 1 : 0))
      .mean()
      .at();
  },
  (h, activation) => {
    let count = 0;
    for (const v of h.data) {
      const relative = activation === "tanh" ? (1 - v) * (1 + v) : (v * (1 - v)) / 0.25;
      if (relative < 0.0591) count += 1;
    }
    return count / h.data.length;
  },
];

const share = (values: Float64Array, test: (v: number) => boolean) =>
  values.filter(test).length / values.length;

export const wrong: Bank<Share>["wrong"] = [
  {
    name: "only the upper end",
    message: /upper end only/,
    solution: (h, activation) => share(h.data, (v) => (activation === "tanh" ? v > 0.97 : 2 * v - 1 > 0.97)),
  },
  {
    name: "tanh's limits for the sigmoid",
    message: /tanh's limits for the sigmoid/,
    solution: (h) => share(h.data, (v) => Math.abs(v) > 0.97),
  },
  {
    name: "tanh's largest slope for the sigmoid",
    message: /sigmoid's own largest slope is 1\/4/,
    solution: (h, activation) =>
      share(h.data, (v) => (activation === "tanh" ? 1 - v * v : v * (1 - v)) < 1 - 0.97 ** 2),
  },
  {
    name: "3 % from either end of the sigmoid",
    message: /below 12 %/,
    solution: (h, activation) =>
      share(h.data, (v) => (activation === "tanh" ? Math.abs(v) > 0.97 : v < 0.03 || v > 0.97)),
  },
  {
    name: "percent",
    message: /this is a percentage/,
    solution: (h, activation) => 100 * right[0](h, activation),
  },
  {
    name: "a count",
    message: /this is a number of values/,
    solution: (h, activation) => h.size * right[0](h, activation),
  },
  {
    name: "the others",
    message: /not saturated/,
    solution: (h, activation) => 1 - right[0](h, activation),
  },
  {
    name: "whole units",
    message: /saturated for the whole batch/,
    solution: (h, activation) => {
      const centered = h.map((v) => (activation === "tanh" ? v : 2 * v - 1));
      const everywhere = centered.map((v) => (Math.abs(v) > 0.97 ? 1 : 0)).mean([0]);
      return share(everywhere.data, (part) => part === 1);
    },
  },
  // Two mistakes together.
  {
    name: "percent of the others",
    message: [/this is a percentage/, /not saturated/],
    solution: (h, activation) => 100 * (1 - right[0](h, activation)),
  },
  {
    name: "upper end, counted",
    message: [/upper end only/, /this is a number of values/],
    solution: (h, activation) => h.data.filter((v) => (activation === "tanh" ? v : 2 * v - 1) > 0.97).length,
  },
  {
    name: "no square in the limit, the sigmoid's slope not relative",
    message: [/the square is missing/, /own largest slope is 1\/4/],
    solution: (h, activation) =>
      share(h.data, (v) => (activation === "tanh" ? 1 - v * v : v * (1 - v)) < 0.03),
  },
  {
    name: "tanh's limits for the sigmoid, divided by the samples",
    message: [/tanh's limits for the sigmoid/, /divided by the number of samples/],
    solution: (h) => h.data.filter((v) => Math.abs(v) > 0.97).length / h.shape[0],
  },
];
