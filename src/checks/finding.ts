/** What is wrong with an answer: in full for the learner whose notebook it is, and as much as hidden tests may say. */

/** The kinds of what can be wrong: a hidden test says no more than this, and the misconception. */
export type FindingKind =
  | "misconception" // a known wrong formula gives these values
  | "type" // nothing, a promise, or something of another type
  | "shape"
  | "not finite" // NaN or infinity
  | "factor" // every value wrong by the same factor, or the sign
  | "values"
  | "error" // the solution stopped with one
  | "inputs" // the solution changed its inputs
  | "other";

export interface Finding {
  kind: FindingKind;
  /** In full, with values, places and what they must be. */
  message: string;
  /** The mistake in a sentence that says nothing of inputs and expected values. */
  misconception?: string;
}

/** A mistake that the check itself recognized: `where` it showed, for the learner alone, and what it is. */
export const mistake = (where: string, misconception: string): Finding => ({
  kind: "misconception",
  message: `${where}: ${misconception}`,
  misconception,
});
