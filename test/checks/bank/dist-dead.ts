import type { checks } from "normlab";
import type { Bank } from "../bank";

type Share = checks.DeadShare;

export const right: Share[] = [
  (h) => {
    const sums = h.sum([0]);
    return sums.data.filter((sum) => sum === 0).length / sums.size;
  },
  (h) => {
    const units = h.shape[1];
    const alive = new Set<number>();
    h.data.forEach((v, i) => {
      if (v !== 0) alive.add(i % units);
    });
    return (units - alive.size) / units;
  },
];

export const wrong: Bank<Share>["wrong"] = [
  {
    name: "zeros",
    message: /this is the share of zeros/,
    solution: (h) => h.data.filter((v) => v === 0).length / h.size,
  },
  {
    name: "rows",
    message: /looked along the rows/,
    solution: (h) => {
      const sums = h.sum([1]);
      return sums.data.filter((sum) => sum === 0).length / sums.size;
    },
  },
  {
    name: "zero at least once",
    message: /must be 0 for all/,
    solution: (h) => {
      const zeros = h.map((v) => (v === 0 ? 1 : 0)).sum([0]);
      return zeros.data.filter((count) => count > 0).length / zeros.size;
    },
  },
  { name: "alive", message: /that are alive/, solution: (h) => 1 - right[0](h) },
  { name: "a count", message: /this is a number of units/, solution: (h) => right[0](h) * h.shape[1] },
  {
    name: "divides by the samples",
    message: /divided by the number of samples/,
    solution: (h) => (right[0](h) * h.shape[1]) / h.shape[0],
  },
  {
    name: "the first sample only",
    message: /first sample only/,
    solution: (h) => h.data.slice(0, h.shape[1]).filter((v) => v === 0).length / h.shape[1],
  },
  { name: "percent", message: /this is a percentage/, solution: (h) => 100 * right[0](h) },
  // Two mistakes together.
  {
    name: "percent of the living",
    message: [/that are alive/, /this is a percentage/],
    solution: (h) => 100 * (1 - right[0](h)),
  },
  {
    name: "samples that are all 0, counted",
    message: [/looked along the rows/, /this is a number of units/],
    solution: (h) => h.sum([1]).data.filter((sum) => sum === 0).length,
  },
  {
    name: "zero at least once, counted",
    message: [/must be 0 for all/, /this is a number of units/],
    solution: (h) =>
      h
        .map((v) => (v === 0 ? 1 : 0))
        .sum([0])
        .data.filter((count) => count > 0).length,
  },
  {
    name: "alive, divided by the samples",
    message: [/that are alive/, /divided by the number of samples/],
    solution: (h) => ((1 - right[0](h)) * h.shape[1]) / h.shape[0],
  },
];
