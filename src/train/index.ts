export { train } from "./train";
export { isQuick } from "./quick";
export {
  type EpochMetrics,
  type Metrics,
  type Progress,
  type Run,
  type RunConfiguration,
  TrainingError,
} from "./run";
export type { TrainingOptions } from "./settings";
export { stored, type StoredOptions } from "./stored/stored";
export { type Experiment, sweep, type SweepOptions } from "./stored/sweep";
export type { SweepProgress } from "./stored/sweepProgress";
