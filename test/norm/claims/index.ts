/** Everything the mathematics must satisfy. The quick ones first: a mutant is found by the first that fails. */
import type { Claim, Norms } from "./claim";
import { conventions } from "./conventions";
import { folding } from "./folding";
import { gradients } from "./gradients";
import { input } from "./input";
import { keras } from "./keras";
import { onnx } from "./onnx";
import { properties } from "./properties";
import { pytorch } from "./pytorch";

export type { Claim, Norms } from "./claim";

/** The kinds of claims. */
const families = { onnx, pytorch, keras, conventions, folding, input, gradients, properties };

export type Family = keyof typeof families;

export function claims(n: Norms, ...kinds: Family[]): Claim[] {
  const chosen = kinds.length ? kinds.map((kind) => families[kind]) : Object.values(families);
  return chosen.flatMap((family) => family(n));
}
