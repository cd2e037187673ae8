/** What a bank of solutions looks like: test/checks/bank/<exercise id>.ts exports `right` and `wrong`. */

/** A plausible mistake, and what the learner must be told about it. */
export interface WrongSolution<F> {
  name: string;
  /** What a message of the report must say. */
  message: RegExp;
  /** The case that must say so, when another one that says the same is not enough. */
  case?: string;
  solution: F;
}

export interface Bank<F = unknown> {
  /** At least two right solutions, written differently from the lesson's own and from each other. */
  right: F[];
  /** At least five. */
  wrong: WrongSolution<F>[];
}
