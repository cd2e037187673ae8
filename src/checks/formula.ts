/** An exercise's formula, once, as code with switches: each switch is a mistake that learners make in it. */
import type { Finding } from "./finding";

/** Whether a mistake is switched on. Functions that share switches take an On of theirs alone. */
export type On<Id extends string = string> = (id: Id) => boolean;

/** One call of the learner's function, and what of its answer is looked at. */
export interface Trial<A extends unknown[] = unknown[]> {
  /** Trials with the very same list share one call. */
  args: A;
  /** The field of the answer that is looked at; left out: the whole answer. */
  output?: string;
  /** Largest difference allowed, in units of the largest expected absolute value. */
  tolerance?: number;
  /** Trials whose mistakes are looked for together when no mistake explains all; left out: `output`. */
  group?: string;
  /** An input at which digits are lost: what is wrong there alone is no matter of the formula. */
  fragile?: boolean;
}

/** What is compared: diagnose, or what an exercise has in its place for answers that are no tensors. */
export type Differ<A extends unknown[]> = (
  answer: unknown,
  expected: unknown,
  trial: Trial<A>,
) => Finding | undefined;

/** Something else to look at, once all trials of its case are right. */
export type Look = () => Finding | string | undefined;

/** What a case looks at, in this order. */
export type Looks<A extends unknown[]> = Trial<A> | readonly (Trial<A> | Look)[];

export interface Formula<A extends unknown[], R, Id extends string> {
  /** What to tell who made the mistake. It says nothing of inputs and values: hidden tests say it, too. */
  switches: Readonly<Record<Id, string>>;
  /** The learner's function with some mistakes; without any it is right. May throw where it makes no sense. */
  formula: (on: On<Id>) => (...args: A) => R;
  /** What must come out, from elsewhere (the package's own functions); left out: the formula without mistakes. */
  right?: (...args: A) => R;
  /** The usual cases and the hard ones. */
  cases: (seed: number, solution: (...args: A) => R) => Record<"usual" | "hard", Record<string, Looks<A>>>;
  /** How messages call an answer that has no fields. */
  name?: string;
  differs?: Differ<A>;
  /** What stands before a message, to say where: for answers about a list of inputs. */
  where?: (answer: unknown, trial: Trial<A>) => string;
  /** What is said when only fragile trials are wrong. */
  fragile?: string;
}

/** f, worked out once for each list; an error is thrown again. */
export function onceEach<A extends object, R>(f: (args: A) => R): (args: A) => R {
  const known = new Map<A, () => R>();
  return (args) => {
    let answer = known.get(args);
    if (!answer) {
      try {
        const value = f(args);
        answer = () => value;
      } catch (error) {
        answer = () => {
          throw error;
        };
      }
      known.set(args, answer);
    }
    return answer();
  };
}
