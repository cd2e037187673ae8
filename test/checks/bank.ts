/** What a bank of solutions looks like: test/checks/bank/<exercise id>.ts exports `right` and `wrong`. */

/** A plausible mistake, or two together, and what the learner must be told about it. */
export interface WrongSolution<F> {
  name: string;
  /** What messages of the report must say, one for each mistake. No message may name another mistake. */
  message: RegExp | readonly RegExp[];
  /** The case that must say so, when another one that says the same is not enough. */
  case?: string;
  solution: F;
}

export interface Bank<F = unknown> {
  /** At least two right solutions, written differently from the lesson's own and from each other. */
  right: F[];
  /** At least twelve together with those of `blind/`. */
  wrong: WrongSolution<F>[];
}

/** The mistakes that a solution has, as what must be said of each. */
export const messagesOf = ({ message }: Pick<WrongSolution<unknown>, "message">): readonly RegExp[] =>
  message instanceof RegExp ? [message] : message;
