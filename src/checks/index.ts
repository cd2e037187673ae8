/** Checks of the exercises: what each must satisfy, with messages that name the mistake. */
export { Report, type CheckOptions, type CheckResult, type ReportStatus } from "./report";
export { bnBackwardClosed, type BatchNormBackward } from "./bnBackwardClosed";
export { bnBackwardGraph, type BatchNormBackwardGraph } from "./bnBackwardGraph";
export { bnChannels, type BatchNormChannels } from "./bnChannels";
export { bnFold, type Dense, type Fold, type TrainedNorm } from "./bnFold";
export { bnFoldNext } from "./bnFoldNext";
export { bnForward, type BatchNormForward } from "./bnForward";
export { bnInference, type BatchNormInference } from "./bnInference";
export { bnMoving, type MovingStatistics, type UpdateMoving } from "./bnMoving";
