import type { checks } from "normlab";
import type { Bank } from "../bank";

type Percentiles = checks.UnitPercentiles;

const column = (u: Parameters<Percentiles>[0], unit: number) =>
  Array.from({ length: u.shape[0] }, (_, i) => u.at(i, unit));

const interpolated = (sorted: number[], ps: number[], last = sorted.length - 1) =>
  ps.map((p) => {
    const place = Math.min(sorted.length - 1, (p / 100) * last);
    const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    return below + (place % 1) * (above - below);
  });

const ascending = (values: number[]) => [...values].sort((a, b) => a - b);

export const right: Percentiles[] = [
  (u, unit, ps) => interpolated(ascending(column(u, unit)), ps),
  (u, unit, ps) => {
    const units = u.shape[1];
    const sorted = u.data.filter((_, i) => i % units === unit).sort();
    return Float64Array.from(ps, (p) => {
      const place = (p * (sorted.length - 1)) / 100;
      const weight = place - Math.trunc(place);
      return (1 - weight) * sorted[Math.trunc(place)] + (weight ? weight * sorted[Math.trunc(place) + 1] : 0);
    });
  },
];

export const wrong: Bank<Percentiles>["wrong"] = [
  {
    name: "unsorted",
    message: /forgot to sort/,
    solution: (u, unit, ps) => interpolated(column(u, unit), ps),
  },
  {
    name: "sorted as text",
    message: /sorts numbers as text/,
    solution: (u, unit, ps) => interpolated(column(u, unit).sort(), ps),
  },
  {
    name: "descending",
    message: /from large to small/,
    solution: (u, unit, ps) => interpolated(ascending(column(u, unit)).reverse(), ps),
  },
  {
    name: "a row",
    message: /this is a row/,
    solution: (u, unit, ps) =>
      interpolated(ascending(Array.from({ length: u.shape[1] }, (_, j) => u.at(unit % u.shape[0], j))), ps),
  },
  {
    name: "all units",
    message: /all units together/,
    solution: (u, _, ps) => interpolated(ascending([...u.data]), ps),
  },
  {
    name: "the lower neighbour",
    message: /took the lower one/,
    solution: (u, unit, ps) => {
      const sorted = ascending(column(u, unit));
      return ps.map((p) => sorted[Math.floor((p / 100) * (sorted.length - 1))]);
    },
  },
  {
    name: "place p/100 · m",
    message: /you took p\/100 · m/,
    solution: (u, unit, ps) => {
      const sorted = ascending(column(u, unit));
      return interpolated(sorted, ps, sorted.length);
    },
  },
  {
    name: "the nearest neighbour",
    message: /took the nearest one/,
    solution: (u, unit, ps) => {
      const sorted = ascending(column(u, unit));
      return ps.map((p) => sorted[Math.round((p / 100) * (sorted.length - 1))]);
    },
  },
  // Two mistakes together.
  {
    name: "unsorted, the lower neighbour",
    message: [/forgot to sort/, /took the lower one/],
    solution: (u, unit, ps) => {
      const values = column(u, unit);
      return ps.map((p) => values[Math.floor((p / 100) * (values.length - 1))]);
    },
  },
  {
    name: "as text, place p/100 · m",
    message: [/sorts numbers as text/, /you took p\/100 · m/],
    solution: (u, unit, ps) => interpolated(column(u, unit).sort(), ps, u.shape[0]),
  },
  {
    name: "all units, the nearest",
    message: [/all units together/, /took the nearest one/],
    solution: (u, _, ps) => {
      const sorted = ascending([...u.data]);
      return ps.map((p) => sorted[Math.round((p / 100) * (sorted.length - 1))]);
    },
  },
  {
    name: "descending, the middle of the neighbours",
    message: [/from large to small|counted from above/, /you took their middle/],
    solution: (u, unit, ps) => {
      const sorted = ascending(column(u, unit)).reverse();
      return ps.map((p) => {
        const below = Math.floor((p / 100) * (sorted.length - 1));
        return (sorted[below] + sorted[Math.min(below + 1, sorted.length - 1)]) / 2;
      });
    },
  },
];
