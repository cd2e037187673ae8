import { randomGenerator } from "../../tensor";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";
import { written } from "../written";

/** A training at some learning rate: its seed and what it reached on validation images, null when it diverged. */
export interface RateTrial {
  rate: number;
  seed: number;
  accuracy: number | null;
}

/** The learning rate to use, from trials with seeds of which those in `reported` must not be looked at. */
export type ChooseRate = (trials: RateTrial[], reported: number[]) => number;

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** Equal means must be equal in spite of rounding. */
const margin = 1e-9;

/** Means of the same accuracies may differ in their last digits. */
const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === "number" && typeof b === "number" && Math.abs(a - b) <= margin);

/** Exercise batch-rate: the rule by which a learning rate is chosen. */
export const batchRate: Check<ChooseRate> = formulaExercise("batch-rate", {
  switches: {
    allSeeds:
      "you also looked at seeds whose results are reported: a rate chosen by them makes their results look too good",
    reportedOnly:
      "you looked at the reported seeds alone; it is the other way round: choose by the seeds that are not reported",
    bestSingle: "you took the rate of the best single training; take the best mean over the seeds",
    worst: "you took the rate with the worst mean",
    worstSeed: "you compared the worst seeds of each rate; compare the means over the seeds",
    median: "you compared medians; compare the means over the seeds",
    sum: "you compared sums: a rate that was tried more often then wins; compare means",
    divergedLeftOut:
      "you left out trainings that diverged: then a rate that fails half of the time can win; their accuracy counts as 0",
    divergedOut: "you ruled out each rate at which a training diverged; its accuracy counts as 0 in the mean",
    divergedRight: "you counted a training that diverged as right; its accuracy counts as 0",
    tiesLargest: "of equally good rates take the smallest; you took the largest",
    tiesFirst:
      "of equally good rates take the smallest, in whatever order the trials come; you took the first",
    tiesLast: "of equally good rates take the smallest, in whatever order the trials come; you took the last",
    largest: "you took the largest rate without looking at accuracies",
    smallest: "you took the smallest rate without looking at accuracies",
    firstSeed: "you looked at the first of the other seeds alone; take the mean over all of them",
    average: "you averaged rates; the answer is one of those that were tried",
    accuracy: "you answered the accuracy; the rate that reached it is asked for",
    index: "you answered a place in the list; the rate itself is asked for",
  },
  formula:
    (on) =>
    (trials: RateTrial[], reported: number[]): number => {
      const isOther = ({ seed }: RateTrial) => !reported.includes(seed);
      const allowed = trials.filter((trial) =>
        on("allSeeds") ? true : on("reportedOnly") ? !isOther(trial) : isOther(trial),
      );
      const used = on("firstSeed") ? allowed.filter(({ seed }) => seed === allowed[0].seed) : allowed;
      const inOrder = [...new Set(used.map(({ rate }) => rate))];
      const rates = on("tiesFirst") || on("tiesLast") ? inOrder : [...inOrder].sort((a, b) => a - b);
      if (on("largest")) return Math.max(...rates);
      if (on("smallest")) return Math.min(...rates);
      const scoreOf = (rate: number): number => {
        const given = used.filter((trial) => trial.rate === rate).map(({ accuracy }) => accuracy);
        if (on("divergedOut") && given.includes(null)) return -1;
        const kept = on("divergedLeftOut") ? given.filter((value) => value !== null) : given;
        if (kept.length === 0) return -1;
        const values = kept.map((value) => value ?? (on("divergedRight") ? 1 : 0));
        if (on("bestSingle")) return Math.max(...values);
        if (on("worstSeed")) return Math.min(...values);
        if (on("median")) return median(values);
        return mean(values) * (on("sum") ? values.length : 1);
      };
      const scores = rates.map(scoreOf);
      const most = on("worst") ? Math.min(...scores) : Math.max(...scores);
      const best = rates.filter((_, i) => Math.abs(scores[i] - most) <= margin);
      const rate = on("tiesLargest") || on("tiesLast") ? best[best.length - 1] : best[0];
      if (on("average")) return mean(best.length > 1 ? best : rates);
      if (on("accuracy")) return most;
      return on("index") ? rates.indexOf(rate) : rate;
    },
  right: (trials, reported) => {
    const means = new Map<number, { sum: number; count: number }>();
    for (const { rate, seed, accuracy } of trials) {
      if (reported.includes(seed)) continue;
      const { sum, count } = means.get(rate) ?? { sum: 0, count: 0 };
      means.set(rate, { sum: sum + (accuracy ?? 0), count: count + 1 });
    }
    const sorted = [...means].sort(([a], [b]) => a - b);
    return sorted.reduce((best, next) =>
      next[1].sum / next[1].count > best[1].sum / best[1].count + margin ? next : best,
    )[0];
  },
  where: (answer) => `the answer is ${written(answer)}`,
  differs: (answer, expected) =>
    isSame(answer, expected)
      ? undefined
      : { kind: "values", message: `the answer is ${written(answer)}; it must be ${written(expected)}` },
  cases: (seed) => {
    const { uniform, permutation } = randomGenerator(seed);
    const trial = (trials: RateTrial[], reported: number[]) => ({
      args: [[...permutation(trials.length)].map((i) => trials[i]), reported] as [RateTrial[], number[]],
    });
    const listed = (accuracies: Record<string, (number | null)[]>, seeds: number[]) =>
      Object.entries(accuracies).flatMap(([rate, values]) =>
        values.map((accuracy, i) => ({ rate: Number(rate), seed: seeds[i], accuracy })),
      );
    /** With a training of seed 1, which is reported, at each rate. */
    const andReported = (trials: RateTrial[]): RateTrial[] => [
      ...trials,
      ...[...new Set(trials.map(({ rate }) => rate))].map((rate) => ({
        rate,
        seed: 1,
        accuracy: Math.round(900 + 100 * uniform()) / 1000,
      })),
    ];
    /** Noisy accuracies of trainings with five seeds at five rates. */
    const random = () =>
      listed(
        Object.fromEntries(
          [0.0001, 0.0003, 0.001, 0.003, 0.01].map((rate) => [
            rate,
            Array.from({ length: 5 }, () => Math.round(900 + 100 * uniform()) / 1000),
          ]),
        ),
        [1, 2, 11, 12, 13],
      );
    const ties = { 0.003: [0.9, 0.96], 0.001: [0.94, 0.92], 0.01: [0.93, 0.93], 0.0001: [0.9, 0.92] };
    return {
      usual: {
        // Choices may agree by chance: several in a case.
        "five rates, three seeds to choose by": Array.from({ length: 8 }, () => trial(random(), [1, 2])),
        "a training that diverged": [
          trial(
            andReported(listed({ 0.001: [0.95, 0.94], 0.01: [0.97, null], 0.1: [null, null] }, [11, 12])),
            [1],
          ),
          trial(
            andReported(
              listed(
                { 0.001: [0.2, 0.21, 0.22], 0.01: [0.9, 0.91, null], 0.1: [0.5, 0.5, 0.4] },
                [11, 12, 13],
              ),
            ),
            [1],
          ),
        ],
        "equally good rates": Array.from({ length: 4 }, () =>
          trial(andReported(listed(ties, [11, 12])), [1]),
        ),
      },
      hard: {
        "a rate that was tried with fewer seeds": trial(
          andReported([
            ...listed({ 0.001: [0.9, 0.9, 0.9] }, [11, 12, 13]),
            { rate: 0.01, seed: 11, accuracy: 0.95 },
          ]),
          [1],
        ),
        "one seed to choose by": trial(listed({ 0.001: [0.8, 0.7], 0.01: [0.6, 0.9] }, [1, 11]), [1]),
      },
    };
  },
});
