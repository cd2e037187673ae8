import * as tf from "@tensorflow/tfjs";
import { defaults } from "../norm";
import { checkOptions, type OptionChecks, refuse } from "../tensor/validate";
import { type Initializer, initializerOf, serialize, type Serialized } from "./identifiers";
import {
  type AffineConfig,
  affineOptions,
  type CallArguments,
  type Inputs,
  NormalizationLayer,
  singleShape,
} from "./normalizationLayer";

export interface DytConfig extends AffineConfig {
  /** Where α starts. Default the constant 0.5. */
  alphaInitializer?: Initializer | string | Serialized;
}

const options: OptionChecks<DytConfig> = {
  alphaInitializer: true,
  ...affineOptions,
};

/** The layer that `dyt` makes. */
export class DytLayer extends NormalizationLayer {
  static className: string = "NormlabDyt";
  private readonly alphaInitializer: Initializer;
  private alpha!: tf.LayerVariable;

  constructor(config: DytConfig) {
    checkOptions("layers.dyt", config, options);
    super(config);
    const { alphaInitializer = tf.initializers.constant({ value: defaults.dyt.alpha }) } = config;
    this.alphaInitializer = initializerOf("alphaInitializer", alphaInitializer);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = singleShape(inputShape);
    if (shape.length < 2) refuse("inputShape", { shape }, "of rank 2 or more: (batch, …, channels)");
    this.alpha = this.addWeight("alpha", [1], "float32", this.alphaInitializer, undefined, true);
    this.buildAffine(shape, [shape.length - 1]);
    this.built = true;
  }

  override call(inputs: Inputs, kwargs: CallArguments): tf.Tensor {
    return this.compute(inputs, kwargs, (x) => {
      const { gamma, beta } = this.affineFor(x);
      const t = tf.tanh(tf.mul(x, this.alpha.read()));
      const scaled = gamma ? tf.mul(t, gamma) : t;
      return beta ? tf.add(scaled, beta) : scaled;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), alphaInitializer: serialize(this.alphaInitializer) };
  }
}

tf.serialization.registerClass(DytLayer);

/**
 * y = γ · tanh(α · x) + β: no statistics, one learned α for the whole layer.
 *
 * Input (N, …, C); weights alpha (1), gamma and beta (C).
 */
export function dyt(config: DytConfig = {}): DytLayer {
  return new DytLayer(config);
}
