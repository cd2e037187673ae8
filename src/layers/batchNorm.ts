import * as tf from "@tensorflow/tfjs";
import { normalize, type Normalized } from "../backend";
import { defaults } from "../norm";
import { channelAxis } from "../norm/instanceNorm";
import { otherAxes } from "../tensor/shape";
import {
  checkOptions,
  checkPositive,
  checkPositiveInteger,
  type OptionChecks,
  orNull,
} from "../tensor/validate";
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
  /**
   * Number of examples that share their statistics in training: the batch falls into parts of so many, the last of
   * what remains, each normalized by itself ("ghost batches"). Default: the whole batch.
   */
  virtualBatchSize?: number | null;
}

const options: OptionChecks<BatchNormConfig> = {
  axis: checkFeatureAxis,
  epsilon: checkPositive,
  virtualBatchSize: orNull(checkPositiveInteger),
  ...affineOptions,
  ...movingOptions,
};

/** The layer that `batchNorm` makes. */
export class BatchNormLayer extends NormalizationLayer {
  static className: string = "NormlabBatchNorm";
  private readonly axis: number;
  private readonly epsilon: number;
  private readonly virtualBatchSize: number | undefined;
  private readonly moving: MovingStatistics;

  constructor(config: BatchNormConfig) {
    checkOptions("layers.batchNorm", config, options);
    super(config);
    this.axis = config.axis ?? defaults.batchNorm.axis;
    this.epsilon = config.epsilon ?? defaults.batchNorm.epsilon;
    this.virtualBatchSize = config.virtualBatchSize ?? undefined;
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
        const { y, mean, variance } = this.normalizeBatch(x, gamma, beta);
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

  /** The whole batch by its statistics; or each ghost batch by its own, and the means of these over all examples. */
  private normalizeBatch(x: tf.Tensor, gamma?: tf.Tensor, beta?: tf.Tensor): Normalized {
    const { epsilon, virtualBatchSize: size = Infinity } = this;
    const axes = otherAxes(x.rank, this.parameterAxes);
    const [count, ...example] = x.shape;
    if (count <= size) return normalize(x, { axes, epsilon, gamma, beta });
    const rest = count % size;
    const ghosts = (rest === 0 ? x : x.slice(0, count - rest)).reshape([-1, size, ...example]);
    const perGhost = (parameter?: tf.Tensor) => parameter?.expandDims(0);
    const of = normalize(ghosts, {
      ...{ axes: axes.map((axis) => axis + 1), epsilon },
      ...{ gamma: perGhost(gamma), beta: perGhost(beta) },
    });
    const y = of.y.reshape([count - rest, ...example]);
    const [mean, variance] = [of.mean.mean(0), of.variance.mean(0)];
    if (rest === 0) return { y, mean, variance };
    const last = normalize(x.slice(count - rest), { axes, epsilon, gamma, beta });
    const over = (whole: tf.Tensor, part: tf.Tensor) =>
      whole.mul((count - rest) / count).add(part.mul(rest / count));
    return {
      y: tf.concat([y, last.y]),
      mean: over(mean, last.mean),
      variance: over(variance, last.variance),
    };
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      axis: this.axis,
      epsilon: this.epsilon,
      // Left out where it is not used: what is saved, and hashed, stays as it was.
      ...(this.virtualBatchSize !== undefined && { virtualBatchSize: this.virtualBatchSize }),
      ...this.moving.getConfig(),
    };
  }
}

tf.serialization.registerClass(BatchNormLayer);

/**
 * y = γ · (x − μ) / √(σ² + ε) + β, each channel over batch and space; moving statistics in inference.
 *
 * Input (…, C) of any rank, the channels at `axis`; weights gamma, beta, moving_mean, moving_variance, all (C).
 * What Keras's BatchNormalization computes, in training, in inference, and with `trainable: false`, when it
 * runs in inference mode. The same as `batchNorm` of normlab's float64 functions.
 *
 * With `virtualBatchSize` v each v examples are normalized by their own statistics, and the moving ones take a step
 * towards the mean of these over the batch: ghost batch norm (Hoffer et al. 2017, "Train longer, generalize better",
 * algorithm 1, which takes a step for each ghost batch). Keras 2's BatchNormalization had it under this name.
 */
export function batchNorm(config: BatchNormConfig = {}): BatchNormLayer {
  return new BatchNormLayer(config);
}
