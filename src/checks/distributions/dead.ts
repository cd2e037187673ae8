import { full, randomNormal, type Tensor } from "../../tensor";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";

/** Share, from 0 to 1, of the units that are 0 for every sample; h (N, units). */
export type DeadShare = (h: Tensor) => number;

/** ReLU activations in which every third unit is dead, and of every four samples one is all zeros. */
function activations(seed: number, [n, units]: readonly [number, number]): Tensor {
  const u = randomNormal([n, units], { seed });
  const isDead = (i: number) => (i % units) % 3 === 0 || Math.floor(i / units) % 4 === 1;
  return u.map((v, i) => (isDead(i) ? 0 : Math.max(0, v + (i % units === 1 ? 5 : 0))));
}

/** Exercise dist-dead: the share of dead ReLU units. */
export const distDead: Check<DeadShare> = formulaExercise("dist-dead", {
  switches: {
    zeros:
      "this is the share of zeros; a ReLU unit that is 0 for some samples is alive, a dead one is 0 for all of them",
    rows: "you looked along the rows: these are samples in which every unit is 0; a unit is a column",
    some: "a unit that is 0 for some sample is not dead yet; it must be 0 for all",
    most: "a unit that is 0 for most samples is not dead yet; it must be 0 for all",
    alive: "this is the share of units that are alive",
    count: "this is a number of units; divide it by how many there are",
    bySamples: "you divided by the number of samples; divide by the number of units",
    byValues: "you divided by the number of all values; divide by the number of units",
    byAlive: "you divided by the number of units that are alive; divide by the number of all units",
    percent: "this is a percentage; give the share, from 0 to 1",
    firstSample: "you looked at the first sample only; a unit is dead when it is 0 for all of them",
    lastSample: "you looked at the last sample only; a unit is dead when it is 0 for all of them",
    firstSampleMissed: "you left out the first sample; a unit is dead when it is 0 for all of them",
    lastSampleMissed: "you left out the last sample; a unit is dead when it is 0 for all of them",
    firstUnitMissed: "you left out the first unit; all of them are looked at",
    lastUnitMissed: "you left out the last unit; all of them are looked at",
    small:
      "a unit is dead when it is exactly 0 for all samples, not when its values (or their mean) are small",
  },
  formula:
    (on) =>
    (h: Tensor): number => {
      const samples = h.toArray() as number[][];
      const used = on("firstSample")
        ? samples.slice(0, 1)
        : on("lastSample")
          ? samples.slice(-1)
          : on("firstSampleMissed")
            ? samples.slice(1)
            : on("lastSampleMissed")
              ? samples.slice(0, -1)
              : samples;
      const [all, units] = [used.length, samples[0].length];
      const columns = Array.from({ length: units }, (_, unit) => used.map((sample) => sample[unit]));
      const groups = on("rows") ? used : on("zeros") ? used.flat().map((v) => [v]) : columns;
      const seen = groups.slice(on("firstUnitMissed") ? 1 : 0, on("lastUnitMissed") ? -1 : undefined);
      const isZero = (v: number) => v === 0;
      const isDead = (values: number[]) =>
        on("some")
          ? values.some(isZero)
          : on("most")
            ? values.filter(isZero).length > values.length / 2
            : on("small")
              ? values.reduce((a, b) => a + b, 0) / samples.length < 0.1
              : values.every(isZero);
      const dead = seen.filter((values) => isDead(values) !== on("alive")).length;
      const divisor = on("count")
        ? 1
        : on("bySamples")
          ? all
          : on("byValues")
            ? h.size
            : on("byAlive")
              ? units - dead
              : groups.length;
      return (dead / divisor) * (on("percent") ? 100 : 1);
    },
  right: (h) => {
    const columns = h.transpose().toArray() as number[][];
    return columns.filter((unit) => unit.every((v) => v === 0)).length / columns.length;
  },
  name: "the share",
  cases: (seed) => {
    const trial = (h: Tensor) => ({ args: [h] as [Tensor] });
    return {
      usual: {
        // Shares are coarse numbers, that may agree by chance: several in each case.
        "8 samples, 7 units": [
          trial(activations(seed, [8, 7])),
          trial(activations(seed + 30, [8, 11])),
          trial(activations(seed + 60, [5, 17])),
        ],
        "as many samples as units": [
          trial(activations(seed + 1, [6, 6])),
          trial(activations(seed + 31, [10, 10])),
        ],
      },
      hard: {
        "one sample": trial(randomNormal([1, 9], { seed: seed + 2 }).relu()),
        "all units dead": trial(full([4, 5], 0)),
        "no unit dead": trial(full([4, 5], 0.1)),
        "a unit that lives on a single sample": trial(activations(seed + 3, [30, 4])),
      },
    };
  },
});
