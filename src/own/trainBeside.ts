import {
  deepNetwork,
  descend,
  evaluate,
  type ImageExamples,
  type LayerNormalization,
  type Network,
  type ProbeBatch,
  runBatch,
} from "../probe";
import { drawnBatches, sampleBatch } from "../probe/training";
import {
  checkInteger,
  checkOptions,
  checkPositiveInteger,
  type OptionChecks,
  refuse,
} from "../tensor/validate";
import { listenForInterrupt } from "../train/interrupt";
import { throttle } from "../train/reports";
import { Beside, type BesideSpec, type Judged } from "./beside";
import type { BuiltLayer, OwnLayer } from "./layer";
import { PartFailed } from "./part";

export interface BesideOptions {
  steps?: number;
  /** Of the initial weights and the order of the images, the same for both networks. */
  seed?: number;
  /** Called a few times a second with what there is so far. */
  onProgress?: (soFar: Beside) => void;
}

const besideOptions: OptionChecks<BesideOptions> = {
  steps: checkPositiveInteger,
  seed: checkInteger,
  onProgress(argument, value) {
    if (typeof value !== "function") refuse(argument, value, "a function");
  },
};

/** Three hidden layers of 50 units: small enough for float64 in a cell, deep enough for a wrong gradient to show. */
const shape = { depth: 3, width: 50, activation: "tanh" } as const;
const batchSize = 64;
const learningRate = 0.5;
const testImages = 1000;

/**
 * Trains a small network with your layer and the same network with the package's, by gradient descent on the same
 * images from the same weights: two curves that lie on each other if every function is right, and part if one is not.
 * At each step your functions' results are also compared with what the package's give for the same inputs, so the
 * report says which is wrong and since when. An interrupt of the cell ends it with what there is.
 */
export async function trainBeside(
  layer: OwnLayer,
  data: { train: ImageExamples; test: ImageExamples },
  options: BesideOptions = {},
): Promise<Beside> {
  checkOptions("trainBeside", options, besideOptions);
  const { steps = 120, seed = 1, onProgress } = options;
  const built = layer.build([batchSize, shape.width]);
  const inputs = data.train.shape.slice(1).reduce((a, b) => a * b, 1);
  const start = deepNetwork({ ...shape, inputs, normalization: layer.method, seed });
  const isOwn = built.parts.some(({ whose }) => whose === "yours");

  const packages = new Descent(start);
  const own = isOwn ? new Descent(start, built) : undefined;
  const soFar = (more: Partial<BesideSpec> = {}) =>
    new Beside({
      method: layer.method,
      parts: structuredClone(built.parts),
      losses: { packages: [...packages.losses], ...(own && { own: [...own.losses] }) },
      steps,
      failure: own?.failure,
      ...more,
    });

  const interrupt = listenForInterrupt(undefined);
  const isDue = throttle();
  const batches = drawnBatches(data.train, { batchSize, seed, standardized: true });
  try {
    for (let step = 1; step <= steps; step++) {
      if (interrupt.by !== undefined) return soFar({ interrupted: true });
      const batch = batches.next().value;
      packages.step(step, batch);
      own?.step(step, batch);
      if (isDue()) onProgress?.(soFar());
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    interrupt.release();
  }
  const size = Math.min(testImages, data.test.shape[0]);
  const test = sampleBatch(data.test, { size, seed, standardized: true });
  const judged = { packages: packages.judge(steps, test)!, own: own?.judge(steps, test) };
  return soFar({ test: judged });
}

/** One network on its way down, until a function of its normalization fails. */
class Descent {
  readonly losses: number[] = [];
  failure: string | undefined;

  constructor(
    private network: Network,
    private readonly built?: BuiltLayer,
  ) {}

  step(step: number, batch: ProbeBatch): void {
    this.unlessFailed(step, (normalizeBy) => {
      const pass = runBatch(this.network, batch, { step, normalizeBy });
      if (!Number.isFinite(pass.loss)) throw new PartFailed(`its loss is ${pass.loss}.`);
      this.losses.push(pass.loss);
      this.network = descend(pass.network, pass.gradients, learningRate);
    });
  }

  judge(step: number, batch: ProbeBatch): Judged | undefined {
    return this.unlessFailed(step, (normalizeBy) => evaluate(this.network, batch, { normalizeBy }));
  }

  private unlessFailed<T>(
    step: number,
    act: (normalizeBy: LayerNormalization | undefined) => T,
  ): T | undefined {
    if (this.failure !== undefined) return undefined;
    try {
      return act(this.built?.at(step));
    } catch (error) {
      if (!(error instanceof PartFailed)) throw error;
      this.failure = `in step ${step}, ${error.message}`;
      return undefined;
    }
  }
}
