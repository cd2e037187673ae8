import type { checks, Tensor } from "normlab";
import type { Bank } from "../bank";

type Smooth = checks.EffectiveSmoothness;

const norm = (x: Tensor) => Math.hypot(...x.data);
/** A quotient for each step size, from the gradient, the step and the gradient after it. */
const quotients =
  (of: (g: Tensor, step: Tensor, after: Tensor, size: number) => number, sign = -1) =>
  (...[gradientAt, weights, sizes]: Parameters<Smooth>): number[] => {
    const g = gradientAt(weights);
    return sizes.map((size) => {
      const step = g.mul(size);
      return of(g, step, gradientAt(weights.add(step.mul(sign))), size);
    });
  };
const plain = quotients((g, step, after) => norm(after.sub(g)) / norm(step));
const largest =
  (of: (...given: Parameters<Smooth>) => number[]): Smooth =>
  (...given) =>
    Math.max(...of(...given));

export const right: Smooth[] = [
  largest(plain),
  (gradientAt, weights, sizes) => {
    let most = 0;
    for (const size of sizes) {
      const g = gradientAt(weights);
      const change = g.sub(gradientAt(weights.sub(g.mul(size))));
      most = Math.max(most, Math.sqrt(change.square().sum().at() / g.square().sum().at()) / size);
    }
    return most;
  },
];

export const wrong: Bank<Smooth>["wrong"] = [
  {
    name: "not divided",
    message: /how much the gradient changes/,
    solution: largest(quotients((g, _, after) => norm(after.sub(g)))),
  },
  {
    name: "divided by the step size",
    message: /divided by the step size alone/,
    solution: largest(quotients((g, _, after, size) => norm(after.sub(g)) / size)),
  },
  {
    name: "divided by the gradient",
    message: /divided by ‖g‖ alone/,
    solution: largest(quotients((g, _, after) => norm(after.sub(g)) / norm(g))),
  },
  {
    name: "a difference of lengths",
    message: /difference of the two lengths/,
    solution: largest(quotients((g, step, after) => Math.abs(norm(after) - norm(g)) / norm(step))),
  },
  {
    name: "the smallest",
    message: /took the smallest/,
    solution: (...given) => Math.min(...plain(...given)),
  },
  {
    name: "the mean",
    message: /took the mean/,
    solution: (...given) => plain(...given).reduce((a, b) => a + b, 0) / given[2].length,
  },
  {
    name: "the first step size",
    message: /first step size alone/,
    solution: (...given) => plain(...given)[0],
  },
  {
    name: "the last step size",
    message: /last step size alone/,
    solution: (...given) => plain(...given).at(-1)!,
  },
  {
    name: "up the gradient",
    message: /walked up the gradient/,
    solution: largest(quotients((g, step, after) => norm(after.sub(g)) / norm(step), 1)),
  },
  {
    name: "the step has length s",
    message: /walked s along the gradient's direction/,
    solution: (gradientAt, weights, sizes) => {
      const g = gradientAt(weights);
      const unit = g.div(norm(g));
      return Math.max(...sizes.map((s) => norm(gradientAt(weights.sub(unit.mul(s))).sub(g)) / s));
    },
  },
  {
    name: "no roots",
    message: /took sums of squares/,
    solution: largest(quotients((g, step, after) => (norm(after.sub(g)) / norm(step)) ** 2)),
  },
  {
    name: "the new gradient's length",
    message: /length of the new gradient/,
    solution: largest(quotients((_, step, after) => norm(after) / norm(step))),
  },
  {
    name: "walking on",
    message: /walked on from where the last step had ended/,
    solution: (gradientAt, weights, sizes) => {
      const g = gradientAt(weights);
      let at = weights;
      return Math.max(
        ...sizes.map((s) => {
          at = at.sub(g.mul(s));
          return norm(gradientAt(at).sub(g)) / (s * norm(g));
        }),
      );
    },
  },
  // Two mistakes together.
  {
    name: "up, not divided",
    message: [/walked up the gradient/, /how much the gradient changes/],
    solution: largest(quotients((g, _, after) => norm(after.sub(g)), 1)),
  },
  {
    name: "the mean, divided by the step size",
    message: [/took the mean/, /divided by the step size alone/],
    solution: (...given) => {
      const all = quotients((g, _, after, size) => norm(after.sub(g)) / size)(...given);
      return all.reduce((a, b) => a + b, 0) / all.length;
    },
  },
  {
    name: "a difference of lengths, the smallest",
    message: [/difference of the two lengths/, /took the smallest/],
    solution: (...given) =>
      Math.min(...quotients((g, step, after) => Math.abs(norm(after) - norm(g)) / norm(step))(...given)),
  },
];
