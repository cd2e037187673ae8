/** The same settings and weights in PyTorch's and Keras's words, both ways. */
import { asTensor, type Tensor, type TensorLike } from "../tensor";
import {
  type Check,
  checkAxes,
  checkBoolean,
  checkFraction,
  checkOptions,
  checkPositive,
  checkPositiveInteger,
  checkShape,
  oneOf,
  type OptionChecks,
  refuse,
} from "../tensor/validate";
import { type BatchNormOptions, batchNormOptions } from "./batchNorm";
import { imageToFirst, imageToLast } from "./channels";
import { defaults } from "./defaults";
import { type GroupNormOptions, groupNormOptions } from "./groupNorm";
import { type InstanceNormOptions, instanceNormOptions } from "./instanceNorm";
import { type LayerNormOptions, layerNormOptions } from "./layerNorm";
import { type RmsNormOptions, rmsNormOptions } from "./rmsNorm";

/** The options of each method that PyTorch and Keras have. */
export interface MethodOptions {
  batchNorm: BatchNormOptions;
  layerNorm: LayerNormOptions;
  instanceNorm: InstanceNormOptions;
  groupNorm: GroupNormOptions;
  rmsNorm: RmsNormOptions;
}
export type Method = keyof MethodOptions;

const optionsOf: { [M in Method]: OptionChecks<MethodOptions[M]> } = {
  batchNorm: batchNormOptions,
  layerNorm: layerNormOptions,
  instanceNorm: instanceNormOptions,
  groupNorm: groupNormOptions,
  rmsNorm: rmsNormOptions,
};
const checkMethod = oneOf(...(Object.keys(optionsOf) as Method[]));

/** All options there are, whichever method they belong to. */
type AnyOptions = Omit<BatchNormOptions, "training"> & { axes?: readonly number[]; groups?: number };

/** A module of torch.nn, by the names of its attributes. */
export interface TorchModule {
  weight?: TensorLike | null;
  bias?: TensorLike | null;
  running_mean?: TensorLike | null;
  running_var?: TensorLike | null;
  /** null in RMSNorm: the machine epsilon of float32, PyTorch's default type. */
  eps?: number | null;
  /** Weight of the new value. */
  momentum?: number | null;
  num_groups?: number;
  normalized_shape?: number | readonly number[];
  /** Of no use here: with a momentum that is a number, PyTorch itself only counts with it. */
  num_batches_tracked?: unknown;
}

/** Python's None: what a module does without. */
function orNull(check: Check): Check {
  return (argument, value) => value === null || check(argument, value);
}

const torchAttributes: OptionChecks<TorchModule> = {
  weight: orNull(asTensor),
  bias: orNull(asTensor),
  running_mean: orNull(asTensor),
  running_var: orNull(asTensor),
  eps: orNull(checkPositive),
  momentum: orNull(checkFraction),
  num_groups: checkPositiveInteger,
  normalized_shape: (argument, value) => checkShape(argument, typeof value === "number" ? [value] : value),
  num_batches_tracked: true,
};

/** A layer of keras.layers, by the names of its weights and settings. */
export interface KerasLayer {
  gamma?: TensorLike | null;
  beta?: TensorLike | null;
  /** RMSNormalization's weight. */
  scale?: TensorLike | null;
  moving_mean?: TensorLike | null;
  moving_variance?: TensorLike | null;
  /** Whether there is a beta; the weights that are given say it, too. */
  center?: boolean;
  momentum?: number;
  epsilon?: number;
  axis?: number | readonly number[];
  groups?: number;
}

const kerasAttributes: OptionChecks<KerasLayer> = {
  gamma: orNull(asTensor),
  beta: orNull(asTensor),
  scale: orNull(asTensor),
  moving_mean: orNull(asTensor),
  moving_variance: orNull(asTensor),
  center: checkBoolean,
  momentum: checkFraction,
  epsilon: checkPositive,
  axis: (argument, value) => checkAxes(argument, [value].flat()),
  groups(argument, value) {
    if (value !== -1) checkPositiveInteger(argument, value);
  },
};

/**
 * Where the channels of the data are: behind, (N,H,W,C), as everywhere here, or in front, (N,C,H,W), as PyTorch
 * has them. The options that come back fit data of that layout.
 */
export interface TorchLayout {
  layout?: "channelsLast" | "channelsFirst";
}

const layoutOptions: OptionChecks<TorchLayout> = { layout: oneOf("channelsLast", "channelsFirst") };

const FLOAT32_EPSILON = 2 ** -23;
const hasMovingStatistics = (method: Method) => method === "batchNorm";
const hasAxes = (method: Method) => method === "layerNorm" || method === "rmsNorm";

/**
 * PyTorch → ours: weight → gamma, bias → beta, running_mean → movingMean, running_var → movingVariance,
 * eps → epsilon, momentum → 1 − momentum, num_groups → groups, normalized_shape → axes, unbiasedMoving: true.
 *
 * What is left out is PyTorch's default (eps 1e-5, momentum 0.1). With layout "channelsLast" a layer norm's
 * weight (C,H,W) becomes (H,W,C); weights of rank 1 and 2, (C) and (T,C), lie the same way in both.
 */
export function fromTorch<M extends Method>(
  method: M,
  module: TorchModule,
  options: TorchLayout = {},
): MethodOptions[M] {
  checkMethod("fromTorch: method", method);
  checkOptions(`fromTorch (${method})`, module, torchAttributes);
  checkOptions("fromTorch", options, layoutOptions);
  const { layout = "channelsLast" } = options;
  const { normalized_shape: normalized, eps = method === "rmsNorm" ? null : 1e-5, momentum = 0.1 } = module;
  const ours: AnyOptions = { epsilon: eps ?? FLOAT32_EPSILON };
  const reorder = layout === "channelsLast" ? imageToLast : (parameter: Tensor) => parameter;
  if (module.weight) ours.gamma = reorder(asTensor("weight", module.weight));
  if (module.bias) ours.beta = reorder(asTensor("bias", module.bias));
  if (hasAxes(method)) {
    if (normalized === undefined) refuse("normalized_shape", normalized, "given for layer and RMS norm");
    const rank = typeof normalized === "number" ? 1 : normalized.length;
    ours.axes = Array.from({ length: rank }, (_, i) => i - rank);
  } else {
    ours.axis = layout === "channelsLast" ? -1 : 1;
  }
  if (method === "groupNorm") ours.groups = module.num_groups;
  if (hasMovingStatistics(method)) {
    if (momentum === null) refuse("momentum", momentum, "a number: a cumulative average has no momentum");
    ours.momentum = 1 - momentum;
    ours.unbiasedMoving = true;
    if (module.running_mean) ours.movingMean = asTensor("running_mean", module.running_mean);
    if (module.running_var) ours.movingVariance = asTensor("running_var", module.running_var);
  }
  return ours as MethodOptions[M];
}

/**
 * Ours → PyTorch, the reverse of fromTorch. What is left out is our default (epsilon 1e-3, momentum 0.99).
 * Layer and RMS norm need gamma or beta to know normalized_shape. PyTorch's running_var is unbiased from its
 * next training step on, whatever unbiasedMoving was.
 */
export function toTorch<M extends Method>(
  method: M,
  options: MethodOptions[M],
  where: TorchLayout = {},
): TorchModule {
  checkMethod("toTorch: method", method);
  checkOptions<MethodOptions[M]>(`toTorch (${method})`, options, optionsOf[method]);
  checkOptions("toTorch", where, layoutOptions);
  const { layout = "channelsLast" } = where;
  const given: AnyOptions = options;
  const module: TorchModule = { eps: given.epsilon ?? defaults[method].epsilon };
  const reorder = layout === "channelsLast" ? imageToFirst : (parameter: Tensor) => parameter;
  if (given.gamma !== undefined) module.weight = reorder(asTensor("gamma", given.gamma));
  if (given.beta !== undefined) module.bias = reorder(asTensor("beta", given.beta));
  if (hasAxes(method)) {
    const like = module.weight ?? module.bias;
    if (!like) refuse("gamma", given.gamma, "given: its shape is PyTorch's normalized_shape");
    module.normalized_shape = asTensor("gamma", like).shape;
  }
  if (method === "groupNorm") module.num_groups = given.groups;
  if (hasMovingStatistics(method)) {
    module.momentum = 1 - (given.momentum ?? defaults.batchNorm.momentum);
    if (given.movingMean !== undefined) module.running_mean = asTensor("movingMean", given.movingMean);
    if (given.movingVariance !== undefined)
      module.running_var = asTensor("movingVariance", given.movingVariance);
  }
  return module;
}

/**
 * Keras → ours: moving_mean → movingMean, moving_variance → movingVariance; axis stays axis where it is kept
 * (batch, group) and becomes axes where it is reduced (layer, RMS norm). Keras's GroupNormalization with
 * groups −1 is instanceNorm. What is left out is Keras's default, which is ours.
 */
export function fromKeras<M extends Method>(method: M, layer: KerasLayer): MethodOptions[M] {
  checkMethod("fromKeras: method", method);
  checkOptions(`fromKeras (${method})`, layer, kerasAttributes);
  const { axis = -1, epsilon = defaults[method].epsilon } = layer;
  const options: AnyOptions = { epsilon };
  const gamma = method === "rmsNorm" ? layer.scale : layer.gamma;
  if (gamma) options.gamma = asTensor("gamma", gamma);
  if (layer.beta) options.beta = asTensor("beta", layer.beta);
  if (hasAxes(method)) {
    options.axes = typeof axis === "number" ? [axis] : axis;
    if (options.axes.some((a) => a < 0) && options.axes.some((a) => a >= 0)) {
      refuse("axis", axis, "all negative or all from 0 up, since Keras orders the weights by these numbers");
    }
  } else {
    if (typeof axis !== "number") refuse("axis", axis, "one number");
    options.axis = axis;
  }
  if (method === "groupNorm") options.groups = layer.groups;
  if (hasMovingStatistics(method)) {
    options.momentum = layer.momentum ?? defaults.batchNorm.momentum;
    if (layer.moving_mean) options.movingMean = asTensor("moving_mean", layer.moving_mean);
    if (layer.moving_variance) options.movingVariance = asTensor("moving_variance", layer.moving_variance);
  }
  return options as MethodOptions[M];
}

/** Ours → Keras, the reverse of fromKeras. Keras's moving variance is biased, whatever unbiasedMoving was. */
export function toKeras<M extends Method>(method: M, options: MethodOptions[M]): KerasLayer {
  checkMethod("toKeras: method", method);
  checkOptions<MethodOptions[M]>(`toKeras (${method})`, options, optionsOf[method]);
  const given: AnyOptions = options;
  const layer: KerasLayer = { epsilon: given.epsilon ?? defaults[method].epsilon };
  if (given.gamma !== undefined) {
    layer[method === "rmsNorm" ? "scale" : "gamma"] = asTensor("gamma", given.gamma);
  }
  if (given.beta !== undefined) layer.beta = asTensor("beta", given.beta);
  layer.axis = hasAxes(method) ? (given.axes ?? defaults.layerNorm.axes) : (given.axis ?? -1);
  if (method === "groupNorm") layer.groups = given.groups;
  if (method === "instanceNorm") layer.groups = -1;
  if (hasMovingStatistics(method)) {
    layer.momentum = given.momentum ?? defaults.batchNorm.momentum;
    if (given.movingMean !== undefined) layer.moving_mean = asTensor("movingMean", given.movingMean);
    if (given.movingVariance !== undefined)
      layer.moving_variance = asTensor("movingVariance", given.movingVariance);
  }
  return layer;
}
