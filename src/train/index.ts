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
