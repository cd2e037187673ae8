/**
 * What the mathematics must satisfy is written as claims: functions of the implementation. The real one is
 * tested by them (claims.test.ts), and so are broken ones (mutants.test.ts), each of which must fail a claim.
 */
import type * as normlab from "normlab";
import type { Numbers } from "../../support/close";

/** The tensor and norm folders of normlab, real or broken. */
export type Norms = typeof normlab;

export interface Claim {
  /** The function that it is about. */
  about: string;
  name: string;
  check: () => void;
}

type Forward = (
  x: normlab.Tensor,
  options: object,
) => { y: normlab.Tensor; cache: object } & Record<string, unknown>;
type Backward = (dy: normlab.Tensor, cache: object) => Record<string, normlab.Tensor>;

/** The forward and backward of a method by its name. */
export function methodOf(n: Norms, method: string): { forward: Forward; backward: Backward } {
  const functions = n as unknown as Record<string, unknown>;
  return { forward: functions[method] as Forward, backward: functions[`${method}Grad`] as Backward };
}

/** The implementation's own tensor of a fixture's numbers. */
export function load(n: Norms, { shape, data }: Numbers): normlab.Tensor {
  return n.tensor(Array.from(data), [...shape]);
}
