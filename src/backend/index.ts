export { initBackend, describeBackend } from "./initBackend";
export type { BackendDescription, BackendName, BackendOptions } from "./initBackend";
export { normalize } from "./normalize";
export type { Normalized, NormalizeOptions } from "./normalize";
export { canRecord, RecordedStep, runStep } from "./recording/recordedStep";
export type { Operation, Step, TensorValues } from "./recording/recordedStep";
export { attention } from "./attention";
export type { Attended, AttentionOptions } from "./attention";
