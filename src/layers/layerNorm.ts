import * as tf from "@tensorflow/tfjs";
import { normalize } from "../backend";
import { defaults } from "../norm";
import { checkOptions, checkPositive, type OptionChecks } from "../tensor/validate";
import {
  type AffineConfig,
  affineOptions,
  type CallArguments,
  checkFeatureAxes,
  featureAxes,
  type Inputs,
  NormalizationLayer,
  singleShape,
} from "./normalizationLayer";

export interface LayerNormConfig extends AffineConfig {
  /** The axis or axes that are reduced. Default −1: per token, or per pixel over its channels. */
  axis?: number | readonly number[];
  /** Default 1e-3. */
  epsilon?: number;
}

const options: OptionChecks<LayerNormConfig> = {
  axis: checkFeatureAxes,
  epsilon: checkPositive,
  ...affineOptions,
};

/** The layer that `layerNorm` makes. */
export class LayerNormLayer extends NormalizationLayer {
  static className: string = "NormlabLayerNorm";
  private readonly axis: number[];
  private readonly epsilon: number;

  constructor(config: LayerNormConfig) {
    checkOptions("layers.layerNorm", config, options);
    super(config);
    this.axis = [config.axis ?? defaults.layerNorm.axes].flat();
    this.epsilon = config.epsilon ?? defaults.layerNorm.epsilon;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = singleShape(inputShape);
    this.buildAffine(shape, featureAxes(this.axis, shape.length));
    this.built = true;
  }

  override call(inputs: Inputs, kwargs: CallArguments): tf.Tensor {
    return this.compute(
      inputs,
      kwargs,
      (x) => normalize(x, { axes: this.parameterAxes, epsilon: this.epsilon, ...this.affineFor(x) }).y,
    );
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), axis: this.axis, epsilon: this.epsilon };
  }
}

tf.serialization.registerClass(LayerNormLayer);

/**
 * y = γ · (x − μ) / √(σ² + ε) + β, each sample over its features.
 *
 * `axis` [1, 2, 3] normalizes an image (N,H,W,C) as a whole, with gamma and beta (H,W,C); −1 each pixel over its
 * channels, with gamma and beta (C), which gives β wherever C is 1. What Keras's LayerNormalization computes.
 */
export function layerNorm(config: LayerNormConfig = {}): LayerNormLayer {
  return new LayerNormLayer(config);
}
