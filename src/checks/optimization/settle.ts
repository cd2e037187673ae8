import { randomGenerator } from "../../tensor";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";

/**
 * (ĝ, η, λ) → the ‖w‖² that a step leaves as it is, when ‖g‖ = ĝ / ‖w‖, w and g are perpendicular and the step
 * is w ← w − η (g + λ w).
 */
export type SettledSquaredNorm = (unitGradient: number, learningRate: number, weightDecay: number) => number;

/** Exercise opt-settle: where weight decay and the steps' growth are in balance. */
export const optSettle: Check<SettledSquaredNorm> = formulaExercise("opt-settle", {
  switches: {
    linear: "you took 2ηλ for 1 − (1 − ηλ)²; that leaves out (ηλ)², which is not small here",
    decayOnce: "the squared length shrinks by 1 − (1 − ηλ)², not by 1 − (1 − ηλ) = ηλ",
    constantGradient:
      "this would be ‖w‖² if the gradient had the same length at every ‖w‖; it is ĝ / ‖w‖, so this is ‖w‖⁴",
    length: "this is ‖w‖; its square is asked for",
    noGradient: "you left out ĝ",
    gradientSquared: "ĝ is squared in the balance, but the balance is one of ‖w‖⁴: take the root of ĝ², too",
    noLearningRate: "the step's length has a factor η: it is left out",
    learningRateSquared: "η² stands in the balance of ‖w‖⁴: take the root of it, too",
    upsideDown: "upside down: long steps make weights long, much decay makes them short",
    decayWithoutRate: "the decay is multiplied by the learning rate, too: the step is η (g + λ w)",
    noDecayRoot: "you took the root of the steps' part, but not of the decay's",
    gradientTimes: "you took ‖g‖ = ĝ ‖w‖; the gradient of a longer weight is shorter: ĝ / ‖w‖",
    bothTimes: "you multiplied by the decay's part; divide by it",
    remaining:
      "you divided by the part that is left, (1 − ηλ)²; divide by the part that is lost, 1 − (1 − ηλ)²",
    doubled: "you added the steps' part twice",
    rateAtBalance: "this is the effective learning rate η / ‖w‖²; ‖w‖² is asked for",
  },
  formula:
    (on) =>
    (unitGradient: number, learningRate: number, weightDecay: number): number => {
      const decay = (on("decayWithoutRate") ? 1 : learningRate) * weightDecay;
      const kept = (1 - decay) ** 2;
      const lost = on("linear") ? 2 * decay : on("decayOnce") ? decay : on("remaining") ? kept : 1 - kept;
      const gradient = on("noGradient") ? 1 : on("gradientSquared") ? unitGradient ** 2 : unitGradient;
      const rate = on("noLearningRate") ? 1 : on("learningRateSquared") ? learningRate ** 2 : learningRate;
      const steps = (rate * gradient) ** 2 * (on("doubled") ? 2 : 1);
      const ratio = on("bothTimes")
        ? steps * lost
        : on("noDecayRoot")
          ? steps / lost ** 2
          : on("upsideDown")
            ? lost / steps
            : steps / lost;
      // ‖w‖⁴ = ratio; with a constant gradient ‖w‖² = ratio.
      if (on("gradientTimes")) return Math.sqrt(lost / steps) / unitGradient;
      const squared = on("constantGradient") ? ratio : Math.sqrt(ratio);
      if (on("rateAtBalance")) return learningRate / squared;
      return on("length") ? Math.sqrt(squared) : squared;
    },
  right: (unitGradient, learningRate, weightDecay) => {
    const kept = (1 - learningRate * weightDecay) ** 2;
    return (learningRate * unitGradient) / Math.sqrt(1 - kept);
  },
  name: "the squared length",
  cases: (seed) => {
    const random = randomGenerator(seed);
    const trial = (learningRate: number, weightDecay: number) => ({
      args: [1.3 + 2 * random.uniform(), learningRate, weightDecay] as [number, number, number],
      tolerance: 1e-9,
    });
    return {
      usual: {
        "η = 0.5, λ = 0.4": trial(0.5, 0.4),
        "η = 2, λ = 0.15": trial(2, 0.15),
        "a small decay": trial(0.3, 0.02),
      },
      hard: { "almost all is lost at each step": trial(0.8, 1.1), "a tiny decay": trial(0.1, 0.001) },
    };
  },
});
