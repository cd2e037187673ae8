import { randomGenerator } from "../../tensor";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";
import { written } from "../written";

/**
 * The largest of `rates` at which at least `share` of the seeds end with a loss below `limit`; undefined where there
 * is none. losses[i] are those at rates[i], one a seed; null is a loss that is no number.
 */
export type LargestSurviving = (
  rates: number[],
  losses: (number | null)[][],
  limit: number,
  share: number,
) => number | undefined;

type Given = [rates: number[], losses: (number | null)[][], limit: number, share: number];

const never = "where no learning rate survives the answer is undefined";

/** Exercise opt-survival: reading the edge of a map of survival. */
export const optSurvival: Check<LargestSurviving> = formulaExercise("opt-survival", {
  switches: {
    nullSurvives:
      "null < 2 is true, since JavaScript takes null for 0: a loss that is no number has not survived",
    nullLeftOut:
      "you left the seeds without a loss out of the count; they did not survive, but they are seeds",
    anySeed:
      "you asked for one seed that survives; at least `share` of them must, a part of their number and no number",
    allSeeds: "you asked all seeds to survive; `share` of them are enough",
    strictShare: "exactly `share` is enough: at least, not more than",
    atLimit: "a loss of exactly `limit` is not below it",
    above: "you counted the seeds whose loss is above the limit",
    meanLoss: "you compared the mean loss of the seeds with the limit; count the seeds below it",
    medianLoss: "you compared the median loss of the seeds with the limit; count the seeds below it",
    untilFailure:
      "you stopped at the first rate that fails; a larger one may survive, and the largest is asked for",
    smallest: "you answered the smallest rate that survives; the largest is asked for",
    last: "you answered the last rate in the list that survives; the list need not be sorted",
    best: "you answered the rate with the lowest loss; the largest that survives is asked for",
    index: "you answered the place in the list; the learning rate itself is asked for",
    firstFailing: "you answered the smallest rate that fails; the largest that survives is asked for",
    bySeeds: "you looked along the seeds: losses[i] are all seeds at rates[i]",
    neverIsZero: never,
    neverIsNull: never,
    neverIsMinusInfinity: never,
  },
  formula:
    (on) =>
    (rates: number[], losses: (number | null)[][], limit: number, share: number): number | undefined => {
      const table = on("bySeeds") ? rates.map((_, i) => losses.map((row) => row[i] ?? null)) : losses;
      const isBelow = (loss: number | null) => {
        if (loss === null) return on("nullSurvives");
        return on("above") ? loss > limit : on("atLimit") ? loss <= limit : loss < limit;
      };
      const meanOf = (row: (number | null)[]) =>
        row.some((v) => v === null) ? Infinity : row.reduce<number>((a, v) => a + v!, 0) / row.length;
      const medianOf = (row: (number | null)[]) =>
        row.map((v) => v ?? Infinity).sort((a, b) => a - b)[row.length >> 1];
      const survives = table.map((row) => {
        if (on("meanLoss")) return isBelow(meanOf(row));
        if (on("medianLoss")) return isBelow(medianOf(row));
        const counted = on("nullLeftOut") ? row.filter((v) => v !== null) : row;
        const alive = counted.filter(isBelow).length;
        if (on("anySeed")) return alive > 0;
        if (on("allSeeds")) return alive === counted.length && alive > 0;
        const part = counted.length === 0 ? 0 : alive / counted.length;
        return on("strictShare") ? part > share : part >= share;
      });
      const places = rates.map((_, i) => i);
      const sorted = [...places].sort((a, b) => rates[a] - rates[b]);
      const alive = places.filter((i) => survives[i]);
      const ascending = sorted.filter((i) => survives[i]);
      const failing = sorted.filter((i) => !survives[i]);
      const firstFailure = sorted.findIndex((i) => !survives[i]);
      const beforeFailure = sorted.slice(0, firstFailure < 0 ? sorted.length : firstFailure);
      const lowest = [...alive].sort((a, b) => medianOf(losses[a]) - medianOf(losses[b]));
      const place = on("smallest")
        ? ascending[0]
        : on("last")
          ? alive[alive.length - 1]
          : on("best")
            ? lowest[0]
            : on("firstFailing")
              ? failing[0]
              : on("untilFailure")
                ? beforeFailure[beforeFailure.length - 1]
                : ascending[ascending.length - 1];
      if (place === undefined) {
        if (on("neverIsZero")) return 0;
        if (on("neverIsMinusInfinity")) return -Infinity;
        return on("neverIsNull") ? (null as never) : undefined;
      }
      return on("index") ? place : rates[place];
    },
  right: (rates, losses, limit, share) => {
    const isAlive = (loss: number | null) => loss !== null && loss < limit;
    const surviving = rates.filter((_, i) => losses[i].filter(isAlive).length / losses[i].length >= share);
    return surviving.length > 0 ? Math.max(...surviving) : undefined;
  },
  where: (answer) => `the answer is ${written(answer)}`,
  differs: (answer, expected) => {
    if (answer === expected) return undefined;
    const message =
      expected === undefined
        ? `no rate survives: the answer must be undefined, but is ${written(answer)}`
        : `the answer is ${written(answer)}; it must be ${String(expected)}`;
    return { kind: "values", message };
  },
  cases: (seed) => {
    const trial = (...args: Given) => ({ args });
    const rates = [0.01, 0.03, 0.1, 0.3, 1, 3];
    /** Five seeds a rate: so many of them survive, some of the others have no loss at all. */
    const drawn = (s: number, survivors: number[], nulls: number[]): (number | null)[][] => {
      const { uniform } = randomGenerator(seed + s);
      return survivors.map((alive, i) =>
        Array.from({ length: 5 }, (_, k) =>
          k < alive ? 0.3 + 1.2 * uniform() : k < alive + nulls[i] ? null : 2.1 + 3 * uniform(),
        ),
      );
    };
    const edge = [
      [0.5, 0.7, 0.9, 1.1],
      [0.4, 0.6, 2, 3],
      [0.5, 2, 2, 2.5],
    ];
    return {
      usual: {
        "five seeds, a clear edge": [
          trial(rates, drawn(0, [5, 5, 4, 3, 1, 0], [0, 0, 0, 0, 2, 1]), 2, 0.8),
          trial(rates, drawn(1, [3, 5, 5, 4, 3, 2], [0, 0, 0, 0, 0, 0]), 2, 0.6),
        ],
        "losses that are no numbers": [
          trial(rates, drawn(2, [5, 5, 4, 1, 0, 0], [0, 0, 0, 4, 5, 5]), 2, 0.8),
          trial(rates, drawn(3, [4, 4, 4, 2, 1, 1], [0, 1, 1, 1, 3, 0]), 2, 0.6),
        ],
        "exactly the share, exactly the limit": [
          trial([0.1, 0.2, 0.4], edge, 2, 0.5),
          trial([0.1, 0.2, 0.4], edge, 2, 0.75),
        ],
        "nothing survives": [
          trial(rates, drawn(4, [1, 0, 2, 1, 0, 0], [0, 0, 0, 1, 5, 2]), 2, 0.8),
          trial(rates, drawn(8, [1, 0, 2, 1, 0, 0], [0, 0, 0, 0, 0, 0]), 2, 0.8),
        ],
      },
      hard: {
        "a gap: a larger rate survives again": trial(
          rates,
          drawn(5, [5, 5, 1, 5, 0, 0], [0, 0, 0, 0, 0, 1]),
          2,
          0.8,
        ),
        "rates in another order": trial([1, 0.1, 10, 0.01], drawn(6, [4, 5, 0, 5], [0, 0, 5, 0]), 2, 0.8),
        "as many seeds as rates": trial(
          rates.slice(0, 5),
          drawn(7, [5, 4, 5, 2, 1], [0, 0, 0, 3, 0]),
          2,
          0.8,
        ),
      },
    };
  },
});
