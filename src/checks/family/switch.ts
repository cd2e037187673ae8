import { switchableNorm } from "../../norm";
import { randomNormal, type Tensor, tensor } from "../../tensor";
import { batch } from "../batchNorm/samples";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";
import { epsilonSwitches, rootOf, rootSwitches } from "../switches/standardizing";

/** (x (N,H,W,C), three logits for the means, three for the variances, ε) → x̂; the order is instance, layer, batch. */
export type SwitchStatistics = (
  x: Tensor,
  meanLogits: number[],
  varianceLogits: number[],
  epsilon: number,
) => Tensor;

/** Exercise family-switch: switchable norm's mixed statistics. */
export const familySwitch: Check<SwitchStatistics> = formulaExercise("family-switch", {
  switches: {
    noSoftmax: "you took the logits themselves for weights; the weights are their softmax",
    noExponential: "you divided the logits by their sum; the softmax takes their exponentials first",
    notDivided: "you took the exponentials for weights: divide them by their sum",
    sigmoid: "you took the sigmoid of each logit; the weights are the softmax of all three, with sum 1",
    softmaxOfMinus: "the sign in the softmax is wrong: the largest logit gets the largest weight",
    hard: "you took the kind with the largest logit alone; all three are mixed",
    equal: "you mixed all three alike; the logits weigh them",
    meanForBoth: "you used the means' weights for the variances, too: they have logits of their own",
    varianceForBoth: "you used the variances' weights for the means, too: they have logits of their own",
    weightsSwapped: "the two lists of logits are exchanged: the first is for the means",
    reversed: "the order is instance, layer, batch; yours is the other way round",
    layerFirst: "the order is instance, layer, batch; you took layer before instance",
    batchBeforeLayer: "the order is instance, layer, batch; you took batch before layer",
    mixedOutputs:
      "you mixed three normalized tensors; mix the statistics first, then normalize once with what comes out",
    mixedDeviations: "you mixed the standard deviations; the variances are mixed, the root comes last",
    aroundMixed:
      "you took the variances around the mixed mean; each variance is around the mean of its own kind",
    batchOnly: "batch norm's statistics are over the batch and space; you took the batch alone",
    perPixel: "layer norm's statistics are those of the whole sample here; you took them at each pixel",
    ...rootSwitches,
    ...epsilonSwitches,
  },
  formula:
    (on) =>
    (x: Tensor, meanLogits: number[], varianceLogits: number[], epsilon: number): Tensor => {
      const weightsOf = (logits: number[]) => {
        const total = (values: number[]) => values.reduce((a, b) => a + b);
        const powers = logits.map((l) => Math.exp(on("softmaxOfMinus") ? -l : l));
        if (on("noSoftmax")) return logits;
        if (on("noExponential")) return logits.map((l) => l / total(logits));
        if (on("notDivided")) return powers;
        if (on("sigmoid")) return logits.map((l) => 1 / (1 + Math.exp(-l)));
        if (on("hard")) return logits.map((l) => (l === Math.max(...logits) ? 1 : 0));
        if (on("equal")) return logits.map(() => 1 / 3);
        return powers.map((p) => p / total(powers));
      };
      const ofMeans = weightsOf(on("weightsSwapped") || on("varianceForBoth") ? varianceLogits : meanLogits);
      const ofVariances = weightsOf(on("weightsSwapped") || on("meanForBoth") ? meanLogits : varianceLogits);
      const kinds = {
        instance: [1, 2],
        layer: on("perPixel") ? [3] : [1, 2, 3],
        batch: on("batchOnly") ? [0] : [0, 1, 2],
      };
      const order: (keyof typeof kinds)[] = on("reversed")
        ? ["batch", "layer", "instance"]
        : on("layerFirst")
          ? ["layer", "instance", "batch"]
          : on("batchBeforeLayer")
            ? ["instance", "batch", "layer"]
            : ["instance", "layer", "batch"];
      const mix = (parts: Tensor[], weights: number[]) =>
        parts.map((part, k) => part.mul(weights[k])).reduce((sum, part) => sum.add(part));
      const means = order.map((kind) => x.mean(kinds[kind], true));
      const mean = mix(means, ofMeans);
      const variances = order.map((kind, k) =>
        x
          .sub(on("aroundMixed") ? mean : means[k])
          .square()
          .mean(kinds[kind], true),
      );
      if (on("mixedOutputs")) {
        const outputs = means.map((each, k) => x.sub(each).div(rootOf(variances[k], epsilon, on)));
        return mix(outputs, ofMeans);
      }
      if (on("mixedDeviations")) {
        const deviation = mix(
          variances.map((v) => v.add(epsilon).sqrt()),
          ofVariances,
        );
        return x.sub(mean).div(deviation);
      }
      return x.sub(mean).div(rootOf(mix(variances, ofVariances), epsilon, on));
    },
  right: (x, meanLogits, varianceLogits, epsilon) =>
    switchableNorm(x, { meanLogits: tensor(meanLogits), varianceLogits: tensor(varianceLogits), epsilon }).y,
  name: "x̂",
  cases: (seed) => {
    const trial = (shape: number[], s: number) => {
      const logits = (k: number) => [...randomNormal([3], { seed: seed + 10 * s + k }).data];
      const { x, epsilon } = batch(seed + 10 * s, shape);
      const args: [Tensor, number[], number[], number] = [x, logits(6), logits(7), epsilon];
      return { args };
    };
    return {
      usual: {
        "images (3, 2, 3, 4)": trial([3, 2, 3, 4], 0),
        "images (2, 3, 3, 3)": trial([2, 3, 3, 3], 1),
      },
      hard: { "one image": trial([1, 3, 4, 5], 2), "two images": trial([2, 2, 4, 3], 3) },
    };
  },
});
