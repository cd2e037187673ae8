import * as tf from "@tensorflow/tfjs";
import { normalize } from "../backend";
import { defaults } from "../norm";
import { instanceAxes } from "../norm/instanceNorm";
import { checkOptions, checkPositive, type OptionChecks } from "../tensor/validate";
import {
  type AffineConfig,
  affineOptions,
  type CallArguments,
  checkFeatureAxis,
  type Inputs,
  NormalizationLayer,
  singleShape,
} from "./normalizationLayer";

export interface InstanceNormConfig extends AffineConfig {
  /** The channel axis. Default −1. */
  axis?: number;
  /** Default 1e-3. */
  epsilon?: number;
}

const options: OptionChecks<InstanceNormConfig> = {
  axis: checkFeatureAxis,
  epsilon: checkPositive,
  ...affineOptions,
};

/** The layer that `instanceNorm` makes. */
export class InstanceNormLayer extends NormalizationLayer {
  static className: string = "NormlabInstanceNorm";
  private readonly axis: number;
  private readonly epsilon: number;

  constructor(config: InstanceNormConfig) {
    checkOptions("layers.instanceNorm", config, options);
    super(config);
    this.axis = config.axis ?? defaults.instanceNorm.axis;
    this.epsilon = config.epsilon ?? defaults.instanceNorm.epsilon;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = singleShape(inputShape);
    this.buildAffine(shape, [instanceAxes({ shape, rank: shape.length }, this.axis).channel]);
    this.built = true;
  }

  override call(inputs: Inputs, kwargs: CallArguments): tf.Tensor {
    return this.compute(inputs, kwargs, (x) => {
      const { axes } = instanceAxes(x, this.axis);
      return normalize(x, { axes, epsilon: this.epsilon, ...this.affineFor(x) }).y;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), axis: this.axis, epsilon: this.epsilon };
  }
}

tf.serialization.registerClass(InstanceNormLayer);

/**
 * y = γ · (x − μ) / √(σ² + ε) + β, each channel of each sample over space (or time).
 *
 * Input (N,H,W,C) or (N,T,C), the channels at `axis`; weights gamma and beta (C). What Keras computes with
 * GroupNormalization(groups=-1).
 */
export function instanceNorm(config: InstanceNormConfig = {}): InstanceNormLayer {
  return new InstanceNormLayer(config);
}
