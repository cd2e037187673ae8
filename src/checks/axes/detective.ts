import { dyt, standardize } from "../../norm";
import { type Tensor } from "../../tensor";
import { describe } from "../../tensor/validate";
import { Complaint, invoke } from "../invoke";
import { type CheckOptions, report, type Report } from "../report";

/** (an unknown function of tensors of this shape, the shape) → the axes that it averages over. */
export type FindAxes = (normalize: (x: Tensor) => Tensor, shape: number[]) => number[];

const list = (axes: readonly number[]): string => `[${axes.join(", ")}]`;

/** Exercise axes-detective: find out from outside which axes a function averages over. */
export function axesDetective(solution: FindAxes, { cases = "usual" }: CheckOptions = {}): Report {
  const check =
    (shape: number[], axes: number[], kind: "centred" | "uncentred" | "none" = "centred") =>
    () => {
      const hidden = (x: Tensor): Tensor =>
        kind === "none" ? dyt(x).y : standardize(x, { axes, center: kind === "centred", epsilon: 1e-3 }).xHat;
      const answer: unknown = invoke(solution, hidden, shape);
      if (!Array.isArray(answer) || !answer.every((axis) => Number.isInteger(axis))) {
        throw new Complaint(
          `your function returned ${describe(answer)}; it must return a list of axes, such as [0]`,
        );
      }
      const found = (answer as number[])
        .map((axis) => (axis < 0 ? axis + shape.length : axis))
        .sort((a, b) => a - b);
      if (list(found) === list(axes)) return undefined;
      const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
      const what = `the function averages over ${list(axes)}; you found ${list(found)}`;
      if (kind === "none") {
        return `${what}. This function averages over nothing: every cell stands for itself (it is DyT's tanh)`;
      }
      if (list(found) === list(kept)) {
        return `${what}: these are the axes it keeps. Cells that influence each other differ along the reduced axes`;
      }
      if (kind === "uncentred") {
        return (
          `${what}. The function does not subtract a mean (it is RMSNorm): sums that are 0 and inputs of zeros ` +
          "tell nothing about it. Move one cell of a random tensor, and look which outputs change"
        );
      }
      if (found.length > axes.length && axes.every((axis) => found.includes(axis))) {
        return `${what}: too many. Count an axis when moving one cell changes the output at another place along it`;
      }
      if (found.length < axes.length && found.every((axis) => axes.includes(axis))) {
        return `${what}: you stopped early, there are more. Try every axis of the shape`;
      }
      return what;
    };
  return report("axes-detective", [
    { name: "columns of a matrix", run: check([3, 4], [0]) },
    { name: "rows of a matrix", run: check([3, 4], [1]) },
    { name: "images (N,H,W,C), three axes", run: check([2, 3, 2, 3], [0, 1, 2]) },
    { name: "a function that does not subtract the mean", run: check([3, 2, 4], [2], "uncentred") },
    ...(cases === "hard"
      ? [
          { name: "two axes that are no neighbours", run: check([2, 3, 4], [0, 2]) },
          { name: "all axes, without the mean", run: check([3, 3], [0, 1], "uncentred") },
          { name: "no axis at all", run: check([3, 4], [], "none") },
        ]
      : []),
  ]);
}
