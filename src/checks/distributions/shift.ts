import { randomNormal, type Tensor } from "../../tensor";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";

/** All layers' gradients at the given weights, one tensor a layer. */
export type GradientOf = (weights: Tensor[]) => Tensor[];

/**
 * ‖G′ − G‖ of layer `layer` (counted from 0): G is its gradient now, G′ its gradient after all layers
 * before it have taken one step of gradient descent, and it and the layers behind it have not moved.
 */
export type CovariateShift = (
  gradientOf: GradientOf,
  weights: Tensor[],
  layer: number,
  learningRate: number,
) => number;

/**
 * Gradients of a loss that couples all layers, ½ · Σ over elements of (Π_l tanh(w_l) − t)²:
 * moving one layer changes the gradients of all others.
 */
const gradients =
  (target: Tensor): GradientOf =>
  (weights) => {
    const values = weights.map((w) => w.tanh());
    const product = values.reduce((a, b) => a.mul(b));
    return weights.map((_, l) => {
      const others = values.filter((_, k) => k !== l).reduce((a, b) => a.mul(b), target.mul(0).add(1));
      return product.sub(target).mul(others).mul(values[l].square().neg().add(1));
    });
  };

/** Exercise dist-shift: internal covariate shift as Santurkar and others (2018) define it. */
export const distShift: Check<CovariateShift> = formulaExercise("dist-shift", {
  switches: {
    itself:
      "you moved the layer itself, too; only the layers before it move, since the question is what they do to it",
    everyLayer: "you moved every layer; only the layers before this one move",
    behind: "you moved the layers behind this one; the layers before it are those that make its inputs",
    oneBefore: "you moved the one layer before this one; all layers before it move",
    itselfAlone: "you moved this layer alone; the layers before it move, and it stays",
    firstAlone: "you moved the first layer alone; all layers before this one move",
    allButFirst: "you left the first layer where it was; all layers before this one move",
    up: "you went up the gradient; a step is w − η·g",
    noLearningRate: "you left out the learning rate",
    oneByOne:
      "you recomputed the gradient after each layer's step; all of them step at once, down the gradient they had at the start",
    ownGradient: "each layer steps down its own gradient; you took this layer's for all of them",
    relative: "you divided by ‖G‖; here the difference itself is asked for",
    relativeToAfter: "you divided by ‖G′‖; here the difference itself is asked for",
    differenceOfNorms:
      "you took the difference of the two norms; take the norm of the difference, which sees a change of direction",
    squared: "this is the square of the norm; take its root",
    absolute: "you summed absolute values; a norm is the root of the sum of squares",
    rootMeanSquare: "this is the root of the mean square; a norm is the root of the sum of squares",
    signed:
      "you summed the differences themselves, so that positive and negative ones cancel; sum their squares",
    largest: "you took the largest difference; a norm is the root of the sum of squares",
    allLayers: "you compared the gradients of all layers; this layer's alone is asked for",
    fromOne: "layers are counted from 0: `layer` is the place in the list as it is",
    nextLayer: "you compared the gradient of the layer beside the one asked for: layers are counted from 0",
    previousLayer:
      "you compared the gradient of the layer beside the one asked for: layers are counted from 0",
    firstLayer: "you compared the first layer's gradient; that of layer `layer` is asked for",
    after: "this is the norm of G′ alone; take that of G′ − G",
    before: "this is the norm of G alone; take that of G′ − G",
    sum: "you added the two gradients; take their difference, G′ − G",
    weights: "this is how far the weights moved; ask how far this layer's gradient did",
    cosine: "this is the cosine of the angle between the two; the norm of their difference is asked for",
  },
  formula:
    (on) =>
    (gradientOf: GradientOf, weights: Tensor[], given: number, learningRate: number): number => {
      const layer = on("fromOne") ? Math.max(0, given - 1) : given;
      const before = gradientOf(weights);
      const moves = (l: number) =>
        on("itself")
          ? l <= layer
          : on("everyLayer")
            ? true
            : on("behind")
              ? l > layer
              : on("oneBefore")
                ? l === layer - 1
                : on("itselfAlone")
                  ? l === layer
                  : on("firstAlone")
                    ? l === 0
                    : l < layer && !(on("allButFirst") && l === 0);
      const rate = (on("up") ? -1 : 1) * (on("noLearningRate") ? 1 : learningRate);
      const moved = [...weights];
      weights.forEach((w, l) => {
        if (!moves(l)) return;
        const gradients = on("oneByOne") ? gradientOf(moved) : before;
        moved[l] = w.sub(gradients[on("ownGradient") ? layer : l].mul(rate));
      });
      const after = gradientOf(moved);
      const asked = on("nextLayer")
        ? (layer + 1) % weights.length
        : on("previousLayer")
          ? Math.max(0, layer - 1)
          : on("firstLayer")
            ? 0
            : layer;
      const norm = (parts: readonly Tensor[]) => {
        const values = parts.flatMap(({ data }) => [...data]);
        const sumOf = (f: (v: number) => number) => values.reduce((total, v) => total + f(v), 0);
        if (on("absolute")) return sumOf(Math.abs);
        if (on("signed")) return Math.abs(sumOf((v) => v));
        if (on("largest")) return Math.max(...values.map(Math.abs));
        const squares = sumOf((v) => v * v);
        return on("squared") ? squares : Math.sqrt(on("rootMeanSquare") ? squares / values.length : squares);
      };
      const of = (all: readonly Tensor[]) => (on("allLayers") ? [...all] : [all[asked]]);
      const [a, b] = [of(after), of(before)];
      if (on("weights")) return norm(moved.map((w, l) => w.sub(weights[l])));
      if (on("cosine")) {
        const dot = (p: Tensor[], q: Tensor[]) =>
          p.reduce((total, t, l) => total + t.mul(q[l]).sum().at(), 0);
        return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
      }
      if (on("differenceOfNorms")) return Math.abs(norm(a) - norm(b));
      const shift = on("after")
        ? norm(a)
        : on("before")
          ? norm(b)
          : norm(a.map((t, l) => (on("sum") ? t.add(b[l]) : t.sub(b[l]))));
      return shift / (on("relative") ? norm(b) : on("relativeToAfter") ? norm(a) : 1);
    },
  right: (gradientOf, weights, layer, learningRate) => {
    const before = gradientOf(weights);
    const moved = weights.map((w, l) => (l < layer ? w.sub(before[l].mul(learningRate)) : w));
    return Math.hypot(...gradientOf(moved)[layer].sub(before[layer]).data);
  },
  name: "the shift",
  cases: (seed) => {
    const trial = (layers: number, layer: number, rate: number) => {
      const weights = Array.from({ length: layers }, (_, l) =>
        randomNormal([5], { seed: seed + 1 + l, mean: 0.6, standardDeviation: 0.4 }),
      );
      const gradientOf = gradients(randomNormal([5], { seed }));
      return {
        args: [gradientOf, weights, layer, rate] as [GradientOf, Tensor[], number, number],
        tolerance: 1e-9,
      };
    };
    return {
      usual: {
        "the last of three layers": trial(3, 2, 0.5),
        "the third of four layers": trial(4, 2, 0.3),
      },
      hard: {
        "the first layer, which nothing stands before: 0": trial(3, 0, 0.5),
        "the second of two layers": trial(2, 1, 0.2),
      },
    };
  },
});
