import { full, randomNormal, type Tensor } from "../../tensor";
import { diagnose } from "../diagnose";
import { invoke } from "../invoke";
import { type CheckOptions, type Report, report } from "../report";

/** Share, from 0 to 1, of the units that are 0 for every sample; h (N, units). */
export type DeadShare = (h: Tensor) => number;

/** ReLU activations in which the units with i % 3 = 0 are dead, and one sample is all zeros. */
function activations(seed: number, [n, units]: readonly [number, number]): Tensor {
  const u = randomNormal([n, units], { seed });
  const isDead = (i: number) => (i % units) % 3 === 0 || Math.floor(i / units) === 1;
  return u.map((v, i) => (isDead(i) ? 0 : Math.max(0, v + (i % units === 1 ? 5 : 0))));
}

/** Exercise dist-dead: the share of dead ReLU units. */
export function distDead(solution: DeadShare, { seed = 1, cases = "usual" }: CheckOptions = {}): Report {
  const check = (h: Tensor) => {
    const [n, units] = h.shape;
    const column = (unit: number) => Array.from({ length: n }, (_, i) => h.at(i, unit));
    const row = (i: number) => Array.from({ length: units }, (_, unit) => h.at(i, unit));
    const count = (length: number, test: (i: number) => boolean) =>
      Array.from({ length }, (_, i) => i).filter(test).length;
    const dead = count(units, (unit) => column(unit).every((v) => v === 0));
    return diagnose(
      invoke(solution, h),
      dead / units,
      [
        {
          message:
            "this is the share of zeros; a ReLU unit that is 0 for some samples is alive, a dead one is 0 for all of them",
          value: h.data.filter((v) => v === 0).length / h.size,
        },
        {
          message:
            "you looked along the rows: these are samples in which every unit is 0; a unit is a column",
          value: count(n, (i) => row(i).every((v) => v === 0)) / n,
        },
        {
          message: "a unit that is 0 for some sample is not dead yet; it must be 0 for all",
          value: count(units, (unit) => column(unit).some((v) => v === 0)) / units,
        },
        { message: "this is the share of units that are alive", value: 1 - dead / units },
        { message: "this is a number of units; divide it by how many there are", value: dead },
        { message: "you divided by the number of samples; divide by the number of units", value: dead / n },
        { message: "this is a percentage; give the share, from 0 to 1", value: (100 * dead) / units },
        {
          message: "you looked at the first sample only; a unit is dead when it is 0 for all of them",
          value: row(0).filter((v) => v === 0).length / units,
        },
      ],
      { name: "the share" },
    );
  };
  const usual = [
    { name: "8 samples, 7 units", run: () => check(activations(seed, [8, 7])) },
    { name: "as many samples as units", run: () => check(activations(seed + 1, [6, 6])) },
  ];
  const hard = [
    { name: "one sample", run: () => check(randomNormal([1, 9], { seed: seed + 2 }).relu()) },
    { name: "all units dead", run: () => check(full([4, 5], 0)) },
    { name: "no unit dead", run: () => check(full([4, 5], 0.1)) },
    { name: "a unit that lives on a single sample", run: () => check(activations(seed + 3, [30, 4])) },
  ];
  return report("dist-dead", cases === "hard" ? [...usual, ...hard] : usual);
}
