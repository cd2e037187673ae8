import * as tf from "@tensorflow/tfjs";
import { checkOptions, checkPositiveInteger, type OptionChecks, refuse } from "../../tensor/validate";
import { type Initializer, initializerOf, serialize, type Serialized } from "../identifiers";
import {
  type CallArguments,
  type Inputs,
  type LayerConfig,
  layerOptions,
  singleShape,
} from "../normalizationLayer";

export interface PositionEmbeddingConfig extends LayerConfig {
  /** The most positions that a sequence may have. */
  sequenceLength: number;
  /** Default "glorotUniform". */
  initializer?: Initializer | string | Serialized;
}

const options: OptionChecks<PositionEmbeddingConfig> = {
  sequenceLength: { required: checkPositiveInteger },
  initializer: true,
  ...layerOptions,
};

/** The layer that `positionEmbedding` makes. */
export class PositionEmbeddingLayer extends tf.layers.Layer {
  static className: string = "NormlabPositionEmbedding";
  private readonly sequenceLength: number;
  private readonly initializer: Initializer;
  private embeddings!: tf.LayerVariable;

  constructor(config: PositionEmbeddingConfig) {
    checkOptions("layers.positionEmbedding", config, options);
    super(config);
    this.supportsMasking = true;
    this.sequenceLength = config.sequenceLength;
    this.initializer = initializerOf("initializer", config.initializer ?? "glorotUniform");
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = singleShape(inputShape);
    const width = shape[2];
    if (shape.length !== 3 || width == null) refuse("inputShape", { shape }, "(batch, positions, width)");
    this.checkLength(shape);
    const { sequenceLength, initializer } = this;
    this.embeddings = this.addWeight("embeddings", [sequenceLength, width], "float32", initializer);
    this.built = true;
  }

  override call(inputs: Inputs, kwargs: CallArguments): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      const [x] = [inputs].flat() as tf.Tensor3D[];
      this.checkLength(x.shape);
      const table = this.embeddings.read() as tf.Tensor2D;
      const positions = x.shape[1];
      return tf.add(x, positions === this.sequenceLength ? table : tf.slice(table, 0, positions));
    });
  }

  private checkLength(shape: tf.Shape): void {
    if ((shape[1] ?? 0) <= this.sequenceLength) return;
    refuse(
      "inputShape",
      { shape },
      `of ${this.sequenceLength} positions or fewer, the layer's sequenceLength`,
    );
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return singleShape(inputShape);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { sequenceLength, initializer } = this;
    return { ...super.getConfig(), sequenceLength, initializer: serialize(initializer) };
  }
}

tf.serialization.registerClass(PositionEmbeddingLayer);

/**
 * y[n, t] = x[n, t] + e[t]: a learned vector for each position, added to what the position holds.
 *
 * Input (N, T, C) with T ≤ sequenceLength; weight embeddings (sequenceLength, C). KerasHub's PositionEmbedding has the
 * same weight but answers e alone, for the model to add. Gehring et al. 2017, section 3.1.
 *
 * @throws a RangeError that names a setting that is none, or for more positions than there are vectors.
 */
export function positionEmbedding(config: PositionEmbeddingConfig): PositionEmbeddingLayer {
  return new PositionEmbeddingLayer(config);
}
