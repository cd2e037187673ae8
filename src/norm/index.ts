export { standardize, standardizeGrad, type Standardized, type StandardizeOptions } from "./standardize";
export {
  batchNorm,
  batchNormGrad,
  type BatchNormCache,
  type BatchNormOptions,
  type BatchNormResult,
} from "./batchNorm";
export { layerNorm, layerNormGrad, type LayerNormCache, type LayerNormOptions } from "./layerNorm";
export {
  instanceNorm,
  instanceNormGrad,
  type InstanceNormCache,
  type InstanceNormOptions,
} from "./instanceNorm";
export { groupNorm, groupNormGrad, type GroupNormCache, type GroupNormOptions } from "./groupNorm";
export { rmsNorm, rmsNormGrad, type RmsNormCache, type RmsNormOptions } from "./rmsNorm";
export { weightNorm, weightNormGrad, type WeightNormCache } from "./weightNorm";
export { dyt, dytGrad, type DytCache, type DytOptions } from "./dyt";
export { adaIN, adaINGrad, type AdaINCache, type AdaINOptions } from "./adaIN";
export {
  switchableNorm,
  switchableNormGrad,
  type SwitchableNormCache,
  type SwitchableNormOptions,
  type SwitchableNormResult,
} from "./switchableNorm";
export { batchNormGradSteps, layerNormGradSteps, type ForwardSteps, type GradSteps } from "./steps";
export {
  foldBatchNorm,
  foldBatchNormIntoNext,
  type InferenceNorm,
  type Linear,
  type NextLayer,
} from "./fold";
export { reestimate } from "./reestimate";
export {
  fromKeras,
  fromTorch,
  toKeras,
  toTorch,
  type KerasLayer,
  type Method,
  type MethodOptions,
  type TorchLayout,
  type TorchModule,
} from "./conventions";
export { toChannelsFirst, toChannelsLast } from "./channels";
export { defaults } from "./defaults";
