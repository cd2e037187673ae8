import { full, randomNormal, type Tensor } from "../../tensor";
import { diagnose } from "../diagnose";
import { type Check, exercise } from "../exercise";
import { invoke } from "../invoke";

/** Share, from 0 to 1, of the units that are 0 for every sample; h (N, units). */
export type DeadShare = (h: Tensor) => number;

/** ReLU activations in which the units with i % 3 = 0 are dead, and one sample is all zeros. */
function activations(seed: number, [n, units]: readonly [number, number]): Tensor {
  const u = randomNormal([n, units], { seed });
  const isDead = (i: number) => (i % units) % 3 === 0 || Math.floor(i / units) === 1;
  return u.map((v, i) => (isDead(i) ? 0 : Math.max(0, v + (i % units === 1 ? 5 : 0))));
}

/** Exercise dist-dead: the share of dead ReLU units. */
export const distDead: Check<DeadShare> = exercise("dist-dead", (solution, seed) => {
  const check = (h: Tensor) => {
    const samples = h.toArray() as number[][];
    const units = h.transpose().toArray() as number[][];
    const isZero = (v: number) => v === 0;
    const dead = units.filter((unit) => unit.every(isZero)).length;
    return diagnose(
      invoke(solution, h),
      dead / units.length,
      [
        {
          message:
            "this is the share of zeros; a ReLU unit that is 0 for some samples is alive, a dead one is 0 for all of them",
          value: h.data.filter(isZero).length / h.size,
        },
        {
          message:
            "you looked along the rows: these are samples in which every unit is 0; a unit is a column",
          value: samples.filter((sample) => sample.every(isZero)).length / samples.length,
        },
        {
          message: "a unit that is 0 for some sample is not dead yet; it must be 0 for all",
          value: units.filter((unit) => unit.some(isZero)).length / units.length,
        },
        { message: "this is the share of units that are alive", value: 1 - dead / units.length },
        { message: "this is a number of units; divide it by how many there are", value: dead },
        {
          message: "you divided by the number of samples; divide by the number of units",
          value: dead / samples.length,
        },
        { message: "this is a percentage; give the share, from 0 to 1", value: (100 * dead) / units.length },
        {
          message: "you looked at the first sample only; a unit is dead when it is 0 for all of them",
          value: samples[0].filter(isZero).length / units.length,
        },
      ],
      { name: "the share" },
    );
  };
  return {
    usual: {
      "8 samples, 7 units": () => check(activations(seed, [8, 7])),
      "as many samples as units": () => check(activations(seed + 1, [6, 6])),
    },
    hard: {
      "one sample": () => check(randomNormal([1, 9], { seed: seed + 2 }).relu()),
      "all units dead": () => check(full([4, 5], 0)),
      "no unit dead": () => check(full([4, 5], 0.1)),
      "a unit that lives on a single sample": () => check(activations(seed + 3, [30, 4])),
    },
  };
});
