import * as tf from "@tensorflow/tfjs";
import { attention } from "../../backend";
import { linear } from "../../backend/linear";
import { maskOf } from "../../backend/patches/masks";
import {
  checkBoolean,
  checkOptions,
  checkPositiveInteger,
  type OptionChecks,
  refuse,
} from "../../tensor/validate";
import {
  type Initializer,
  initializerOf,
  type Regularizer,
  regularizerOf,
  serialize,
  type Serialized,
} from "../identifiers";
import { type CallArguments, type Inputs, type LayerConfig, layerOptions } from "../normalizationLayer";

export interface MultiHeadAttentionConfig extends LayerConfig {
  /** How many heads there are. */
  numHeads: number;
  /** The width of each head's queries and keys. */
  keyDim: number;
  /** The width of each head's values. Default keyDim. */
  valueDim?: number;
  /** Whether the four projections add a bias. Default true. */
  useBias?: boolean;
  /** Whether a position sees only those before it, and itself. Default false; Keras: use_causal_mask of the call. */
  causal?: boolean;
  /** Default "glorotUniform". */
  kernelInitializer?: Initializer | string | Serialized;
  /** Default "zeros". */
  biasInitializer?: Initializer | string | Serialized;
  kernelRegularizer?: Regularizer | string | Serialized | null;
  biasRegularizer?: Regularizer | string | Serialized | null;
}

const options: OptionChecks<MultiHeadAttentionConfig> = {
  numHeads: { required: checkPositiveInteger },
  keyDim: { required: checkPositiveInteger },
  valueDim: checkPositiveInteger,
  useBias: checkBoolean,
  causal: checkBoolean,
  kernelInitializer: true,
  biasInitializer: true,
  kernelRegularizer: true,
  biasRegularizer: true,
  ...layerOptions,
};

/** A weight matrix and what is added to the product. */
interface Projection {
  kernel: tf.LayerVariable;
  bias: tf.LayerVariable | undefined;
}

/** The layer that `multiHeadAttention` makes. */
export class MultiHeadAttentionLayer extends tf.layers.Layer {
  static className: string = "NormlabMultiHeadAttention";
  private readonly numHeads: number;
  private readonly keyDim: number;
  private readonly valueDim: number;
  private readonly useBias: boolean;
  private readonly causal: boolean;
  private readonly settings: {
    kernelInitializer: Initializer;
    biasInitializer: Initializer;
    kernelRegularizer?: Regularizer;
    biasRegularizer?: Regularizer;
  };
  private projections!: Record<"query" | "key" | "value" | "output", Projection>;

  constructor(config: MultiHeadAttentionConfig) {
    checkOptions("layers.multiHeadAttention", config, options);
    super(config);
    this.supportsMasking = true;
    this.numHeads = config.numHeads;
    this.keyDim = config.keyDim;
    this.valueDim = config.valueDim ?? config.keyDim;
    this.useBias = config.useBias ?? true;
    this.causal = config.causal ?? false;
    this.settings = {
      kernelInitializer: initializerOf("kernelInitializer", config.kernelInitializer ?? "glorotUniform"),
      biasInitializer: initializerOf("biasInitializer", config.biasInitializer ?? "zeros"),
      kernelRegularizer: regularizerOf("kernelRegularizer", config.kernelRegularizer),
      biasRegularizer: regularizerOf("biasRegularizer", config.biasRegularizer),
    };
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const [query, value, key] = shapesOf(inputShape);
    const { numHeads, keyDim, valueDim } = this;
    this.projections = {
      query: this.addProjection("query", widthOf("query", query), numHeads * keyDim),
      key: this.addProjection("key", widthOf("key", key), numHeads * keyDim),
      value: this.addProjection("value", widthOf("value", value), numHeads * valueDim),
      output: this.addProjection("attention_output", numHeads * valueDim, widthOf("query", query)),
    };
    this.built = true;
  }

  private addProjection(name: string, from: number, to: number): Projection {
    const { kernelInitializer, biasInitializer, kernelRegularizer, biasRegularizer } = this.settings;
    const add = (part: string, shape: number[], initializer: Initializer, regularizer?: Regularizer) =>
      this.addWeight(`${name}_${part}`, shape, "float32", initializer, regularizer, true);
    return {
      kernel: add("kernel", [from, to], kernelInitializer, kernelRegularizer),
      bias: this.useBias ? add("bias", [to], biasInitializer, biasRegularizer) : undefined,
    };
  }

  override call(inputs: Inputs, kwargs: CallArguments & MaskArguments): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      const sequences = [inputs].flat();
      const [query, value, key = value] = sequences.length === 1 ? [sequences[0], sequences[0]] : sequences;
      const project = (name: keyof typeof this.projections, x: tf.Tensor) => {
        const { kernel, bias } = this.projections[name];
        return linear(x, kernel.read(), bias?.read());
      };
      const { y } = attention(project("query", query), project("key", key), project("value", value), {
        heads: this.numHeads,
        causal: this.causal,
        mask: keyMask(sequences, kwargs?.mask),
      });
      return project("output", y);
    });
  }

  /** That of the queries, of which there are as many in the output. */
  override computeMask(_inputs: Inputs, mask?: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return [mask].flat()[0] as tf.Tensor;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return shapesOf(inputShape)[0];
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { numHeads, keyDim, valueDim, useBias, causal, settings } = this;
    return {
      ...super.getConfig(),
      ...{ numHeads, keyDim, valueDim, useBias, causal },
      kernelInitializer: serialize(settings.kernelInitializer),
      biasInitializer: serialize(settings.biasInitializer),
      kernelRegularizer: serialize(settings.kernelRegularizer),
      biasRegularizer: serialize(settings.biasRegularizer),
    };
  }
}

/** tfjs's models hand a layer the mask of its first input; who calls it may give all. */
interface MaskArguments {
  mask?: tf.Tensor | (tf.Tensor | null | undefined)[] | null;
}

/** Where keys count: where both the value's and the key's sequence have a step. */
function keyMask(sequences: tf.Tensor[], given: MaskArguments["mask"]): tf.Tensor | undefined {
  const masks = Array.isArray(given) ? given : [given];
  if (sequences.length === 1) return masks[0] ?? undefined;
  const ofKeys = sequences.slice(1).map((sequence, i) => masks[i + 1] ?? maskOf(sequence));
  const known = ofKeys.filter((mask) => mask != null);
  return known.length === 0 ? undefined : known.reduce((all, mask) => tf.logicalAnd(all, mask));
}

/** Of query, value and key; where there is one input it is all three. */
function shapesOf(inputShape: tf.Shape | tf.Shape[]): [query: tf.Shape, value: tf.Shape, key: tf.Shape] {
  const shapes = (Array.isArray(inputShape[0]) ? inputShape : [inputShape]) as tf.Shape[];
  if (shapes.length > 3) {
    refuse("inputs", shapes, "one sequence, or [query, value], or [query, value, key]");
  }
  const [query, value = query, key = value] = shapes;
  return [query, value, key];
}

function widthOf(name: string, shape: tf.Shape): number {
  const width = shape[2];
  if (shape.length !== 3 || width == null)
    refuse(`inputShape of ${name}`, { shape }, "(batch, positions, width)");
  return width;
}

tf.serialization.registerClass(MultiHeadAttentionLayer);

/**
 * softmax(Q Kᵀ / √keyDim) V for each head, with Q = x Wq + bq and so on; the heads' outputs side by side times Wo, plus bo.
 *
 * Input (N, T, C): every position attends to every other, or with `causal` to those up to itself. Or [query, value], or
 * [query, value, key], each (N, T, C): of value and key as many positions as each other. Output as query. A mask (of
 * an embedding with maskZero, or tf.layers.masking) takes steps out of the keys; a query that sees none gets bo.
 *
 * Weights: query_kernel (C, numHeads · keyDim), query_bias; key_… the same; value_kernel (C, numHeads · valueDim),
 * value_bias; attention_output_kernel (numHeads · valueDim, C), attention_output_bias. Keras's MultiHeadAttention has the
 * same numbers as (C, numHeads, keyDim), (numHeads, keyDim) and (numHeads, valueDim, C); PyTorch's has the matrices
 * transposed, those of query, key and value one below the other in in_proj_weight. There is no dropout: put
 * tf.layers.dropout behind it. Vaswani et al. 2017, section 3.2.
 *
 * @throws a RangeError that names a setting that is none, or inputs whose shapes don't fit each other.
 */
export function multiHeadAttention(config: MultiHeadAttentionConfig): MultiHeadAttentionLayer {
  return new MultiHeadAttentionLayer(config);
}
