/** Comparing tensors, with the relative error that every numerical test here means. */
import { expect } from "vitest";

export interface Numbers {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** The largest absolute value. */
export const largest = (values: Numbers): number => Math.max(0, ...Array.from(values.data, Math.abs));

/** Σ|summands| for each of several sums: what rounding in the sums is in proportion to. */
export const summands = (all: Numbers, sums: Numbers): number =>
  Array.from(all.data).reduce((total, value) => total + Math.abs(value), 0) / sums.data.length;

/** max |a − b| / max |b|, the maxima over all elements; Infinity where one is NaN. */
export function relativeError(actual: Numbers, expected: Numbers, scale = 0): number {
  let difference = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const d = Math.abs(actual.data[i] - expected.data[i]);
    difference = Math.max(difference, Number.isNaN(d) ? Infinity : d);
  }
  return difference === 0 ? 0 : difference / Math.max(scale, largest(expected));
}

/**
 * Same shape, and a relative error of at most `tolerance`. Where the expected values are sums that cancel to
 * (nearly) nothing, `scale` says how large the summands were.
 */
export function expectClose(
  what: string,
  actual: Numbers,
  expected: Numbers,
  tolerance: number,
  scale = 0,
): void {
  expect([...actual.shape], `shape of ${what}`).toEqual([...expected.shape]);
  expect(relativeError(actual, expected, scale), `relative error of ${what}`).toBeLessThanOrEqual(tolerance);
}
