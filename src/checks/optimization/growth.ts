import { randomGenerator } from "../../tensor";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";

/**
 * (‖w‖², ‖g‖², η, λ) → ‖w‖² after w ← w − η (g + λ w), where w and g are perpendicular.
 */
export type SquaredNormAfter = (
  squaredNorm: number,
  squaredGradient: number,
  learningRate: number,
  weightDecay: number,
) => number;

type Given = [squaredNorm: number, squaredGradient: number, learningRate: number, weightDecay: number];

/** Exercise opt-growth: how long a weight is after a step, if its loss does not see its length. */
export const optGrowth: Check<SquaredNormAfter> = formulaExercise("opt-growth", {
  switches: {
    shrinks: "you took the gradient's part away; perpendicular sides of a triangle add their squares",
    rateNotSquared: "the gradient's part is (η ‖g‖)²: the learning rate is squared, too",
    gradientSquaredAgain: "the squared length of the gradient is given; you squared it once more",
    normSquaredAgain: "the squared length of the weights is given; you squared it once more",
    noGradient: "you left out the gradient's part",
    noLearningRate: "you left out the learning rate in the gradient's part",
    noDecay: "you left out the weight decay",
    decayNotSquared: "weights become (1 − ηλ) times as long, so their squared length (1 − ηλ)² times",
    decayLinear: "(1 − ηλ)² is not 1 − 2ηλ: the term (ηλ)² is left out",
    decayWithoutRate: "the decay is multiplied by the learning rate, too: the step is η (g + λ w)",
    decayGrows: "the decay makes weights shorter: 1 − ηλ, not 1 + ηλ",
    decayOfAll: "you shrank the gradient's part, too; the decay is added to the step, not applied after it",
    decaySubtracted: "you took ηλ away from the squared length; the decay is a factor, (1 − ηλ)²",
    crossTerm: "you added 2η ‖w‖ ‖g‖, as if the gradient lay along the weights; it is perpendicular to them",
    lengthsAdded: "you added the lengths; of perpendicular sides the squares add up",
    root: "this is the length; its square is asked for",
    change: "this is the change alone; add what there was",
    factor: "this is how many times as long; the squared length itself is asked for",
    halfSquare: "you took ½ η² for the gradient's part; it is η²",
    decayOnce: "you used λ² in place of λ",
  },
  formula:
    (on) =>
    (squaredNorm: number, squaredGradient: number, learningRate: number, weightDecay: number): number => {
      const before = on("normSquaredAgain") ? squaredNorm ** 2 : squaredNorm;
      const gradient = on("gradientSquaredAgain") ? squaredGradient ** 2 : squaredGradient;
      const decay =
        (on("decayWithoutRate") ? 1 : learningRate) *
        (on("decayOnce") ? weightDecay ** 2 : weightDecay) *
        (on("decayGrows") ? -1 : 1);
      const kept =
        on("noDecay") || on("decaySubtracted")
          ? 1
          : on("decayNotSquared")
            ? 1 - decay
            : on("decayLinear")
              ? 1 - 2 * decay
              : (1 - decay) ** 2;
      const rate = on("noLearningRate") ? 1 : learningRate;
      const added =
        (on("noGradient") ? 0 : 1) *
        (on("shrinks") ? -1 : 1) *
        (on("halfSquare") ? 0.5 : 1) *
        (on("decayOfAll") ? kept : 1) *
        (on("rateNotSquared") ? rate : rate ** 2) *
        gradient;
      const cross = on("crossTerm") ? 2 * Math.sqrt(kept * before * Math.abs(added)) : 0;
      const subtracted = on("decaySubtracted") ? decay : 0;
      const after = on("lengthsAdded")
        ? Math.sqrt(kept * before) + Math.sqrt(Math.abs(added))
        : kept * before + added + cross - subtracted;
      if (on("root")) return Math.sqrt(Math.abs(after));
      return on("change") ? after - before : on("factor") ? after / before : after;
    },
  right: (squaredNorm, squaredGradient, learningRate, weightDecay) => {
    // In the plane of w, along the first axis, and g, along the second.
    const w = [Math.sqrt(squaredNorm), 0];
    const g = [0, Math.sqrt(squaredGradient)];
    const moved = w.map((value, i) => value - learningRate * (g[i] + weightDecay * value));
    return moved[0] ** 2 + moved[1] ** 2;
  },
  name: "the squared length",
  cases: (seed) => {
    const random = randomGenerator(seed);
    const between = (low: number, high: number) => low + (high - low) * random.uniform();
    const trial = (learningRate: number, weightDecay: number) => ({
      args: [between(2, 9), between(1.5, 4), learningRate, weightDecay] as Given,
      tolerance: 1e-9,
    });
    return {
      usual: {
        "without weight decay": [trial(0.3, 0), trial(0.7, 0)],
        "with weight decay": [trial(0.4, 0.3), trial(0.6, 0.2)],
      },
      hard: {
        "steps longer than the weights": trial(4, 0.05),
        "a gradient of 0: the decay alone": { args: [5, 0, 0.5, 0.4] as Given, tolerance: 1e-9 },
      },
    };
  },
});
