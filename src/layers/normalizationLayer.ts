/** What the normalization layers share: γ and β with Keras's names, their shapes, and saving. */
import * as tf from "@tensorflow/tfjs";
import { checkBoolean, checkText, type OptionChecks, refuse, resolveAxes } from "../tensor/validate";
import {
  type Constraint,
  constraintOf,
  type Initializer,
  initializerOf,
  type Regularizer,
  regularizerOf,
  serialize,
  type Serialized,
} from "./identifiers";

/** tfjs's own settings of any layer: name, inputShape, trainable, … */
export type LayerConfig = NonNullable<ConstructorParameters<typeof tf.layers.Layer>[0]>;

/** What they must be: what tfjs says itself, it says. */
export const layerOptions: OptionChecks<LayerConfig & { customObjects: unknown }> = {
  name: checkText,
  trainable: checkBoolean,
  inputShape: true,
  batchInputShape: true,
  batchSize: true,
  dtype: true,
  inputDType: true,
  weights: true,
  // tfjs puts it into what it read from a file.
  customObjects: true,
};

/** The settings of γ and β, as in Keras. */
export interface AffineConfig extends LayerConfig {
  /** Whether there is a β. Default true. */
  center?: boolean;
  /** Whether there is a γ. Default true. */
  scale?: boolean;
  /** Default "zeros". */
  betaInitializer?: Initializer | string | Serialized;
  /** Default "ones". */
  gammaInitializer?: Initializer | string | Serialized;
  betaRegularizer?: Regularizer | string | Serialized | null;
  gammaRegularizer?: Regularizer | string | Serialized | null;
  betaConstraint?: Constraint | string | Serialized | null;
  gammaConstraint?: Constraint | string | Serialized | null;
}

export const affineOptions: OptionChecks<AffineConfig & { customObjects: unknown }> = {
  center: checkBoolean,
  scale: checkBoolean,
  // What is wrong with one of these is said where it is looked up, in identifiers.ts.
  betaInitializer: true,
  gammaInitializer: true,
  betaRegularizer: true,
  gammaRegularizer: true,
  betaConstraint: true,
  gammaConstraint: true,
  ...layerOptions,
};

/** An axis of one example; along the batch's, 0, examples would be mixed or kept apart for good. */
export function checkFeatureAxis(argument: string, axis: unknown): void {
  if (!Number.isInteger(axis) || axis === 0) {
    refuse(argument, axis, "a whole number other than 0, which is the batch's axis");
  }
}

/** One axis of an example, or several. */
export function checkFeatureAxes(argument: string, axes: unknown): void {
  const list: unknown[] = [axes].flat();
  if (list.length === 0) refuse(argument, axes, "at least one axis");
  for (const axis of list) checkFeatureAxis(argument, axis);
}

/** The axes of one example that layer and RMS norm reduce, ascending. */
export function featureAxes(axis: readonly number[], rank: number): number[] {
  const axes = resolveAxes("axis", axis, rank);
  if (axes.includes(0)) refuse("axis", axis, "of other axes than 0, which is the batch's");
  return axes;
}

/** The inputs that tfjs calls a layer with, and its keyword arguments. */
export type Inputs = tf.Tensor | tf.Tensor[];
export interface CallArguments {
  training?: boolean;
}

const singleInput = (inputs: Inputs): tf.Tensor => (Array.isArray(inputs) ? inputs[0] : inputs);

/** The one shape that a layer with one input is built for. */
export function singleShape(shape: tf.Shape | tf.Shape[]): tf.Shape {
  return (Array.isArray(shape[0]) ? shape[0] : shape) as tf.Shape;
}

export abstract class NormalizationLayer extends tf.layers.Layer {
  protected readonly center: boolean;
  protected readonly scale: boolean;
  protected gamma: tf.LayerVariable | undefined;
  protected beta: tf.LayerVariable | undefined;
  /** The axes of x along which γ and β have values of their own, ascending. */
  protected parameterAxes: number[] = [];
  private readonly settings: {
    betaInitializer: Initializer;
    gammaInitializer: Initializer;
    betaRegularizer?: Regularizer;
    gammaRegularizer?: Regularizer;
    betaConstraint?: Constraint;
    gammaConstraint?: Constraint;
  };

  constructor(config: AffineConfig) {
    super(config);
    this.supportsMasking = true;
    this.center = config.center ?? true;
    this.scale = config.scale ?? true;
    this.settings = {
      betaInitializer: initializerOf("betaInitializer", config.betaInitializer ?? "zeros"),
      gammaInitializer: initializerOf("gammaInitializer", config.gammaInitializer ?? "ones"),
      betaRegularizer: regularizerOf("betaRegularizer", config.betaRegularizer),
      gammaRegularizer: regularizerOf("gammaRegularizer", config.gammaRegularizer),
      betaConstraint: constraintOf("betaConstraint", config.betaConstraint),
      gammaConstraint: constraintOf("gammaConstraint", config.gammaConstraint),
    };
  }

  /** Adds γ and β for an input of this shape; returns the shape they have. */
  protected buildAffine(inputShape: tf.Shape, parameterAxes: number[]): number[] {
    this.parameterAxes = parameterAxes;
    const shape = parameterAxes.map(
      (axis) => inputShape[axis] ?? refuse("inputShape", { shape: inputShape }, `known along axis ${axis}`),
    );
    const axes = Object.fromEntries(parameterAxes.map((axis, i) => [axis, shape[i]]));
    this.inputSpec = [new tf.InputSpec({ ndim: inputShape.length, axes })];
    const add = (
      name: string,
      initializer: Initializer,
      regularizer?: Regularizer,
      constraint?: Constraint,
    ) => this.addWeight(name, shape, "float32", initializer, regularizer, true, constraint);
    const { settings } = this;
    if (this.scale) {
      this.gamma = add(
        "gamma",
        settings.gammaInitializer,
        settings.gammaRegularizer,
        settings.gammaConstraint,
      );
    }
    if (this.center) {
      this.beta = add("beta", settings.betaInitializer, settings.betaRegularizer, settings.betaConstraint);
    }
    return shape;
  }

  /** γ and β as `normalize` wants them: of x's rank, 1 along the axes they don't vary on. */
  protected affineFor(x: tf.Tensor): { gamma?: tf.Tensor; beta?: tf.Tensor } {
    const read = (variable: tf.LayerVariable | undefined) => variable && this.broadcast(variable.read(), x);
    return { gamma: read(this.gamma), beta: read(this.beta) };
  }

  /** A tensor of γ's shape with axes of length 1, so that it broadcasts against x. */
  protected broadcast(values: tf.Tensor, x: tf.Tensor): tf.Tensor {
    return values.reshape(x.shape.map((length, axis) => (this.parameterAxes.includes(axis) ? length : 1)));
  }

  /**
   * Runs `compute` on the one input; frees what it leaves behind. An empty batch has no statistics, stays as it is and
   * moves none, as in PyTorch; in Keras the moving statistics become NaN.
   */
  protected compute(inputs: Inputs, kwargs: CallArguments, compute: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      const x = singleInput(inputs);
      return x.size === 0 ? tf.clone(x) : compute(x);
    });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return singleShape(inputShape);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { settings } = this;
    return {
      ...super.getConfig(),
      center: this.center,
      scale: this.scale,
      betaInitializer: serialize(settings.betaInitializer),
      gammaInitializer: serialize(settings.gammaInitializer),
      betaRegularizer: serialize(settings.betaRegularizer),
      gammaRegularizer: serialize(settings.gammaRegularizer),
      betaConstraint: serialize(settings.betaConstraint),
      gammaConstraint: serialize(settings.gammaConstraint),
    };
  }
}
