import * as tf from "@tensorflow/tfjs";
import { normalize } from "../backend";
import { defaults } from "../norm";
import { instanceAxes } from "../norm/instanceNorm";
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

export interface SwitchableNormConfig extends AffineConfig, MovingConfig {
  /** The channel axis. Default −1. */
  axis?: number;
  /** Default 1e-3. */
  epsilon?: number;
}

const options: OptionChecks<SwitchableNormConfig> = {
  axis: checkFeatureAxis,
  epsilon: checkPositive,
  ...affineOptions,
  ...movingOptions,
};

/** The layer that `switchableNorm` makes. */
export class SwitchableNormLayer extends NormalizationLayer {
  static className: string = "NormlabSwitchableNorm";
  private readonly axis: number;
  private readonly epsilon: number;
  private readonly moving: MovingStatistics;
  private meanLogits!: tf.LayerVariable;
  private varianceLogits!: tf.LayerVariable;

  constructor(config: SwitchableNormConfig) {
    checkOptions("layers.switchableNorm", config, options);
    super(config);
    this.axis = config.axis ?? defaults.switchableNorm.axis;
    this.epsilon = config.epsilon ?? defaults.switchableNorm.epsilon;
    this.moving = new MovingStatistics(config, defaults.switchableNorm.momentum);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = singleShape(inputShape);
    const { channel } = instanceAxes({ shape, rank: shape.length }, this.axis);
    const channels = this.buildAffine(shape, [channel]);
    // Equal logits: at the start each kind of statistics counts a third.
    const logits = (name: string) =>
      this.addWeight(name, [3], "float32", tf.initializers.zeros(), undefined, true);
    this.meanLogits = logits("mean_logits");
    this.varianceLogits = logits("variance_logits");
    this.moving.build(channels, (name, size, initializer) =>
      this.addWeight(name, size, "float32", initializer, undefined, false),
    );
    this.built = true;
  }

  override call(inputs: Inputs, kwargs: CallArguments): tf.Tensor {
    return this.compute(inputs, kwargs, (x) => {
      const { axes } = instanceAxes(x, this.axis);
      const instance = normalize(x, { axes, epsilon: this.epsilon });
      const mixed = this.mix(instance, !!kwargs.training && this.trainable);

      // (x − μ)/√(σ² + ε) of the mixed statistics, from x̂ of the instance's: one product and one sum over x.
      const rstd = tf.rsqrt(tf.add(mixed.variance, this.epsilon));
      const ratio = tf.mul(tf.sqrt(tf.add(instance.variance, this.epsilon)), rstd);
      const offset = tf.mul(tf.sub(instance.mean, mixed.mean), rstd);
      const perChannel = (variable: tf.LayerVariable | undefined) =>
        variable && tf.expandDims(variable.read(), 0);
      const [gamma, beta] = [perChannel(this.gamma), perChannel(this.beta)];
      const slope = gamma ? tf.mul(ratio, gamma) : ratio;
      const scaled = gamma ? tf.mul(offset, gamma) : offset;
      const shift = beta ? tf.add(scaled, beta) : scaled;
      const spread = (t: tf.Tensor) => t.reshape(x.shape.map((d, axis) => (axes.includes(axis) ? 1 : d)));
      return tf.add(tf.mul(instance.y, spread(slope)), spread(shift));
    });
  }

  /**
   * Σ_k w_k μ_k and Σ_k w'_k σ_k² from the instance's statistics (N,C). The layer's and the batch's are means of
   * those over C and over N, plus, for the variance, the variance of the means (the law of total variance).
   */
  private mix(
    { mean, variance }: { mean: tf.Tensor; variance: tf.Tensor },
    training: boolean,
  ): { mean: tf.Tensor; variance: tf.Tensor } {
    const pool = (axis: number) => {
      const pooled = tf.mean(mean, axis, true);
      const between = tf.mean(tf.square(tf.sub(mean, pooled)), axis, true);
      return { mean: pooled, variance: tf.add(tf.mean(variance, axis, true), between) };
    };
    const layer = pool(1);
    const batch = training ? pool(0) : this.movingStatistics();
    if (training) this.moving.update(tf.squeeze(batch.mean, [0]), tf.squeeze(batch.variance, [0]));
    const weigh = (logits: tf.LayerVariable, kinds: tf.Tensor[]) => {
      const weights = tf.split(tf.softmax(logits.read()), 3);
      return kinds.map((kind, k) => tf.mul(kind, weights[k])).reduce((sum, term) => tf.add(sum, term));
    };
    return {
      mean: weigh(this.meanLogits, [mean, layer.mean, batch.mean]),
      variance: weigh(this.varianceLogits, [variance, layer.variance, batch.variance]),
    };
  }

  private movingStatistics(): { mean: tf.Tensor; variance: tf.Tensor } {
    const { mean, variance } = this.moving;
    return { mean: tf.expandDims(mean.read(), 0), variance: tf.expandDims(variance.read(), 0) };
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), axis: this.axis, epsilon: this.epsilon, ...this.moving.getConfig() };
  }
}

tf.serialization.registerClass(SwitchableNormLayer);

/**
 * y = γ · (x − Σ_k w_k μ_k) / √(Σ_k w'_k σ_k² + ε) + β,  k ∈ {instance, layer, batch},
 * with w and w' the softmax of three learned logits each.
 *
 * Input (N,H,W,C) or (N,T,C), the channels at `axis`; weights gamma, beta (C), mean_logits, variance_logits (3),
 * moving_mean, moving_variance (C), which inference uses for the batch's part.
 */
export function switchableNorm(config: SwitchableNormConfig = {}): SwitchableNormLayer {
  return new SwitchableNormLayer(config);
}
