export { initBackend, describeBackend } from "./initBackend";
export type { BackendDescription, BackendName, BackendOptions } from "./initBackend";
export { normalize } from "./normalize";
export type { Normalized, NormalizeOptions } from "./normalize";
export { attention } from "./attention";
export type { Attended, AttentionOptions } from "./attention";
