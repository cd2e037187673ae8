/** What train() answers and reports: plain JSON, so that a figure can be redrawn without training. */

/** Loss and share of right answers, averaged over examples. */
export interface Metrics {
  loss: number;
  accuracy: number;
}

/** One finished epoch. Training metrics are means over the epoch while the weights change, as Keras reports them. */
export interface EpochMetrics extends Metrics {
  /** 1, 2, … */
  epoch: number;
  /** Missing when nothing is kept for validation. */
  validationLoss?: number;
  validationAccuracy?: number;
}

/** Everything that decides the outcome, together with `seed`, `dataHash` and `versions`. */
export interface RunConfiguration {
  /** tfjs's JSON of the model's topology; names that tfjs made up are numbered from 1 in each model. */
  model: object;
  /** Trainable and other numbers of the model. */
  parameters: number;
  /** SHA-256 of the weights before the first step. */
  initialWeightsHash: string;
  optimizer: { className: string; config: object };
  loss: string;
  epochs: number;
  batchSize: number;
  validationSplit: number;
  /** Only where batches came in the order of the examples. */
  shuffle?: false;
  examples: { train: number; validation: number; test: number };
}

/** A finished, interrupted or failed experiment. JSON has no NaN: a loss that diverged is null in a file. */
export interface Run {
  format: "normlab-run/1";
  name: string;
  seed: number;
  configuration: RunConfiguration;
  /** SHA-256 of all examples that were handed over: shapes, numbers, labels. */
  dataHash: string;
  versions: { normlab: string; tfjs: string; node: string; backend: string };
  /** One entry a training step, over its batch. */
  steps: { loss: number[]; accuracy: number[] };
  epochs: EpochMetrics[];
  /** On the test examples, after the last epoch. */
  test?: Metrics;
  /** What an experiment of a sweep took of its trained model. */
  measured?: unknown;
  /** The only part that differs between two runs of the same experiment. */
  timings: {
    /** From the first step to the end, over all processes that worked on it. */
    totalSeconds: number;
    /** Training and validation of each finished epoch. */
    secondsPerEpoch: number[];
    /** Loading the libraries, building the model and reading a checkpoint, before the first step. */
    startSeconds: number;
    testSeconds?: number;
    /** After which epochs a new process went on from a checkpoint. */
    resumedAfterEpochs: number[];
  };
  /** What a reader should know, such as where it was trained when not in a worker. */
  notes: string[];
  ended: {
    how: "completed" | "interrupted" | "failed";
    /** The epoch under way (1, 2, …) and the steps done in it. */
    epoch: number;
    step: number;
    message?: string;
  };
}

/** What `onProgress` receives, a few times a second and once at the end. */
export interface Progress {
  name: string;
  /** The epoch under way, 1 … epochs, and the steps done in it. */
  epoch: number;
  epochs: number;
  step: number;
  stepsPerEpoch: number;
  /** Means over the epoch so far. */
  loss: number;
  accuracy: number;
  /** Estimated from the steps so far. */
  secondsLeft: number;
  /** How it ended: in the last report, and only there. */
  ended?: Run["ended"]["how"];
  /** A copy of the Run as far as it goes. */
  run: Run;
}

/** train() failed after it had begun; `run` is what there is of it. */
export class TrainingError extends Error {
  readonly run: Run;
  constructor(message: string, run: Run, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "TrainingError";
    this.run = run;
  }
}
