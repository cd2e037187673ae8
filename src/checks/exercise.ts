/** The frame of every exercise's check: its id, the seed of its random inputs, its usual and its hard cases. */
import { checkOptions, checkInteger, oneOf, type OptionChecks } from "../tensor/validate";
import { announceReport } from "./announce";
import { type Cases, report, type Report } from "./report";

/** What every check takes beside the learner's function. */
export interface CheckOptions {
  /** Seed of the random inputs; the hidden checks use another one than the visible. */
  seed?: number;
  /** "hard": also the cases that the visible check leaves out (other shapes, extreme values). */
  cases?: "usual" | "hard";
}

const checkOptionChecks: OptionChecks<CheckOptions> = { seed: checkInteger, cases: oneOf("usual", "hard") };

/**
 * The check of an exercise that asks for an F. It never throws, whatever solution it is given; options that are
 * none are refused, since they would be a hidden check's own mistake.
 */
export type Check<F> = (solution: F, options?: CheckOptions) => Report;

/**
 * The check of the exercise `id`, from a function that makes its cases for a learner's solution and a seed: for what
 * has no formula with switches, else `formulaExercise` names more mistakes.
 * The usual cases are looked at always, the hard ones after them in the hidden check alone; a hard case of
 * the same name as a usual one is looked at in its place. Call the solution by `invoke` only: it passes
 * copies, and answers also for what is no function.
 *
 *     export const lnRms: Check<RmsNormForward> = exercise("ln-rms", (solution, seed) => {
 *       const check = (shape: number[], s: number) => {
 *         const x = randomNormal(shape, { seed: seed + s });
 *         return diagnose(invoke(solution, x, gamma, epsilon), rmsNorm(x, { gamma, epsilon }).y, [
 *           { message: "you left out γ", value: () => rmsNorm(x, { epsilon }).y },
 *         ]);
 *       };
 *       return {
 *         usual: { "a random matrix (4, 6)": () => check([4, 6], 0) },
 *         hard: { "one sample (1, 8)": () => check([1, 8], 1) },
 *       };
 *     });
 */
export function exercise<F>(
  id: string,
  casesFor: (solution: F, seed: number) => { usual: Cases; hard: Cases },
): Check<F> {
  return checkOf(id, (solution, seed, isHard) => {
    const { usual, hard } = casesFor(solution, seed);
    return isHard ? { ...usual, ...hard } : usual;
  });
}

/** The check of the exercise `id`, from a function that makes the cases to look at. */
export function checkOf<F>(
  id: string,
  casesFor: (solution: F, seed: number, isHard: boolean) => Cases,
): Check<F> {
  return (solution, options = {}) => {
    checkOptions(id, options, checkOptionChecks);
    const { seed = 1, cases = "usual" } = options;
    const outcome = report(id, casesFor(solution, seed, cases === "hard"));
    return outcome.withRemark(announceReport(outcome));
  };
}
