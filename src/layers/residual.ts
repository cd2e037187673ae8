import * as tf from "@tensorflow/tfjs";
import { checkOptions, type OptionChecks, refuse } from "../tensor/validate";
import { checkLayer, layerOf, type Serialized } from "./identifiers";
import {
  type CallArguments,
  type Inputs,
  type LayerConfig,
  layerOptions,
  singleShape,
} from "./normalizationLayer";

export interface ResidualConfig extends LayerConfig {
  /** What is computed beside the input, one layer after the other. Its output must have the input's shape. */
  layers: readonly (tf.layers.Layer | Serialized)[];
}

const options: OptionChecks<ResidualConfig> = {
  layers: {
    required(argument, layers) {
      const must = "a list of one layer or more, such as [layers.layerNorm(), tf.layers.dense({ units: 8 })]";
      if (!Array.isArray(layers) || layers.length === 0) refuse(argument, layers, must);
      for (const [i, layer] of (layers as unknown[]).entries()) {
        checkLayer(`${argument}[${i}]`, layer, "a layer");
      }
    },
  },
  ...layerOptions,
};

/** The layer that `residual` makes. */
export class ResidualLayer extends tf.layers.Layer {
  static className: string = "NormlabResidual";
  private readonly layers: tf.layers.Layer[];

  constructor(config: ResidualConfig) {
    checkOptions("layers.residual", config, options);
    const { layers, ...own } = config;
    super(own);
    this.layers = layers.map(layerOf);
    this.supportsMasking = this.layers.every((layer) => layer.supportsMasking);
    // tfjs has noted it for this layer, before there were others inside.
    if (!this.trainable) this.trainable = false;
  }

  override get trainable(): boolean {
    return super.trainable;
  }

  /** Of all layers inside, too: batch norm that is not trainable runs in inference mode. */
  override set trainable(trainable: boolean) {
    super.trainable = trainable;
    this.layers?.forEach((layer) => (layer.trainable = trainable));
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const batchShape = singleShape(inputShape);
    const x = tf.input({ batchShape });
    // A symbolic call builds a layer, and puts its name before those of its weights.
    const y = this.layers.reduce((input, layer, i) => {
      const output = layer.apply(input) as tf.SymbolicTensor | tf.SymbolicTensor[];
      if (!Array.isArray(output)) return output;
      return refuse(`layers[${i}]`, layer.getClassName(), "a layer with one output");
    }, x);
    if (y.shape.join() !== batchShape.join()) {
      const spoken = (shape: tf.Shape) => `(${shape.map((size) => size ?? "batch").join(", ")})`;
      refuse("layers' output", y, `of the input's shape, ${spoken(batchShape)}`);
    }
    this.built = true;
  }

  override call(inputs: Inputs, kwargs: CallArguments & { mask?: tf.Tensor | tf.Tensor[] }): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      const [x] = [inputs].flat();
      let [mask] = [kwargs?.mask].flat();
      let y = x;
      for (const layer of this.layers) {
        const output = layer.call(y, { ...kwargs, mask }) as tf.Tensor;
        if (mask != null) mask = [layer.computeMask(y, mask)].flat()[0];
        y = output;
      }
      return tf.add(x, y);
    });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return singleShape(inputShape);
  }

  override setFastWeightInitDuringBuild(value: boolean): void {
    super.setFastWeightInitDuringBuild(value);
    for (const layer of this.layers) layer.setFastWeightInitDuringBuild(value);
  }

  override get trainableWeights(): tf.LayerVariable[] {
    return this.trainable ? this.layers.flatMap((layer) => layer.trainableWeights) : [];
  }

  override get nonTrainableWeights(): tf.LayerVariable[] {
    return this.layers.flatMap((layer) => (this.trainable ? layer.nonTrainableWeights : layer.weights));
  }

  override get losses(): tf.layers.Layer["losses"] {
    return this.layers.flatMap((layer) => layer.losses);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const layers = this.layers.map((layer) => ({
      className: layer.getClassName(),
      config: layer.getConfig(),
    }));
    return { ...super.getConfig(), layers };
  }
}

tf.serialization.registerClass(ResidualLayer);

/**
 * y = x + f(x), where f is one layer after the other:
 *
 *     layers.residual({ layers: [layers.layerNorm(), layers.multiHeadAttention({ numHeads: 4, keyDim: 32 })] })
 *
 * is half a Transformer block with its normalization before the attention ("pre-norm"). Weights: those of the layers, in
 * their order. A mask goes through the layers as it would outside; `trainable: false` freezes them all. He et al. 2016,
 * equation 1.
 *
 * @throws if f's output has not the input's shape.
 */
export function residual(config: ResidualConfig): ResidualLayer {
  return new ResidualLayer(config);
}
