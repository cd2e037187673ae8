/** The loss on a plane (or a line) through a network's weights, along random directions. */
import type { Tensor } from "../tensor";
import { randomGenerator } from "../tensor";
import {
  checkInteger,
  checkOptions,
  checkSameShape,
  oneOf,
  type OptionChecks,
  refuse,
} from "../tensor/validate";
import type { Network } from "./network";
import { type ProbeBatch, runBatch } from "./pass";

/** A direction in the space of all weights: one tensor a layer, in the shape of its weights. */
export type WeightDirection = readonly Tensor[];

export interface DirectionOptions {
  seed?: number;
  /**
   * "filter" (if left out) gives the weights into each unit the length that they have in the network,
   * "layer" those of each layer, "none" leaves the normal numbers as they were drawn.
   */
  normalize?: "filter" | "layer" | "none";
}

const directionOptions: OptionChecks<DirectionOptions> = {
  seed: checkInteger,
  normalize: oneOf("filter", "layer", "none"),
};

/**
 * Normal random numbers for every weight of the network, d ← d · ‖w‖ / ‖d‖ for the weights into each unit
 * (a dense layer's filter is a column of W).
 *
 * Li, Xu, Taylor, Studer and Goldstein 2018, "Visualizing the Loss Landscape of Neural Nets", section 4. As in
 * their program biases, γ and β have no part in it.
 */
export function randomDirection(network: Network, options: DirectionOptions = {}): WeightDirection {
  checkOptions("randomDirection", options, directionOptions);
  const { seed = 0, normalize = "filter" } = options;
  const { normal } = randomGenerator(seed);
  return network.layers.map(({ weights }) => {
    const drawn = weights.map(() => normal());
    if (normalize === "none") return drawn;
    const axes = normalize === "filter" ? [0] : [0, 1];
    const length = (x: Tensor) => x.square().sum(axes, true).sqrt();
    return drawn.mul(length(weights).div(length(drawn)));
  });
}

/**
 * The batch's loss at w + x d₁ + y d₂ for every x (along a row) and every y (a row each); without a second
 * direction there is one row, and `y` must be left out. Batch norm takes the batch's own statistics, as in
 * training.
 */
export function lossPlane(
  network: Network,
  batch: ProbeBatch,
  directions: readonly [WeightDirection] | readonly [WeightDirection, WeightDirection],
  x: readonly number[],
  y: readonly number[] = [0],
): number[][] {
  directions.forEach((direction, i) => checkDirection(`directions[${i}]`, direction, network));
  if (directions.length < 2 && y.some((value) => value !== 0))
    refuse("y", y, "left out: there is no second direction");
  const moved = (a: number, b: number): Network => ({
    ...network,
    layers: network.layers.map((layer, l) => {
      const [first, second] = directions.map((direction) => direction[l].data);
      const weights = layer.weights.map((w, i) => w + a * first[i] + (second ? b * second[i] : 0));
      return { ...layer, weights };
    }),
  });
  return y.map((b) => x.map((a) => runBatch(moved(a, b), batch).loss));
}

function checkDirection(argument: string, direction: WeightDirection, { layers }: Network): void {
  if (direction.length !== layers.length)
    refuse(argument, direction, `a list of ${layers.length} tensors, one a layer`);
  layers.forEach(({ weights }, l) =>
    checkSameShape(`${argument}[${l}]`, direction[l], weights.shape, "the shape of the layer's weights"),
  );
}
