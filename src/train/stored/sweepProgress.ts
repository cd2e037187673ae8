/** How far a sweep is, and how long it will still take. */
import type { Run } from "../run";

/** What `sweep` reports of all its networks together. */
export interface SweepProgress {
  /** Networks trained here, of `total` that were not stored. */
  done: number;
  total: number;
  /** Estimated from the examples that networks were trained on so far; NaN before there are any. */
  secondsLeft: number;
}

/**
 * Counts the examples that networks are trained on, each as often as it comes. In small batches an example takes longer
 * than in large ones: where they are mixed, the time left is rough until all sizes have been seen.
 */
export class SweepClock {
  readonly #began: number;
  readonly #now: () => number;
  readonly #total: number;
  /** Of each training: examples when it was first heard of, which an earlier process may have seen; and now. */
  readonly #seen = new Map<string, { first: number; now: number }>();

  /** `runs` are those of each training (by its key) that goes on longest, before their first step. */
  constructor(runs: ReadonlyMap<string, Run>, now: () => number = () => performance.now()) {
    this.#total = [...runs.values()].reduce(
      (sum, { configuration: { epochs, examples } }) => sum + epochs * examples.train,
      0,
    );
    this.#now = now;
    this.#began = now();
  }

  /** Takes note of a Run as far as it has got. */
  hear(training: string, { steps, configuration }: Run): void {
    const { batchSize, examples } = configuration;
    const stepsPerEpoch = Math.ceil(examples.train / batchSize);
    const now = (steps.loss.length * examples.train) / stepsPerEpoch;
    this.#seen.set(training, { first: this.#seen.get(training)?.first ?? now, now });
  }

  secondsLeft(): number {
    const places = [...this.#seen.values()];
    const sum = (of: (place: { first: number; now: number }) => number) =>
      places.reduce((total, place) => total + of(place), 0);
    const here = sum(({ first, now }) => now - first);
    if (here === 0) return NaN;
    const seconds = (this.#now() - this.#began) / 1000;
    return (seconds / here) * (this.#total - sum(({ now }) => now));
  }
}
