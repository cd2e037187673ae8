import { type checks } from "normlab";
import type { Bank } from "../bank";

type Solution = Bank<checks.StreamVariance>;

const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** Welford's algorithm with the growth of the sum and the last step replaced. */
const welfordBy =
  (
    growth: (value: number, old: number, now: number) => number,
    finish = (squares: number, count: number) => squares / count,
  ): checks.StreamVariance =>
  (values) => {
    let [count, current, squares] = [0, 0, 0];
    for (const value of values) {
      const old = current;
      count++;
      current += (value - current) / count;
      squares += growth(value, old, current);
    }
    return finish(squares, count);
  };
const rightGrowth = (value: number, old: number, now: number) => (value - old) * (value - now);

export const right: Solution["right"] = [
  // Shifted by the first value, which is as good as any near the mean.
  (values) => {
    let first: number | undefined;
    let [count, sum, squares] = [0, 0, 0];
    for (const value of values) {
      first ??= value;
      count++;
      sum += value - first;
      squares += (value - first) ** 2;
    }
    return (squares - (sum * sum) / count) / count;
  },
  // Welford's sum written with the step of the mean: (value − old)² · (m − 1) / n.
  (values) => {
    let [count, current, squares] = [0, 0, 0];
    for (const value of values) {
      const distance = value - current;
      current = (current * count + value) / (count + 1);
      squares += (distance * distance * count) / ++count;
    }
    return squares / count;
  },
  // The variance so far, which each value moves a little.
  (values) => {
    let [count, center, variance] = [0, 0, 0];
    for (const value of values) {
      const distance = value - center;
      center += distance / ++count;
      variance += (distance * (value - center) - variance) / count;
    }
    return variance;
  },
  // In blocks of ten, each in two passes, put together.
  (values) => {
    let [count, center, squares] = [0, 0, 0];
    let block: number[] = [];
    const add = () => {
      if (block.length === 0) return;
      const own = mean(block);
      const gap = own - center;
      const all = count + block.length;
      squares += block.reduce((sum, value) => sum + (value - own) ** 2, 0);
      squares += (gap * gap * count * block.length) / all;
      center += (gap * block.length) / all;
      [count, block] = [all, []];
    };
    for (const value of values) if (block.push(value) === 10) add();
    add();
    return squares / count;
  },
];

export const wrong: Solution["wrong"] = [
  {
    name: "mean of squares minus square of mean",
    message: /its digits cancel/,
    solution: (values) => {
      let [count, sum, squares] = [0, 0, 0];
      for (const value of values) {
        count++;
        sum += value;
        squares += value * value;
      }
      return squares / count - (sum / count) ** 2;
    },
  },
  {
    name: "read twice",
    message: /read a second time/,
    solution: (values) => {
      let [count, sum, squares] = [0, 0, 0];
      for (const value of values) [count, sum] = [count + 1, sum + value];
      for (const value of values) squares += (value - sum / count) ** 2;
      return squares / count;
    },
  },
  {
    name: "kept in memory, then in two passes",
    message: /went through them a second time/,
    solution: (values) => {
      const all = [...values];
      const center = mean(all);
      return mean(all.map((value) => (value - center) ** 2));
    },
  },
  {
    name: "m − 1",
    message: /divided by m − 1/,
    solution: welfordBy(rightGrowth, (squares, count) => squares / (count - 1)),
  },
  {
    name: "not divided",
    message: /sum of the squared deviations: divide it by m/,
    solution: welfordBy(rightGrowth, (squares) => squares),
  },
  {
    name: "the standard deviation",
    message: /this is the standard deviation/,
    solution: welfordBy(rightGrowth, (squares, count) => Math.sqrt(squares / count)),
  },
  {
    name: "distance from the new mean, squared",
    message: /squared the distance from one mean/,
    solution: welfordBy((value, _old, now) => (value - now) ** 2),
  },
  {
    name: "distance from the old mean, squared",
    message: /squared the distance from one mean/,
    solution: welfordBy((value, old) => (value - old) ** 2),
  },
  {
    name: "mean square",
    message: /mean of the squares: the mean is not taken away/,
    solution: (values) => mean([...values].map((value) => value * value)),
  },
  // Two mistakes together.
  {
    name: "one mean, m − 1",
    message: [/distance from one mean/, /divided by m − 1/],
    solution: welfordBy(
      (value, old) => (value - old) ** 2,
      (squares, count) => squares / (count - 1),
    ),
  },
  {
    name: "absolute distances, the root",
    message: [/averaged absolute deviations/, /this is the standard deviation/],
    solution: welfordBy(
      (value, old) => Math.abs(value - old),
      (squares, count) => Math.sqrt(squares / count),
    ),
  },
  {
    name: "kept, and m + 1",
    message: /divided by m \+ 1/,
    solution: (values) => {
      const all = [...values];
      const center = mean(all);
      return all.reduce((sum, value) => sum + (value - center) ** 2, 0) / (all.length + 1);
    },
  },
  {
    name: "the mean square, not divided",
    message: [/mean of the squares/, /divide it by m/],
    solution: (values) => [...values].reduce((sum, value) => sum + value * value, 0),
  },
];
