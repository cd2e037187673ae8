import * as tf from "@tensorflow/tfjs";
import { normalize } from "../backend";
import { defaults } from "../norm";
import { channelAxis } from "../norm/instanceNorm";
import { otherAxes } from "../tensor/shape";
import { checkOptions, checkPositive, type OptionChecks } from "../tensor/validate";
import { type MovingConfig, movingOptions, MovingStatistics } from "./movingStatistics";
import {
  type AffineConfig,
  affineOptions,
  type CallArguments,
  checkFeatureAxis,
  type Inputs,
  NormalizationLayer,
  singleShape,
} from "./normalizationLayer";

export interface BatchNormConfig extends AffineConfig, MovingConfig {
  /** The channel axis, the one that is kept. Default −1. */
  axis?: number;
  /** Default 1e-3. */
  epsilon?: number;
}

const options: OptionChecks<BatchNormConfig> = {
  axis: checkFeatureAxis,
  epsilon: checkPositive,
  ...affineOptions,
  ...movingOptions,
};

/** The layer that `batchNorm` makes. */
export class BatchNormLayer extends NormalizationLayer {
  static className: string = "NormlabBatchNorm";
  private readonly axis: number;
  private readonly epsilon: number;
  private readonly moving: MovingStatistics;

  constructor(config: BatchNormConfig) {
    checkOptions("layers.batchNorm", config, options);
    super(config);
    this.axis = config.axis ?? defaults.batchNorm.axis;
    this.epsilon = config.epsilon ?? defaults.batchNorm.epsilon;
    this.moving = new MovingStatistics(config, defaults.batchNorm.momentum);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = singleShape(inputShape);
    const channels = this.buildAffine(shape, [channelAxis({ shape, rank: shape.length }, this.axis)]);
    this.moving.build(channels, (name, size, initializer) =>
      this.addWeight(name, size, "float32", initializer, undefined, false),
    );
    this.built = true;
  }

  override call(inputs: Inputs, kwargs: CallArguments): tf.Tensor {
    return this.compute(inputs, kwargs, (x) => {
      const { epsilon, moving } = this;
      const { gamma, beta } = this.affineFor(x);
      // As in Keras, a layer that is not trainable runs in inference mode.
      if (kwargs.training && this.trainable) {
        const axes = otherAxes(x.rank, this.parameterAxes);
        const { y, mean, variance } = normalize(x, { axes, epsilon, gamma, beta });
        moving.update(mean, variance);
        return y;
      }
      const rstd = tf.rsqrt(tf.add(this.broadcast(moving.variance.read(), x), epsilon));
      const scaled = tf.mul(
        tf.sub(x, this.broadcast(moving.mean.read(), x)),
        gamma ? tf.mul(gamma, rstd) : rstd,
      );
      return beta ? tf.add(scaled, beta) : scaled;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), axis: this.axis, epsilon: this.epsilon, ...this.moving.getConfig() };
  }
}

tf.serialization.registerClass(BatchNormLayer);

/**
 * y = γ · (x − μ) / √(σ² + ε) + β, each channel over batch and space; moving statistics in inference.
 *
 * Input (…, C) of any rank, the channels at `axis`; weights gamma, beta, moving_mean, moving_variance, all (C).
 * What Keras's BatchNormalization computes, in training, in inference, and with `trainable: false`, when it
 * runs in inference mode. The same as `batchNorm` of normlab's float64 functions.
 */
export function batchNorm(config: BatchNormConfig = {}): BatchNormLayer {
  return new BatchNormLayer(config);
}
