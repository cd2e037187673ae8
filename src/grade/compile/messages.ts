/** What is asked of the program that compiles, and what it answers. */

/** An exercise as the student left it, with what its lesson defines before it. */
export interface ToCompile {
  /** The lesson's cells with definitions, in their order. */
  given: string[];
  source: string;
}

export type Compiled =
  | { type: "compiled"; given: string[]; code: string }
  /** The kernel would not run it either. */
  | { type: "refused"; message: string };

/** The box's answer: that, or that the cell stopped the compiler itself, of which nobody knows what it is good for now. */
export type FromCompiler = Compiled | { type: "broken"; message: string };
