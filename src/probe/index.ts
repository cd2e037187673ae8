/** A deep network that can be looked into: small, float64, for the lesson on distributions. */
export { type Activation } from "./activations";
export {
  deepNetwork,
  type Layer,
  type Network,
  type NetworkOptions,
  type NoiseOptions,
  type ProbeNormalization,
} from "./network";
export { type LayerNormalization, type NormalizedBatch } from "./normalizations";
export {
  evaluate,
  type LayerGradient,
  type LayerPass,
  type Pass,
  type PassOptions,
  type ProbeBatch,
  runBatch,
} from "./pass";
export {
  type BatchOptions,
  descend,
  type ImageExamples,
  type Look,
  sampleBatch,
  trainNetwork,
  type DescentOptions,
  type DescentResult,
} from "./training";
export { deadShare, meanCosine, normOf, saturatedShare, unitValues, updateRatios } from "./statistics";
export { type AlongGradient, alongGradient, gradientShift, type GradientShift } from "./landscape";
export { type DirectionOptions, lossPlane, randomDirection, type WeightDirection } from "./plane";
