import type { Dataset } from "../data";
import type { OptimizerState } from "./optimizerState";
import type { PortableModel } from "./portable";
import type { Report } from "./reports";
import type { Run } from "./run";
import type { Settings } from "./settings";
import type { TensorData } from "./tensors";

/** What a worker is given to do. The examples lie in shared memory, so that they are not copied. */
export interface Experiment {
  model: PortableModel;
  weights: TensorData[];
  optimizer: OptimizerState;
  data: Dataset;
  settings: Settings;
  backend: string | undefined;
  /** Not 0 when the worker shall stop: it looks at it every step, without waiting for a message. */
  stop: Int32Array;
}

/** What a worker answers. */
export type WorkerMessage =
  | { kind: "report"; report: Report }
  | { kind: "ended"; run: Run; weights: TensorData[]; optimizer: OptimizerState }
  /** The model has a class that the worker does not know. */
  | { kind: "unknownClass"; reason: string }
  /** Its arguments don't fit; nothing has begun. */
  | { kind: "refused"; error: unknown }
  | { kind: "failed"; error: unknown };
