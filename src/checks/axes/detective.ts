import { dyt, standardize } from "../../norm";
import { type Tensor } from "../../tensor";
import { otherAxes } from "../../tensor/shape";
import { describe } from "../../tensor/validate";
import { type Check, exercise } from "../exercise";
import { mistake } from "../finding";
import { invoke } from "../invoke";
import { axesOf, listOf } from "./answer";

/** (an unknown function of tensors of this shape, the shape) → the axes that it averages over. */
export type FindAxes = (normalize: (x: Tensor) => Tensor, shape: number[]) => number[];

/** Exercise axes-detective: find out from outside which axes a function averages over. */
export const axesDetective: Check<FindAxes> = exercise("axes-detective", (solution) => {
  const check = (shape: number[], axes: number[], kind: "centred" | "uncentred" | "none" = "centred") => {
    const hidden = (x: Tensor): Tensor =>
      kind === "none" ? dyt(x).y : standardize(x, { axes, center: kind === "centred", epsilon: 1e-3 }).xHat;
    const answer: unknown = invoke(solution, hidden, shape);
    const found = axesOf(answer, shape.length);
    if (!found) {
      return `your function returned ${describe(answer)}; it must return a list of axes, such as [0]`;
    }
    if (listOf(found) === listOf(axes)) return undefined;
    const what = `the function averages over ${listOf(axes)}; you found ${listOf(found)}`;
    if (kind === "none") {
      return mistake(
        what,
        "this function averages over nothing: every cell stands for itself (it is DyT's tanh)",
      );
    }
    if (listOf(found) === listOf(otherAxes(shape.length, axes))) {
      return mistake(
        what,
        "these are the axes it keeps. Cells that influence each other differ along the reduced axes",
      );
    }
    if (kind === "uncentred") {
      return mistake(
        what,
        "the function does not subtract a mean (it is RMSNorm): sums that are 0 and inputs of zeros " +
          "tell nothing about it. Move one cell of a random tensor, and look which outputs change",
      );
    }
    if (found.length > axes.length && axes.every((axis) => found.includes(axis))) {
      return mistake(
        what,
        "too many. Count an axis when moving one cell changes the output at another place along it",
      );
    }
    if (found.length < axes.length && found.every((axis) => axes.includes(axis))) {
      return mistake(what, "you stopped early, there are more. Try every axis of the shape");
    }
    return what;
  };
  return {
    usual: {
      "columns of a matrix": () => check([3, 4], [0]),
      "rows of a matrix": () => check([3, 4], [1]),
      "images (N,H,W,C), three axes": () => check([2, 3, 2, 3], [0, 1, 2]),
      "a function that does not subtract the mean": () => check([3, 2, 4], [2], "uncentred"),
    },
    hard: {
      "two axes that are no neighbours": () => check([2, 3, 4], [0, 2]),
      "all axes, without the mean": () => check([3, 3], [0, 1], "uncentred"),
      "no axis at all": () => check([3, 4], [], "none"),
    },
  };
});
