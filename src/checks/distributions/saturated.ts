import { randomNormal, type Tensor } from "../../tensor";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";

type Bounded = "tanh" | "sigmoid";

/** Share, from 0 to 1, of the activations h (N, units) at which the slope is below 1 − 0.97² of its largest value. */
export type SaturatedShare = (h: Tensor, activation: Bounded) => number;

/** Activations of summed inputs that are wide enough to saturate, more on the upper side; some units all over. */
function activations(seed: number, activation: Bounded, size: readonly number[] = [12, 7]): Tensor {
  const u = randomNormal(size, { seed, mean: 0.8, standardDeviation: activation === "tanh" ? 2.5 : 5 });
  const units = size[1];
  const shifted = u.map((v, i) => ((i % units) % 4 === 1 ? v + 20 : v));
  return shifted.map((v) => (activation === "tanh" ? Math.tanh(v) : 1 / (1 + Math.exp(-v))));
}

/** Exercise dist-saturated: the share of saturated values of tanh or sigmoid. */
export const distSaturated: Check<SaturatedShare> = formulaExercise("dist-saturated", {
  switches: {
    upperEnd: "this counts the upper end only; both ends of the curve are flat",
    lowerEnd: "this counts the lower end only; both ends of the curve are flat",
    tanhLimits:
      "you used tanh's limits for the sigmoid; its values lie between 0 and 1, and its slope is h(1 − h), at most 1/4",
    slopeOfSigmoid: "you took the sigmoid's slope, h(1 − h), for tanh, too; tanh's is 1 − h², at most 1",
    activationsSwapped: "tanh and sigmoid are exchanged",
    largestIsOne:
      "you compared the sigmoid's slope with tanh's largest slope; the sigmoid's own largest slope is 1/4",
    quartered:
      "the sigmoid's largest slope is 1/4: multiply its slope by 4, or the limit by 1/4; you divided the slope",
    tanhNotSquared: "tanh's slope is 1 − h²; the square is missing",
    largestIsHalf: "the sigmoid's largest slope is 1/4, where h = ½",
    linearLimits:
      "for the sigmoid you took h < 0.03 and h > 0.97 as saturated; that is a slope below 12 %, not 6 %",
    notSquared: "the limit of the slope is 1 − 0.97²; the square is missing",
    limitIs97: "the limit of the slope is 1 − 0.97², not 0.97",
    squareAlone: "the limit of the slope is 1 − 0.97²; you took 0.97² alone",
    appliedAgain:
      "h is the activation's value already: the slope is that of h itself; you applied the activation once more",
    slopeIsValue: "you compared the value h with the limit; compare the slope",
    percent: "this is a percentage; give the share, from 0 to 1",
    count: "this is a number of values; divide it by how many there are",
    byUnits: "you divided by the number of units; divide by the number of all values",
    bySamples: "you divided by the number of samples; divide by the number of all values",
    others: "you counted the values that are not saturated",
    wholeUnits: "you counted units that are saturated for the whole batch; count single values",
    anyUnits: "you counted units that are saturated for some sample; count single values",
    firstSample: "you looked at the first sample only; count the values of all of them",
  },
  formula:
    (on) =>
    (h: Tensor, activation: Bounded): number => {
      const isTanh = (activation === "tanh") !== on("activationsSwapped") && !on("slopeOfSigmoid");
      const applied = (v: number) =>
        !on("appliedAgain") ? v : isTanh ? Math.tanh(v) : 1 / (1 + Math.exp(-v));
      const slope = (v: number) =>
        on("slopeIsValue") ? v : isTanh ? 1 - (on("tanhNotSquared") ? Math.abs(v) : v * v) : v * (1 - v);
      // Who takes one slope for both compares it with the largest of each, or with its own.
      const largest =
        isTanh || on("largestIsOne") ? 1 : on("quartered") ? 4 : on("largestIsHalf") ? 0.5 : 0.25;
      const limit = on("notSquared")
        ? 1 - 0.97
        : on("limitIs97")
          ? 0.97
          : on("squareAlone")
            ? 0.97 ** 2
            : 1 - 0.97 ** 2;
      const middle = activation === "tanh" ? 0 : 0.5;
      const isSmall = (v: number) => {
        if (on("tanhLimits")) return Math.abs(v) > 0.97;
        if (on("linearLimits") && activation === "sigmoid") return v < 0.03 || v > 0.97;
        return slope(applied(v)) < limit * largest;
      };
      const isWanted = (v: number) =>
        (on("others") ? !isSmall(v) : isSmall(v)) &&
        (!on("upperEnd") || v > middle) &&
        (!on("lowerEnd") || v < middle);
      const samples = h.toArray() as number[][];
      const units = h.transpose().toArray() as number[][];
      const shareOf = <T>(list: readonly T[], is: (each: T) => boolean, all = list.length) =>
        list.filter(is).length / (on("count") ? 1 : all);
      const share = on("wholeUnits")
        ? shareOf(units, (unit) => unit.every(isWanted))
        : on("anyUnits")
          ? shareOf(units, (unit) => unit.some(isWanted))
          : on("firstSample")
            ? shareOf(samples[0], isWanted)
            : shareOf(
                [...h.data],
                isWanted,
                on("byUnits") ? units.length : on("bySamples") ? samples.length : h.size,
              );
      return on("percent") ? 100 * share : share;
    },
  right: (h, activation) => {
    const slope = activation === "tanh" ? (v: number) => 1 - v * v : (v: number) => 4 * v * (1 - v);
    return h.data.filter((v) => slope(v) < 1 - 0.97 ** 2).length / h.size;
  },
  name: "the share",
  cases: (seed) => {
    const trial = (h: Tensor, activation: Bounded) => ({ args: [h, activation] as [Tensor, Bounded] });
    // Shares are coarse numbers, that may agree by chance: several in each case.
    const several = (s: number, activation: Bounded) => [
      trial(activations(seed + s, activation), activation),
      trial(activations(seed + s + 30, activation, [17, 9]), activation),
      trial(activations(seed + s + 60, activation, [9, 13]), activation),
    ];
    return {
      usual: { tanh: several(0, "tanh"), sigmoid: several(1, "sigmoid") },
      hard: {
        "nothing saturated": trial(activations(seed + 2, "tanh").mul(0.5), "tanh"),
        "everything saturated, at both ends": trial(
          activations(seed + 3, "sigmoid").map((v) => (v > 0.5 ? 1 : 0)),
          "sigmoid",
        ),
        "another shape": trial(activations(seed + 4, "sigmoid", [3, 40]), "sigmoid"),
      },
    };
  },
});
