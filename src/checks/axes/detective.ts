import { dyt, standardize } from "../../norm";
import { randomNormal, type Tensor, zeros } from "../../tensor";
import { otherAxes } from "../../tensor/shape";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";
import { axesDiffer, axesOf, listOf } from "./answer";

type Normalize = (x: Tensor) => Tensor;

/** (an unknown function of tensors of this shape, the shape) → the axes that it averages over. */
export type FindAxes = (normalize: Normalize, shape: number[]) => number[];

/** The axes along which another output changes when the first cell of x is moved. */
function poked(normalize: Normalize, x: Tensor, isOnlyFall = false): number[] {
  const moved = x.map((value, i) => (i === 0 ? value + 1 : value));
  const change = normalize(moved).sub(normalize(x));
  const size = (value: number) => (isOnlyFall ? value : Math.abs(value));
  return x.shape
    .map((_, axis) => axis)
    .filter((axis) => size(change.at(...x.shape.map((_, i) => (i === axis ? 1 : 0)))) > 1e-9);
}

/** The axes along which all means of the outputs are 0. */
function withMeanZero(y: Tensor): number[] {
  return otherAxes(y.rank, []).filter((axis) => y.mean([axis]).data.every((mean) => Math.abs(mean) < 1e-6));
}

const told = (given: string, right: string): string =>
  `the function averages over ${right}; you found ${given}`;

/** Exercise axes-detective: find out from outside which axes a function averages over. */
export const axesDetective: Check<FindAxes> = formulaExercise("axes-detective", {
  switches: {
    kept: "these are the axes it keeps. Cells that influence each other differ along the reduced axes",
    zeros:
      "a function may not subtract a mean (it is RMSNorm): sums that are 0 and inputs of zeros " +
      "tell nothing about it. Move one cell of a random tensor, and look which outputs change",
    meanZero:
      "you looked for outputs whose mean along one axis is 0: that is so only where a mean is subtracted, and over " +
      "that axis alone. Move one cell of a random tensor, and look which outputs change",
    alwaysFirst: "you answer axis 0 whatever the function is; look at what it does",
    alwaysLast: "you answer the last axis whatever the function is; look at what it does",
    everyAxis:
      "too many. Count an axis when moving one cell changes the output at another place along it, with the places " +
      "along all other axes the same",
    noAxis:
      "you found no axis. Count an axis when moving one cell changes the output at another place along it",
    firstOnly: "you stopped at the first axis, there are more. Try every axis of the shape",
    lastOnly: "you found the last axis only, there are more. Try every axis of the shape",
    firstNotTried: "you did not try axis 0. Try every axis of the shape",
    lastNotTried: "you did not try the last axis. Try every axis of the shape",
    risesOnly: "outputs may fall as well as rise when a cell is moved: look at the size of the change",
    fromOne: "axes are counted from 0: the first is 0",
    noneIsEvery:
      "a function may average over nothing (as DyT, a tanh, does): then the answer is an empty list",
  },
  formula:
    (on) =>
    (normalize: Normalize, shape: number[]): number[] => {
      const all = otherAxes(shape.length, []);
      if (on("noAxis")) return [];
      if (on("alwaysFirst")) return [0];
      if (on("alwaysLast")) return [shape.length - 1];
      const random = randomNormal(shape, { seed: 1 });
      const found = on("everyAxis")
        ? all
        : on("meanZero")
          ? withMeanZero(normalize(random))
          : poked(normalize, on("zeros") ? zeros(shape) : random, on("risesOnly"));
      const tried = found.filter(
        (axis) => !(on("firstNotTried") && axis === 0) && !(on("lastNotTried") && axis === shape.length - 1),
      );
      const some = on("firstOnly") ? tried.slice(0, 1) : on("lastOnly") ? tried.slice(-1) : tried;
      if (on("noneIsEvery") && some.length === 0) return all;
      const told = on("kept") ? all.filter((axis) => !some.includes(axis)) : some;
      return on("fromOne") ? told.map((axis) => axis + 1) : told;
    },
  where: (answer, { args: [normalize, shape] }) =>
    told(listOf(axesOf(answer, shape.length)!), listOf(poked(normalize, randomNormal(shape, { seed: 1 })))),
  differs: (answer, expected, { args: [, shape] }) => axesDiffer(answer, expected, shape.length, told),
  cases: () => {
    const trial = (shape: number[], axes: number[], kind: "centred" | "uncentred" | "none" = "centred") => {
      const hidden = (x: Tensor): Tensor =>
        kind === "none" ? dyt(x).y : standardize(x, { axes, center: kind === "centred", epsilon: 1e-3 }).xHat;
      return { args: [hidden, shape] as [Normalize, number[]] };
    };
    return {
      usual: {
        "columns of a matrix": trial([3, 4], [0]),
        "rows of a matrix": trial([3, 4], [1]),
        "images (N,H,W,C), three axes": trial([2, 3, 2, 3], [0, 1, 2]),
        "a function that does not subtract the mean": trial([3, 2, 4], [2], "uncentred"),
      },
      hard: {
        "two axes that are no neighbours": trial([2, 3, 4], [0, 2]),
        "all axes, without the mean": trial([3, 3], [0, 1], "uncentred"),
        "no axis at all": trial([3, 4], [], "none"),
      },
    };
  },
});
