/** Checks of the exercises, in the order of the lessons: what each must satisfy, with messages that name the mistake. */
export { type Check, type CheckOptions } from "./exercise";
export { Report, type CheckResult, type ReportStatus } from "./report";

export { axesColumns, type NormalizeColumns } from "./axes/columns";
export { axesKeep, type CenterRows } from "./axes/keep";
export { axesChoose, type AxesMethod, type ReducedAxes } from "./axes/choose";
export { axesGroups, type StandardizeGroups } from "./axes/groups";
export { axesDetective, type FindAxes } from "./axes/detective";

export { bnForward, type BatchNormForward } from "./batchNorm/forward";
export { bnChannels, type BatchNormChannels } from "./batchNorm/channels";
export { bnMoving, type UpdateMoving } from "./batchNorm/moving";
export { bnInference, type BatchNormInference } from "./batchNorm/inference";
export { bnFold } from "./batchNorm/fold";
export { bnFoldNext } from "./batchNorm/foldNext";
export type { Dense, Fold, MovingStatistics, TrainedNorm } from "./batchNorm/samples";

export { bnBackwardGraph, type BatchNormBackwardGraph } from "./backward/graph";
export { bnBackwardClosed, type BatchNormBackward } from "./backward/closed";

export { lnForward, type LayerNormForward } from "./layerNorm/forward";
export { lnSizes, type LayerNormSizes } from "./layerNorm/sizes";
export { lnBackward, type LayerNormBackward } from "./layerNorm/backward";
export { lnRms, type RmsNormForward } from "./layerNorm/rms";
export { lnRmsBackward, type RmsNormBackward } from "./layerNorm/rmsBackward";
export { lnVariance, type StreamVariance } from "./layerNorm/variance";

export { distDensity, type DensityHistogram } from "./distributions/density";
export { distSaturated, type SaturatedShare } from "./distributions/saturated";
export { distDead, type DeadShare } from "./distributions/dead";
export { distFactor, type FactorPerLayer } from "./distributions/factor";
export { distRatio, type LogUpdateRatio } from "./distributions/ratio";
export { distPercentiles, type UnitPercentiles } from "./distributions/percentiles";
export { distShift, type CovariateShift, type GradientOf } from "./distributions/shift";

export { mnistSteps, type StepsTo } from "./mnist/steps";
export { mnistConfusion, type ConfusionCounts } from "./mnist/confusion";

export { familyGroup, type GroupNormForward } from "./family/group";
export { familyGroupBack, type GroupNormBackward } from "./family/groupBack";
export { familyInvariances, type Blindness, type FindBlindness } from "./family/invariances";
export { familyAdain, type ExchangeStyle } from "./family/adain";
export { familyWeightBack, type WeightNormBackward } from "./family/weightBack";
export { familyDytBack, type DytBackward } from "./family/dytBack";
export { familySwitch, type SwitchStatistics } from "./family/switch";
