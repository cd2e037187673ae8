/** Where numbers come from: each seed that is drawn from and each data set's hash is told to whoever asks. */

/** One source of numbers. */
export type Source = { seed: number } | { dataHash: string };

/** Who wants to know of sources (`npm run reproduce` writes them beside each result) puts a function here on `globalThis`. */
export const sourceSymbol: unique symbol = Symbol.for("normlab.source") as never;

export function announceSource(source: Source): void {
  (globalThis as { [sourceSymbol]?: (source: Source) => void })[sourceSymbol]?.(source);
}
