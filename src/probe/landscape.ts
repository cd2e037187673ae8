/** How far a gradient can be trusted: along its own direction, and while the layers below move. */
import type { Tensor } from "../tensor";
import type { Network } from "./network";
import { type LayerGradient, type ProbeBatch, runBatch } from "./pass";
import { normOf } from "./statistics";
import { descend } from "./training";

/** One point on the way down the gradient. */
export interface AlongGradient {
  stepSize: number;
  /** Loss of the same batch at w − stepSize · g. */
  loss: number;
  /** ‖g(w − stepSize · g) − g(w)‖ / ‖g(w)‖ over all weights: how wrong the gradient has become. */
  gradientChange: number;
}

/**
 * Loss and gradient of one batch at w − η · g(w), for each step size η.
 *
 * Santurkar, Tsipras, Ilyas and Mądry 2018, "How Does Batch Normalization Help Optimization?", section 3.
 */
export function alongGradient(
  network: Network,
  batch: ProbeBatch,
  stepSizes: readonly number[],
): AlongGradient[] {
  const { gradients } = runBatch(network, batch);
  const start = weightGradients(gradients);
  return stepSizes.map((stepSize) => {
    const moved = runBatch(descend(network, gradients, stepSize), batch);
    const { difference, size } = compare(weightGradients(moved.gradients), start);
    return { stepSize, loss: moved.loss, gradientChange: difference / size };
  });
}

/** How one layer's gradient changes when all layers below it take their step. */
export interface GradientShift {
  /** ‖G′ − G‖ / ‖G‖ */
  change: number;
  /** Cosine of the angle between G and G′. */
  cosine: number;
}

/**
 * Internal covariate shift as Santurkar and others (2018, definition 2.1) measure it, for each hidden layer
 * from the second on: G is the gradient of its weights now, G′ the gradient of the same weights after the
 * layers below it have taken one step of gradient descent on the same batch. (They give ‖G′ − G‖; divided by
 * ‖G‖ here, so that networks with gradients of different size can be compared.)
 */
export function gradientShift(network: Network, batch: ProbeBatch, learningRate: number): GradientShift[] {
  const { gradients } = runBatch(network, batch);
  const stepped = descend(network, gradients, learningRate);
  return network.layers.slice(1, -1).map((_, i) => {
    const l = i + 1;
    const layers = network.layers.map((layer, k) => (k < l ? stepped.layers[k] : layer));
    const after = runBatch({ ...network, layers }, batch).gradients[l].weights;
    const before = gradients[l].weights;
    const { difference, size, cosine } = compare([after], [before]);
    return { change: difference / size, cosine };
  });
}

const weightGradients = (gradients: readonly LayerGradient[]): Tensor[] =>
  gradients.map(({ weights }) => weights);

function compare(a: Tensor[], b: Tensor[]): { difference: number; size: number; cosine: number } {
  const length = (parts: Tensor[]) => Math.hypot(...parts.map(normOf));
  const difference = length(a.map((part, i) => part.sub(b[i])));
  const product = a.reduce((sum, part, i) => sum + part.mul(b[i]).sum().at(), 0);
  return { difference, size: length(b), cosine: product / (length(a) * length(b)) };
}
