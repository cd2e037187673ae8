import { randomNormal, type Tensor } from "../../tensor";
import { diagnose } from "../diagnose";
import { type Check, exercise } from "../exercise";
import { invoke } from "../invoke";

/** Share, from 0 to 1, of the activations h (N, units) at which the slope is below 1 − 0.97² of its largest value. */
export type SaturatedShare = (h: Tensor, activation: "tanh" | "sigmoid") => number;

type Bounded = Parameters<SaturatedShare>[1];

/** Activations of summed inputs that are wide enough to saturate, more on the upper side. */
function activations(seed: number, activation: Bounded, size: readonly number[] = [12, 7]): Tensor {
  const u = randomNormal(size, { seed, mean: 0.8, standardDeviation: activation === "tanh" ? 2.5 : 5 });
  return u.map((v) => (activation === "tanh" ? Math.tanh(v) : 1 / (1 + Math.exp(-v))));
}

/** Exercise dist-saturated: the share of saturated values of tanh or sigmoid. */
export const distSaturated: Check<SaturatedShare> = exercise("dist-saturated", (solution, seed) => {
  const limit = 0.97;
  const check = (h: Tensor, activation: Bounded) => {
    const share = (isSaturated: (v: number) => boolean) => h.data.filter(isSaturated).length / h.size;
    const slope = activation === "tanh" ? (v: number) => 1 - v * v : (v: number) => v * (1 - v);
    const largest = activation === "tanh" ? 1 : 0.25;
    const small = (v: number) => slope(v) < (1 - limit * limit) * largest;
    const wholeUnits = () => {
      const units = h.transpose().toArray() as number[][];
      return units.filter((unit) => unit.every(small)).length / units.length;
    };
    return diagnose(
      invoke(solution, h, activation),
      share(small),
      [
        {
          message: "this counts one end only; both ends of the curve are flat",
          value: share((v) => small(v) && v > (activation === "tanh" ? 0 : 0.5)),
        },
        {
          message:
            "you used tanh's limits for the sigmoid; its values lie between 0 and 1, and its slope is h(1 − h), at most 1/4",
          value: share((v) => Math.abs(v) > limit),
        },
        {
          message:
            "you compared the sigmoid's slope with tanh's largest slope; the sigmoid's own largest slope is 1/4",
          value: share((v) => slope(v) < 1 - limit * limit),
        },
        {
          message:
            "for the sigmoid you took h < 0.03 and h > 0.97 as saturated; that is a slope below 12 %, not 6 %",
          value: share((v) => (activation === "sigmoid" ? v < 0.03 || v > 0.97 : small(v))),
        },
        { message: "this is a percentage; give the share, from 0 to 1", value: 100 * share(small) },
        {
          message: "this is a number of values; divide it by how many there are",
          value: h.size * share(small),
        },
        { message: "you counted the values that are not saturated", value: share((v) => !small(v)) },
        {
          message: "you counted units that are saturated for the whole batch; count single values",
          value: wholeUnits,
        },
      ],
      { name: "the share" },
    );
  };
  return {
    usual: {
      tanh: () => check(activations(seed, "tanh"), "tanh"),
      sigmoid: () => check(activations(seed + 1, "sigmoid"), "sigmoid"),
    },
    hard: {
      "nothing saturated": () => check(activations(seed + 2, "tanh").mul(0.5), "tanh"),
      "everything saturated, at both ends": () =>
        check(
          activations(seed + 3, "sigmoid").map((v) => (v > 0.5 ? 1 : 0)),
          "sigmoid",
        ),
      "another shape": () => check(activations(seed + 4, "sigmoid", [3, 40]), "sigmoid"),
    },
  };
});
