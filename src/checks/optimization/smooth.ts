import { randomNormal, type Tensor } from "../../tensor";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";

/** The gradient of a loss at given weights. */
export type GradientAt = (weights: Tensor) => Tensor;

/** The largest ‖g(w − s g(w)) − g(w)‖ / ‖s g(w)‖ over the step sizes s. */
export type EffectiveSmoothness = (gradientAt: GradientAt, weights: Tensor, stepSizes: number[]) => number;

const quotient = "divide by the distance that was walked, ‖s g‖";

/** The gradient of Σ ½ aᵢ wᵢ² + ¼ wᵢ⁴: curved, and more so along some weights and farther out. */
const gradient =
  (curvature: Tensor): GradientAt =>
  (w) =>
    w.mul(curvature).add(w.mul(w.square()));

/** Exercise opt-smooth: how fast the gradient changes along itself. */
export const optSmooth: Check<EffectiveSmoothness> = formulaExercise("opt-smooth", {
  switches: {
    noDistance: `this is how much the gradient changes; ${quotient}`,
    byStepSize: `you divided by the step size alone; ${quotient}`,
    byGradient: `you divided by ‖g‖ alone, without the step size; ${quotient}`,
    bySquared: "you divided by the square of the distance; divide by the distance",
    differenceOfNorms:
      "you took the difference of the two lengths; take the length of the difference, which sees a change of direction",
    smallest: "you took the smallest; the largest over all step sizes is asked for",
    mean: "you took the mean; the largest over all step sizes is asked for",
    sum: "you took the sum; the largest over all step sizes is asked for",
    firstStep: "you looked at the first step size alone",
    lastStep: "you looked at the last step size alone; the largest value is asked for, wherever it is",
    largestChange:
      "you divided the largest change by the largest distance; each change belongs to its own distance",
    up: "you walked up the gradient; a step is w − s g",
    unitDirection: "you walked s along the gradient's direction; the step is s times the gradient itself",
    squared: "you took sums of squares; a length is the root of that",
    absolute: "you summed absolute values; a length is the root of the sum of squares",
    largestElement: "you took the largest element; a length is the root of the sum of squares",
    rootMeanSquare: "you took the root of the mean square above, but the length (of the sum) below",
    onward: "you walked on from where the last step had ended; each step begins at w",
    gradientAfter: "you divided by the gradient where the step ends; the distance is s times that at w",
    after: "this is the length of the new gradient; that of the difference to the old one is asked for",
    upsideDown: "upside down: the change of the gradient stands above, the distance below",
    weights: "you compared the weights; compare the gradients",
  },
  formula:
    (on) =>
    (gradientAt: GradientAt, weights: Tensor, stepSizes: number[]): number => {
      const length = (x: Tensor): number => {
        const values = [...x.data];
        const squares = values.reduce((total, v) => total + v * v, 0);
        if (on("absolute")) return values.reduce((total, v) => total + Math.abs(v), 0);
        if (on("largestElement")) return Math.max(...values.map(Math.abs));
        return on("squared") ? squares : Math.sqrt(squares);
      };
      const before = gradientAt(weights);
      const own = Math.hypot(...before.data);
      let at = weights;
      const seen = stepSizes.map((size) => {
        const step = before.mul((on("up") ? -size : size) / (on("unitDirection") ? own : 1));
        const moved = (on("onward") ? at : weights).sub(step);
        at = moved;
        const after = gradientAt(moved);
        const difference = on("weights") ? moved.sub(weights) : after.sub(before);
        const change = on("differenceOfNorms")
          ? Math.abs(length(after) - length(before))
          : on("after")
            ? length(after)
            : length(difference) / (on("rootMeanSquare") ? Math.sqrt(weights.size) : 1);
        const walked = length(on("gradientAfter") ? after.mul(size) : step);
        const distance = on("noDistance")
          ? 1
          : on("byStepSize")
            ? size
            : on("byGradient")
              ? length(before)
              : on("bySquared")
                ? walked ** 2
                : walked;
        return { change, distance };
      });
      if (on("largestChange")) {
        const most = (of: "change" | "distance") => Math.max(...seen.map((each) => each[of]));
        return most("change") / most("distance");
      }
      const rates = seen.map(({ change, distance }) =>
        on("upsideDown") ? distance / change : change / distance,
      );
      const total = rates.reduce((a, b) => a + b, 0);
      if (on("smallest")) return Math.min(...rates);
      if (on("mean")) return total / rates.length;
      if (on("sum")) return total;
      if (on("firstStep")) return rates[0];
      return on("lastStep") ? rates[rates.length - 1] : Math.max(...rates);
    },
  right: (gradientAt, weights, stepSizes) => {
    const g = gradientAt(weights);
    const rates = stepSizes.map((size) => {
      const change = gradientAt(weights.sub(g.mul(size))).sub(g);
      return Math.hypot(...change.data) / (size * Math.hypot(...g.data));
    });
    return Math.max(...rates);
  },
  name: "the smoothness",
  cases: (seed) => {
    const trial = (size: number, stepSizes: number[]) => {
      const weights = randomNormal([size], { seed: seed + size, mean: 0.5, standardDeviation: 0.8 });
      const curvature = randomNormal([size], { seed: seed + size + 50, mean: 1, standardDeviation: 0.6 });
      const args = [gradient(curvature), weights, stepSizes] as [GradientAt, Tensor, number[]];
      return { args, tolerance: 1e-9 };
    };
    return {
      usual: {
        "three step sizes, growing": [trial(6, [0.1, 0.4, 2]), trial(4, [0.2, 1.1, 1.8])],
        "in another order": [trial(5, [0.7, 1.5, 0.05]), trial(7, [1.2, 0.1, 0.6, 0.3])],
      },
      hard: { "a single step size": trial(8, [0.3]), "long steps": trial(3, [3, 9]) },
    };
  },
});
