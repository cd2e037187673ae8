/** A learner's own layer, in a network that learns. */
export { Beside, type BesideSpec, type Both, type Judged } from "./beside";
export type { OwnLayer } from "./layer";
export { ownBatchNorm, type ForwardValues, type OwnBatchNormFunctions } from "./ownBatchNorm";
export { ownLayerNorm, type OwnLayerNormFunctions } from "./ownLayerNorm";
export type { PartReport } from "./part";
export { type BesideOptions, trainBeside } from "./trainBeside";
