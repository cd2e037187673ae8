import { randomNormal, tensor, zeros, type checks, type Tensor } from "normlab";
import type { Bank } from "../bank";

type Solution = Bank<checks.FindAxes>;

/** How much each output moves when the first cell of x is moved. */
const changeOf = (normalize: (x: Tensor) => Tensor, x: Tensor): Tensor =>
  normalize(x.map((value, i) => (i === 0 ? value + 1 : value)))
    .sub(normalize(x))
    .abs();
const neighbours = (shape: number[]) => shape.map((_, axis) => shape.map((_, i) => (i === axis ? 1 : 0)));
const allAxes = (shape: number[]) => shape.map((_, axis) => axis);

/** The axes along which moving the first cell of x moves its neighbour. */
const reach = (normalize: (x: Tensor) => Tensor, shape: number[], x: Tensor): number[] => {
  const change = changeOf(normalize, x);
  return allAxes(shape).filter((axis) => change.at(...neighbours(shape)[axis]) > 1e-9);
};

export const right: Solution["right"] = [
  // All cells that move, and the coordinates in which they differ from the first.
  (normalize, shape) => {
    const change = changeOf(normalize, randomNormal(shape, { seed: 9 }));
    const found = new Set<number>();
    change.data.forEach((moved, offset) => {
      if (moved < 1e-9) return;
      let rest = offset;
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        if (rest % shape[axis] !== 0) found.add(axis);
        rest = Math.floor(rest / shape[axis]);
      }
    });
    return [...found];
  },
  // One slice at a time is made louder: a reduced axis lets the others notice.
  (normalize, shape) => {
    const x = randomNormal(shape, { seed: 4 });
    return allAxes(shape).filter((axis) => {
      const stride = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
      const slice = (offset: number) => Math.floor(offset / stride) % shape[axis];
      const louder = x.map((value, i) => (slice(i) === 0 ? value * 2 + 1 : value));
      const change = normalize(louder).sub(normalize(x)).abs();
      return change.data.some((moved, i) => slice(i) !== 0 && moved > 1e-9);
    });
  },
];

export const wrong: Solution["wrong"] = [
  {
    name: "the kept axes",
    message: /these are the axes it keeps/,
    solution: (normalize, shape) => {
      const reduced = reach(normalize, shape, randomNormal(shape));
      return allAxes(shape).filter((axis) => !reduced.includes(axis));
    },
  },
  {
    name: "a tensor of zeros",
    message: /may not subtract a mean \(it is RMSNorm\)/,
    solution: (normalize, shape) => reach(normalize, shape, zeros(shape)),
  },
  {
    name: "sums that are 0",
    message: /may not subtract a mean \(it is RMSNorm\)/,
    solution: (normalize, shape) => {
      const y = normalize(randomNormal(shape, { mean: 3 }));
      const axes = allAxes(shape);
      const vanishes = (list: number[]) => y.sum(list).data.every((sum) => Math.abs(sum) < 1e-9);
      const subsets = axes.reduce<number[][]>((sets, a) => [...sets, ...sets.map((s) => [...s, a])], [[]]);
      return subsets.filter((s) => s.length > 0).find(vanishes) ?? [];
    },
  },
  {
    name: "only the first axis found",
    message: /you stopped at the first axis/,
    solution: (normalize, shape) => reach(normalize, shape, randomNormal(shape)).slice(0, 1),
  },
  {
    name: "any change counts for every axis",
    message: /too many/,
    solution: (normalize, shape) => {
      const change = changeOf(normalize, randomNormal(shape));
      return change.data.some((moved) => moved > 1e-9) ? allAxes(shape) : [];
    },
  },
  {
    name: "always the last axis",
    message: /you answer the last axis whatever the function is/,
    solution: (_, shape) => [shape.length - 1],
  },
  {
    name: "a tensor instead of a list",
    message: /must return a list of axes/,
    solution: ((normalize: (x: Tensor) => Tensor, shape: number[]) =>
      tensor(reach(normalize, shape, randomNormal(shape)))) as never,
  },
  // Two mistakes together.
  {
    name: "the kept axes, only the first found",
    message: [/axes it keeps/, /stopped at the first axis/],
    solution: (normalize, shape) => {
      const [first] = reach(normalize, shape, randomNormal(shape));
      return allAxes(shape).filter((axis) => axis !== first);
    },
  },
  {
    name: "zeros, counted from 1",
    message: [/may not subtract a mean/, /axes are counted from 0/],
    solution: (normalize, shape) => reach(normalize, shape, zeros(shape)).map((axis) => axis + 1),
  },
  {
    name: "every axis but the first",
    message: [/too many/, /did not try axis 0/],
    solution: (_, shape) => allAxes(shape).slice(1),
  },
  {
    name: "the last found alone, counted from 1",
    message: [/found the last axis only/, /axes are counted from 0/],
    solution: (normalize, shape) =>
      reach(normalize, shape, randomNormal(shape))
        .slice(-1)
        .map((axis) => axis + 1),
  },
];
