import { randomNormal, type Tensor } from "../../tensor";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";

/** The effective learning rate of each unit, η / ‖w‖² with w its column of the kernel (D, C). */
export type EffectiveRates = (kernel: Tensor, learningRate: number) => ArrayLike<number>;

const wholeLayer =
  "you took the length of the whole kernel; batch norm divides each unit by itself, so each has a length of its own";

/** Exercise opt-rate: the learning rate that a unit before batch norm really has. */
export const optRate: Check<EffectiveRates> = formulaExercise("opt-rate", {
  switches: {
    rows: "you took the rows of the kernel; the weights into one unit are a column of (D, C)",
    wholeLayer,
    meanOfUnits: wholeLayer,
    notSquared: "you divided by the length; divide by its square",
    fourthPower: "you divided by the fourth power of the length; divide by its square",
    meanSquare: "you divided by the mean square of the weights; the squared length is their sum",
    rootMeanSquare: "you divided by the root of the mean square; the squared length is a sum, without a root",
    variance: "you took the mean away first: this is a variance; the squared length is the sum of squares",
    absolute: "you summed absolute values; the squared length is the sum of squares",
    sumSquared: "you squared the sum of the weights; the squared length is the sum of their squares",
    largest: "you took the largest weight; the squared length is the sum of all squares",
    times: "you multiplied by the squared length; a longer weight is turned less by the same step: divide",
    upsideDown: "the quotient is upside down: the learning rate stands above",
    noLearningRate: "you left out the learning rate",
    learningRateSquared: "you squared the learning rate, too; only the length is squared",
    relative: "you divided by the sum over all units, so that this is a share; give the rate itself",
    epsilon: "you added 1 to the squared length; nothing is added",
  },
  formula:
    (on) =>
    (kernel: Tensor, learningRate: number): ArrayLike<number> => {
      const columns = (on("rows") ? kernel : kernel.transpose()).toArray() as number[][];
      const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
      const squares = (values: readonly number[]) => sum(values.map((v) => v * v));
      const length = (w: readonly number[]) => {
        const mean = sum(w) / w.length;
        if (on("absolute")) return sum(w.map(Math.abs));
        if (on("sumSquared")) return sum(w) ** 2;
        if (on("largest")) return Math.max(...w.map(Math.abs)) ** 2;
        if (on("variance")) return squares(w.map((v) => v - mean)) / w.length;
        const s = squares(w);
        if (on("notSquared")) return Math.sqrt(s);
        if (on("fourthPower")) return s * s;
        if (on("meanSquare")) return s / w.length;
        return on("rootMeanSquare") ? Math.sqrt(s / w.length) : s;
      };
      const whole = length(columns.flat());
      const each = columns.map((w) => (on("wholeLayer") ? whole : length(w)));
      const used = on("meanOfUnits") ? each.map(() => sum(each) / each.length) : each;
      const rate = on("noLearningRate") ? 1 : on("learningRateSquared") ? learningRate ** 2 : learningRate;
      const rates = used.map((given) => {
        const squared = given + (on("epsilon") ? 1 : 0);
        return on("times") ? rate * squared : on("upsideDown") ? squared / rate : rate / squared;
      });
      return on("relative") ? rates.map((value) => value / sum(rates)) : rates;
    },
  right: (kernel, learningRate) =>
    (kernel.transpose().toArray() as number[][]).map((w) => learningRate / Math.hypot(...w) ** 2),
  name: "the rates",
  cases: (seed) => {
    const trial = (shape: [number, number], learningRate: number, scale = 0.7) => {
      const drawn = randomNormal(shape, { seed: seed + shape[0], mean: 0.3, standardDeviation: scale });
      // Units of very different length.
      const kernel = drawn.map((v, i) => v * (1 + (i % shape[1])));
      return { args: [kernel, learningRate] as [Tensor, number], tolerance: 1e-9 };
    };
    return {
      usual: { "a kernel (5, 3)": trial([5, 3], 0.1), "a kernel (4, 6)": trial([4, 6], 0.3) },
      hard: {
        "as many inputs as units": trial([4, 4], 2),
        "one unit": trial([6, 1], 0.05),
        "tiny weights": trial([3, 5], 0.1, 1e-4),
      },
    };
  },
});
