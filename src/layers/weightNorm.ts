import * as tf from "@tensorflow/tfjs";
import { checkOptions, type OptionChecks, refuse } from "../tensor/validate";
import { checkLayer, layerOf, type Serialized } from "./identifiers";
import { type CallArguments, type Inputs, type LayerConfig, layerOptions } from "./normalizationLayer";

/** A layer whose kernel has its units, or filters, along the last axis: dense, conv1d, conv2d, conv3d. */
interface LayerWithKernel extends tf.layers.Layer {
  kernel?: { read(): tf.Tensor };
}

export interface WeightNormConfig extends LayerConfig {
  /** The layer whose kernel is split into length and direction. */
  layer: tf.layers.Layer | Serialized;
}

const options: OptionChecks<WeightNormConfig> = {
  layer: {
    required(argument, layer) {
      checkLayer(argument, layer, "a layer with a kernel, such as tf.layers.dense({ units: 10 })");
    },
  },
  ...layerOptions,
};

/** The layer that `weightNorm` makes. */
export class WeightNormLayer extends tf.layers.Layer {
  static className: string = "NormlabWeightNorm";
  private readonly layer: LayerWithKernel;
  private g!: tf.LayerVariable;

  constructor(config: WeightNormConfig) {
    checkOptions("layers.weightNorm", config, options);
    const { layer, ...own } = config;
    const inner = layerOf(layer);
    // A wrapped layer that knows its input, as the first of a model, says so for the wrapper too.
    const isFirst = inner.batchInputShape && !own.inputShape && !own.batchInputShape;
    super(isFirst ? { ...own, batchInputShape: inner.batchInputShape } : own);
    this.layer = inner;
    this.supportsMasking = inner.supportsMasking;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    if (!this.layer.built) {
      this.layer.build(inputShape);
      this.layer.built = true;
    }
    this.inputSpec = this.layer.inputSpec;
    const v = this.direction();
    // g starts as ‖v‖: at first the layer computes what it would without weight norm.
    this.g = this.addWeight("g", v.shape.slice(-1), "float32", tf.initializers.ones(), undefined, true);
    tf.tidy(() => {
      this.g.write(normOf(v).flatten());
    });
    this.built = true;
  }

  override call(inputs: Inputs, kwargs: CallArguments): tf.Tensor | tf.Tensor[] {
    return tf.tidy(() => {
      const { layer } = this;
      const { kernel } = layer;
      const v = this.direction();
      const w = tf.mul(v, tf.div(this.g.read(), normOf(v)));
      // The wrapped layer reads w where it would read its own kernel, which is v.
      layer.kernel = { read: () => w };
      try {
        return layer.call(inputs, kwargs);
      } finally {
        layer.kernel = kernel;
      }
    });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return this.layer.computeOutputShape(inputShape);
  }

  override get trainableWeights(): tf.LayerVariable[] {
    return this.trainable ? [...this._trainableWeights, ...this.layer.trainableWeights] : [];
  }

  override get nonTrainableWeights(): tf.LayerVariable[] {
    return this.trainable
      ? this.layer.nonTrainableWeights
      : [...this._trainableWeights, ...this.layer.trainableWeights, ...this.layer.nonTrainableWeights];
  }

  override get losses(): tf.layers.Layer["losses"] {
    return this.layer.losses;
  }

  override getConfig(): tf.serialization.ConfigDict {
    const layer = { className: this.layer.getClassName(), config: this.layer.getConfig() };
    return { ...super.getConfig(), layer };
  }

  private direction(): tf.Tensor {
    const { kernel } = this.layer;
    return (
      kernel?.read() ?? refuse("layer", this.layer.getClassName(), "one with a kernel, as dense and conv2d")
    );
  }
}

/** ‖v‖ over all axes but the last: 1 × … × units. */
function normOf(v: tf.Tensor): tf.Tensor {
  const axes = v.shape.slice(0, -1).map((_, axis) => axis);
  return tf.sqrt(tf.sum(tf.square(v), axes, true));
}

tf.serialization.registerClass(WeightNormLayer);

/**
 * w = g · v / ‖v‖ for the kernel of the wrapped layer, each unit's (or filter's) length learned apart from its
 * direction: weightNorm({ layer: tf.layers.dense({ units: 10 }) }).
 *
 * Weights: g (units), then the wrapped layer's, whose kernel is v. A kernel regularizer acts on v.
 */
export function weightNorm(config: WeightNormConfig): WeightNormLayer {
  return new WeightNormLayer(config);
}
