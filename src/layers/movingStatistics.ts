/** Moving mean and variance as weights that training moves and no gradient touches. */
import type * as tf from "@tensorflow/tfjs";
import { moveTowards } from "../backend/movingAverage";
import { checkFraction, type OptionChecks } from "../tensor/validate";
import { type Initializer, initializerOf, serialize, type Serialized } from "./identifiers";

export interface MovingConfig {
  /** Weight of the old value in the moving statistics. Default 0.99. */
  momentum?: number;
  /** Default "zeros". */
  movingMeanInitializer?: Initializer | string | Serialized;
  /** Default "ones". */
  movingVarianceInitializer?: Initializer | string | Serialized;
}

export const movingOptions: OptionChecks<MovingConfig> = {
  momentum: checkFraction,
  movingMeanInitializer: true,
  movingVarianceInitializer: true,
};

/** Makes a weight that is not trainable. */
type AddWeight = (name: string, shape: number[], initializer: Initializer) => tf.LayerVariable;

export class MovingStatistics {
  mean!: tf.LayerVariable;
  variance!: tf.LayerVariable;
  private readonly momentum: number;
  private readonly meanInitializer: Initializer;
  private readonly varianceInitializer: Initializer;

  constructor(config: MovingConfig, defaultMomentum: number) {
    this.momentum = config.momentum ?? defaultMomentum;
    const { movingMeanInitializer = "zeros", movingVarianceInitializer = "ones" } = config;
    this.meanInitializer = initializerOf("movingMeanInitializer", movingMeanInitializer);
    this.varianceInitializer = initializerOf("movingVarianceInitializer", movingVarianceInitializer);
  }

  build(shape: number[], addWeight: AddWeight): void {
    this.mean = addWeight("moving_mean", shape, this.meanInitializer);
    this.variance = addWeight("moving_variance", shape, this.varianceInitializer);
  }

  /** moving ← momentum · moving + (1 − momentum) · now; the variance biased, as in Keras. */
  update(mean: tf.Tensor, variance: tf.Tensor): void {
    moveTowards(this.mean, mean, this.momentum);
    moveTowards(this.variance, variance, this.momentum);
  }

  getConfig(): tf.serialization.ConfigDict {
    return {
      momentum: this.momentum,
      movingMeanInitializer: serialize(this.meanInitializer),
      movingVarianceInitializer: serialize(this.varianceInitializer),
    };
  }
}
