/** Results that `npm run reproduce` keeps: those which were given a name. */
import { refuse } from "../tensor/validate";

/** Who wants to know of named figures and tables puts a function here on `globalThis`. */
export const namedSymbol: unique symbol = Symbol.for("normlab.named") as never;

/** Checks a name (it becomes a file's) and tells the collector, if there is one. */
export function announceNamed<T extends { readonly name: string | undefined }>(result: T): T {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(result.name ?? "")) {
    refuse("named: name", result.name, 'lower-case letters, digits and hyphens, such as "mnist-curves"');
  }
  (globalThis as { [namedSymbol]?: (result: unknown) => void })[namedSymbol]?.(result);
  return result;
}
