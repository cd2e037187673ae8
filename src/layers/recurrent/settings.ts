/** The settings of the recurrent layers: Keras's names, and those of the normalization between the gates. */
import type * as tf from "@tensorflow/tfjs";
import type { ActivationObject } from "../../backend/recurrent";
import { defaults } from "../../norm";
import {
  checkBoolean,
  checkFraction,
  checkPositive,
  checkPositiveInteger,
  oneOf,
  type OptionChecks,
  orNull,
  refuse,
} from "../../tensor/validate";
import {
  activationOf,
  type Constraint,
  constraintOf,
  type Initializer,
  initializerOf,
  type Regularizer,
  regularizerOf,
  serialize,
  type Serialized,
} from "../identifiers";
import { type LayerConfig, layerOptions } from "../normalizationLayer";

export type RecurrentNormalization = "none" | "layerNorm" | "batchNorm";

/** The settings that all three have. */
export interface RecurrentConfig extends LayerConfig {
  /** Values of the state. */
  units: number;
  /** An activation's name. Default "tanh". */
  activation?: string;
  /** Default true. */
  useBias?: boolean;
  /** Default "glorotUniform". */
  kernelInitializer?: Initializer | string | Serialized;
  /** Default "orthogonal". */
  recurrentInitializer?: Initializer | string | Serialized;
  /** Default "zeros". */
  biasInitializer?: Initializer | string | Serialized;
  kernelRegularizer?: Regularizer | string | Serialized | null;
  recurrentRegularizer?: Regularizer | string | Serialized | null;
  biasRegularizer?: Regularizer | string | Serialized | null;
  kernelConstraint?: Constraint | string | Serialized | null;
  recurrentConstraint?: Constraint | string | Serialized | null;
  biasConstraint?: Constraint | string | Serialized | null;
  /** All steps' states instead of the last one's. Default false. */
  returnSequences?: boolean;
  /** The last states too, as further outputs. Default false. */
  returnState?: boolean;
  /** From the last time step to the first; outputs are in the order in which they are computed. Default false. */
  goBackwards?: boolean;
  /** What each sum goes through on its way to the activations. Default "none". */
  normalization?: RecurrentNormalization;
  /** Of the normalization. Default 1e-3. */
  epsilon?: number;
  /** Of batch norm: the weight of the old value in the moving statistics. Default 0.99. */
  momentum?: number;
  /**
   * Of batch norm: how many time steps have moving statistics of their own; the last one's serve all later steps.
   * Default: as many as the inputs have, where the input shape says it.
   */
  timeSteps?: number | null;
  /** Where the gains γ start. Default 1 with layer norm, 0.1 with batch norm. */
  gammaInitializer?: Initializer | string | Serialized;
}

/** The settings that lstm and gru have beside those. */
export interface GatedConfig extends RecurrentConfig {
  /** The gates' activation. Default "sigmoid". */
  recurrentActivation?: string;
}

export const recurrentOptions: OptionChecks<RecurrentConfig & { customObjects: unknown }> = {
  units: { required: checkPositiveInteger },
  // What is wrong with one of these is said where it is looked up, in identifiers.ts.
  activation: true,
  kernelInitializer: true,
  recurrentInitializer: true,
  biasInitializer: true,
  gammaInitializer: true,
  kernelRegularizer: true,
  recurrentRegularizer: true,
  biasRegularizer: true,
  kernelConstraint: true,
  recurrentConstraint: true,
  biasConstraint: true,
  useBias: checkBoolean,
  returnSequences: checkBoolean,
  returnState: checkBoolean,
  goBackwards: checkBoolean,
  normalization: oneOf("none", "layerNorm", "batchNorm"),
  epsilon: checkPositive,
  momentum: checkFraction,
  timeSteps: orNull(checkPositiveInteger),
  ...layerOptions,
};

/** The settings with their defaults, and names looked up. */
export interface RecurrentSettings {
  units: number;
  activation: ActivationObject;
  recurrentActivation: ActivationObject;
  useBias: boolean;
  unitForgetBias: boolean;
  resetAfter: boolean;
  kernelInitializer: Initializer;
  recurrentInitializer: Initializer;
  biasInitializer: Initializer;
  gammaInitializer: Initializer;
  kernelRegularizer: Regularizer | undefined;
  recurrentRegularizer: Regularizer | undefined;
  biasRegularizer: Regularizer | undefined;
  kernelConstraint: Constraint | undefined;
  recurrentConstraint: Constraint | undefined;
  biasConstraint: Constraint | undefined;
  normalization: RecurrentNormalization;
  epsilon: number;
  momentum: number;
  timeSteps: number | null;
}

type AllConfig = GatedConfig & { unitForgetBias?: boolean; resetAfter?: boolean };

export function settingsOf(config: AllConfig): RecurrentSettings {
  const { normalization = "none", timeSteps = null } = config;
  if (timeSteps !== null && normalization !== "batchNorm") {
    refuse("timeSteps", timeSteps, `left out with normalization "${normalization}": only batch norm has it`);
  }
  const gamma = {
    className: "Constant",
    config: { value: normalization === "batchNorm" ? 0.1 : 1 },
  };
  return {
    units: config.units,
    activation: activationOf("activation", config.activation ?? "tanh"),
    recurrentActivation: activationOf("recurrentActivation", config.recurrentActivation ?? "sigmoid"),
    useBias: config.useBias ?? true,
    unitForgetBias: config.unitForgetBias ?? true,
    resetAfter: config.resetAfter ?? true,
    kernelInitializer: initializerOf("kernelInitializer", config.kernelInitializer ?? "glorotUniform"),
    recurrentInitializer: initializerOf("recurrentInitializer", config.recurrentInitializer ?? "orthogonal"),
    biasInitializer: initializerOf("biasInitializer", config.biasInitializer ?? "zeros"),
    gammaInitializer: initializerOf("gammaInitializer", config.gammaInitializer ?? gamma),
    kernelRegularizer: regularizerOf("kernelRegularizer", config.kernelRegularizer),
    recurrentRegularizer: regularizerOf("recurrentRegularizer", config.recurrentRegularizer),
    biasRegularizer: regularizerOf("biasRegularizer", config.biasRegularizer),
    kernelConstraint: constraintOf("kernelConstraint", config.kernelConstraint),
    recurrentConstraint: constraintOf("recurrentConstraint", config.recurrentConstraint),
    biasConstraint: constraintOf("biasConstraint", config.biasConstraint),
    ...{ normalization, timeSteps },
    epsilon: config.epsilon ?? defaults.layerNorm.epsilon,
    momentum: config.momentum ?? defaults.batchNorm.momentum,
  };
}

/** What a model file holds of them. */
export function serializeSettings(settings: RecurrentSettings): tf.serialization.ConfigDict {
  const { units, useBias, normalization, epsilon, momentum, timeSteps } = settings;
  return {
    ...{ units, useBias, normalization, epsilon, momentum, timeSteps },
    activation: settings.activation.getClassName(),
    kernelInitializer: serialize(settings.kernelInitializer),
    recurrentInitializer: serialize(settings.recurrentInitializer),
    biasInitializer: serialize(settings.biasInitializer),
    gammaInitializer: serialize(settings.gammaInitializer),
    kernelRegularizer: serialize(settings.kernelRegularizer),
    recurrentRegularizer: serialize(settings.recurrentRegularizer),
    biasRegularizer: serialize(settings.biasRegularizer),
    kernelConstraint: serialize(settings.kernelConstraint),
    recurrentConstraint: serialize(settings.recurrentConstraint),
    biasConstraint: serialize(settings.biasConstraint),
  };
}
