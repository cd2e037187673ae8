import { adaIN } from "../../norm";
import { randomNormal, randomUniform, type Tensor } from "../../tensor";
import { otherAxes } from "../../tensor/shape";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";
import { standardizeWith, standardizingSwitches } from "../switches/standardizing";

/** (content (N,H,W,C), style (N,H′,W′,C), ε) → the content with the style's statistics, of the content's shape. */
export type ExchangeStyle = (content: Tensor, style: Tensor, epsilon: number) => Tensor;

/** Exercise family-adain: adaptive instance norm. */
export const familyAdain: Check<ExchangeStyle> = formulaExercise("family-adain", {
  switches: {
    swapped: "content and style are exchanged: the content is normalized, the style gives mean and deviation",
    noStyleMean: "the style's mean is missing: it is added at the end",
    noStyleDeviation: "the style's deviation is missing: x̂ is multiplied by it",
    styleVariance: "you multiplied by the style's variance; multiply by its root, the deviation",
    styleDivided: "you divided by the style's deviation; multiply by it",
    styleEpsilon: "ε is missing in the style's deviation: here it stands under both roots",
    styleEpsilonOutside: "ε stands under the style's root, too: √(σ² + ε), not √σ² + ε",
    contentMean: "you added the content's own mean; the new mean is the style's",
    contentDeviation: "you multiplied by the content's own deviation; the new one is the style's",
    meanFirst: "you added the style's mean before multiplying: multiply x̂ first, add the mean last",
    styleOverBatch: "the style's statistics are those of one sample; you took them over the whole batch",
    styleOfAllChannels:
      "every channel has its own style: you took one mean and variance of the whole picture",
    styleSample: "you divided the style's squares by m − 1: its variance is the biased one, as the content's",
    overBatch: "you took all statistics over the batch as well: each sample is normalized by itself",
    allChannels: "every channel has its own statistics: you took one mean and variance of the whole picture",
    perPixel: "you averaged over the channels of each pixel; the statistics are over all places of a channel",
    ...standardizingSwitches,
  },
  formula:
    (on) =>
    (first: Tensor, second: Tensor, epsilon: number): Tensor => {
      const [content, style] = on("swapped") ? [second, first] : [first, second];
      const all = otherAxes(content.rank, []);
      const axes = on("overBatch")
        ? all.slice(0, -1)
        : on("allChannels")
          ? all.slice(1)
          : on("perPixel")
            ? all.slice(-1)
            : all.slice(1, -1);
      const ofStyle = on("styleOverBatch")
        ? all.slice(0, -1)
        : on("styleOfAllChannels")
          ? all.slice(1)
          : axes;
      const { xHat, mean, variance } = standardizeWith(content, axes, epsilon, on);
      const styleMean = style.mean(ofStyle, true);
      const squares = style.sub(styleMean).square();
      const m = style.size / styleMean.size;
      const own = squares.sum(ofStyle, true).div(on("styleSample") ? m - 1 : m);
      const target = on("contentDeviation") ? variance : own;
      const deviation = on("styleVariance")
        ? target.add(on("styleEpsilon") ? 0 : epsilon)
        : on("styleEpsilonOutside")
          ? target.sqrt().add(epsilon)
          : target.add(on("styleEpsilon") ? 0 : epsilon).sqrt();
      const added = on("noStyleMean") ? styleMean.mul(0) : on("contentMean") ? mean : styleMean;
      if (on("meanFirst")) return xHat.add(added).mul(deviation);
      const scaled = on("noStyleDeviation")
        ? xHat
        : on("styleDivided")
          ? xHat.div(deviation)
          : xHat.mul(deviation);
      return scaled.add(added);
    },
  right: (content, style, epsilon) => {
    const styleMean = style.mean([1, 2]);
    const styleVariance = style
      .sub(style.mean([1, 2], true))
      .square()
      .mean([1, 2]);
    return adaIN(content, { styleMean, styleVariance, epsilon }).y;
  },
  name: "y",
  cases: (seed) => {
    const picture = (shape: [number, number, number, number], s: number) => {
      const own = [shape[0], 1, 1, shape[3]];
      const scale = randomUniform(own, { seed: s + 1, min: 0.3, max: 2 });
      const shift = randomNormal(own, { seed: s + 2, standardDeviation: 2 });
      return randomNormal(shape, { seed: s }).mul(scale).add(shift);
    };
    const trial = (
      content: [number, number, number, number],
      style: [number, number, number, number],
      s: number,
    ) => ({
      args: [picture(content, seed + 20 * s), picture(style, seed + 20 * s + 10), 0.1] as [
        Tensor,
        Tensor,
        number,
      ],
    });
    return {
      usual: {
        "one picture, one style": trial([1, 3, 4, 3], [1, 3, 4, 3], 0),
        "two pictures, each with a style of its own": trial([2, 3, 2, 4], [2, 3, 2, 4], 1),
      },
      hard: {
        "a style of another size": trial([2, 3, 4, 3], [2, 5, 2, 3], 2),
        "one channel": trial([3, 2, 3, 1], [3, 3, 3, 1], 3),
      },
    };
  },
});
