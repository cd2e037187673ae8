import * as tf from "@tensorflow/tfjs";
import { normalize } from "../backend";
import { defaults } from "../norm";
import { checkOptions, checkPositive, type OptionChecks, refuse } from "../tensor/validate";
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

export interface RmsNormConfig extends Omit<
  AffineConfig,
  "center" | "betaInitializer" | "betaRegularizer" | "betaConstraint"
> {
  /** The axis or axes that are reduced. Default −1. */
  axis?: number | readonly number[];
  /** Default 1e-6. */
  epsilon?: number;
}

const options: OptionChecks<RmsNormConfig & AffineConfig> = {
  axis: checkFeatureAxes,
  epsilon: checkPositive,
  ...affineOptions,
  // What a saved layer holds, since it is a layer without β to the class above.
  center(argument: string, value: unknown) {
    if (value !== false) refuse(argument, value, "left out: RMS norm has no β");
  },
};

/** The layer that `rmsNorm` makes. */
export class RmsNormLayer extends NormalizationLayer {
  static className: string = "NormlabRmsNorm";
  private readonly axis: number[];
  private readonly epsilon: number;

  constructor(config: RmsNormConfig) {
    checkOptions("layers.rmsNorm", config, options);
    super({ ...config, center: false });
    this.axis = [config.axis ?? defaults.rmsNorm.axes].flat();
    this.epsilon = config.epsilon ?? defaults.rmsNorm.epsilon;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = singleShape(inputShape);
    this.buildAffine(shape, featureAxes(this.axis, shape.length));
    this.built = true;
  }

  override call(inputs: Inputs, kwargs: CallArguments): tf.Tensor {
    return this.compute(inputs, kwargs, (x) => {
      const { epsilon, parameterAxes: axes } = this;
      return normalize(x, { axes, center: false, epsilon, gamma: this.affineFor(x).gamma }).y;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), axis: this.axis, epsilon: this.epsilon };
  }
}

tf.serialization.registerClass(RmsNormLayer);

/**
 * y = γ · x / √(mean(x²) + ε), each sample (or token) over its features; no mean, no β.
 *
 * The weight gamma has the lengths of the input along `axis`. What Keras's RMSNormalization computes, where the
 * weight is called scale.
 */
export function rmsNorm(config: RmsNormConfig = {}): RmsNormLayer {
  return new RmsNormLayer(config);
}
