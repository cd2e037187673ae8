import { dyt, standardize } from "../../norm";
import { randomNormal, type Tensor } from "../../tensor";
import type { Check } from "../exercise";
import type { Finding } from "../finding";
import { formulaExercise } from "../formulaExercise";
import { written } from "../written";

type Normalize = (x: Tensor) => Tensor;

/** What a function does not see: whether its output stays the same under each of five changes of its input. */
export interface Blindness {
  sampleScale: boolean;
  sampleShift: boolean;
  channelScale: boolean;
  channelShift: boolean;
  company: boolean;
}

/** (a function of tensors (N,H,W,C), x of that shape) → what the function does not see. */
export type FindBlindness = (normalize: Normalize, x: Tensor) => Blindness;

const changes = ["sampleScale", "sampleShift", "channelScale", "channelShift", "company"] as const;

/** 2, 3, … along one axis of x, of length 1 along the others. */
function along(x: Tensor, axis: number): Tensor {
  const first = x.shape.map((length, i) => (i === axis ? length : 1));
  return x
    .sum(
      x.shape.map((_, i) => i).filter((i) => i !== axis),
      true,
    )
    .map((_, i) => i + 2)
    .reshape(first);
}

/** Exercise family-invariances: find out from outside what a normalization does not see. */
export const familyInvariances: Check<FindBlindness> = formulaExercise("family-invariances", {
  switches: {
    inverted: "you say true where the output changes; asked is whether it stays the same",
    exact:
      "you asked for outputs that are equal to the last digit; ε and rounding move the last ones: allow a small difference",
    againstInput: "you compared the output with the input; compare the outputs before and after the change",
    oneFactor:
      "you multiplied all samples by one factor, the whole batch: each sample is to have a factor of its own",
    oneConstant:
      "you added one constant to all samples, the whole batch: each sample is to have a constant of its own",
    oneFactorForChannels:
      "you multiplied all channels by one factor: each channel is to have a factor of its own",
    oneConstantForChannels:
      "you added one constant to all channels: each channel is to have a constant of its own",
    negative:
      "you multiplied by negative factors, which turn the sign of the output: scaling is by positive ones",
    axesSwapped: "samples and channels are exchanged: samples lie along axis 0, channels along the last",
    scaleShiftSwapped: "scale and shift are exchanged: scaling multiplies, shifting adds",
    wholeOutput:
      "for the company you compared what was changed itself: leave the first sample as it is, change the others, " +
      "and compare the first one's output alone",
    companyNotChanged: "you did not change the other samples; an output can't depend on what stays the same",
    means: "you compared the means of the outputs; they may agree where the outputs differ",
  },
  formula:
    (on) =>
    (normalize: Normalize, x: Tensor): Blindness => {
      const before = on("againstInput") ? x : normalize(x);
      const limit = on("exact") ? 0 : 1e-3;
      const isSame = (a: Tensor, b: Tensor): boolean => {
        if (on("means")) return Math.abs(a.mean().at() - b.mean().at()) <= limit;
        return a
          .sub(b)
          .abs()
          .data.every((d) => d <= limit);
      };
      const [sampleAxis, channelAxis] = on("axesSwapped") ? [x.rank - 1, 0] : [0, x.rank - 1];
      const [ofSample, ofChannel] = [along(x, sampleAxis), along(x, channelAxis)];
      const alike = (t: Tensor, isAlike: boolean) => (isAlike ? t.mul(0).add(3) : t);
      const sign = on("negative") ? -1 : 1;
      const stays = (changed: Tensor) => isSame(normalize(changed), before);
      const scaled = (by: Tensor, isAlike: boolean) => stays(x.mul(alike(by, isAlike).mul(sign)));
      const shifted = (by: Tensor, isAlike: boolean) => stays(x.add(alike(by, isAlike)));
      const one = x.size / x.shape[0];
      const others = x.map((value, i) =>
        on("companyNotChanged") || i < one ? value : value * value - (i % 5),
      );
      const first = (t: Tensor) => (on("wholeOutput") ? t : t.map((value, i) => (i < one ? value : 0)));
      const found = {
        sampleScale: scaled(ofSample, on("oneFactor")),
        sampleShift: shifted(ofSample, on("oneConstant")),
        channelScale: scaled(ofChannel, on("oneFactorForChannels")),
        channelShift: shifted(ofChannel, on("oneConstantForChannels")),
        company: isSame(first(normalize(others)), first(before)),
      };
      const told = on("scaleShiftSwapped")
        ? {
            ...found,
            sampleScale: found.sampleShift,
            sampleShift: found.sampleScale,
            channelScale: found.channelShift,
            channelShift: found.channelScale,
          }
        : found;
      if (!on("inverted")) return told;
      return Object.fromEntries(changes.map((change) => [change, !told[change]])) as unknown as Blindness;
    },
  differs: (answer, expected, { output = "" }): Finding | undefined => {
    if (typeof answer !== "boolean") {
      return { kind: "type", message: `\`${output}\` is ${written(answer)}; it must be true or false` };
    }
    if (answer === expected) return undefined;
    const what = expected ? "stays the same" : "changes";
    return { kind: "values", message: `\`${output}\` is ${answer}, but this function's output ${what}` };
  },
  cases: (seed) => {
    const trials = (normalize: Normalize, shape: [number, number, number, number], s: number) => {
      // Far from 0, and each channel with a mean of its own: RMSNorm and layer norm would be alike.
      const x = randomNormal(shape, { seed: seed + s, mean: 1, standardDeviation: 2 }).add(
        randomNormal([shape[3]], { seed: seed + s + 100 }),
      );
      const args: [Normalize, Tensor] = [normalize, x];
      return changes.map((output) => ({ args, output }));
    };
    const over =
      (axes: number[], center = true): Normalize =>
      (x) =>
        standardize(x, { axes, center, epsilon: 1e-6 }).xHat;
    const inGroups: Normalize = (x) => {
      const [n, h, w, c] = x.shape;
      return over([1, 2, 4])(x.reshape([n, h, w, 2, c / 2])).reshape(x.shape);
    };
    return {
      usual: {
        "a function over N, H and W": trials(over([0, 1, 2]), [3, 2, 3, 4], 0),
        "a function over H, W and C": trials(over([1, 2, 3]), [3, 2, 3, 4], 1),
        "a function over H and W": trials(over([1, 2]), [2, 3, 2, 3], 2),
        "a function without a mean": trials(over([3], false), [2, 2, 3, 4], 3),
        "a function of each number alone": trials((x) => dyt(x).y, [2, 2, 2, 3], 4),
      },
      hard: {
        "a function over H, W and a group": trials(inGroups, [2, 3, 2, 4], 5),
        "a function over everything": trials(over([0, 1, 2, 3]), [3, 2, 2, 3], 6),
        "a function over N, without a mean": trials(over([0, 1, 2], false), [3, 2, 2, 3], 7),
      },
    };
  },
});
