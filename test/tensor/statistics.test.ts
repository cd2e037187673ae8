import { densityOf, percentile, randomNormal } from "normlab";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binCounts, median, moments } from "../../dist/tensor/statistics";

describe("moments", () => {
  it("are the mean and the biased standard deviation", () => {
    expect(moments([1, 3])).toEqual({ mean: 2, deviation: 1 });
    // The squares would cancel in one pass: Σx²/n − μ² has no digit right here.
    expect(moments([1e9 + 1, 1e9 + 3]).deviation).toBe(1);
    expect(() => moments([])).toThrow("values is");
  });
});

describe("binCounts", () => {
  it("counts every value inside the range once", () => {
    const values = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 50 }), (sample, bins) => {
        const counts = binCounts(sample, { min: -5, max: 5, bins });
        expect(counts).toHaveLength(bins);
        expect(counts.reduce((a, b) => a + b)).toBe(sample.length);
      }),
    );
  });

  it("counts what is outside, or no number, in no bin", () => {
    expect(binCounts([0, 1, 1.5, 2, 9, -1, NaN], { min: 0, max: 2, bins: 2 })).toEqual([1, 3]);
  });
});

describe("binCounts", () => {
  it("has min in the first bin and max in the last, wherever they lie", () => {
    expect(binCounts([2, 2.9, 3, 5, 6], { min: 2, max: 6, bins: 4 })).toEqual([2, 1, 0, 2]);
    expect(binCounts([-6, -2], { min: -6, max: -2, bins: 1 })).toEqual([2]);
  });

  it("refuses what is no range, by name", () => {
    const counts = (options: object) => () => binCounts([1], { min: 0, max: 1, bins: 2, ...options });
    expect(counts({ min: NaN })).toThrow("min is NaN; it must be a finite number");
    expect(counts({ max: Infinity })).toThrow("max is Infinity; it must be a finite number");
    expect(counts({ max: -1 })).toThrow("max is -1; it must be greater than min, which is 0.");
    expect(counts({ bins: 1.5 })).toThrow("bins is 1.5");
    expect(() => binCounts([], { min: 0, max: 1, bins: 2 })).toThrow(
      "values is []; it must be at least one value.",
    );
  });
});

describe("densityOf", () => {
  it("has as area the share of the values inside", () => {
    const values = randomNormal([1000], { seed: 2 }).data;
    const { density, outside, centers } = densityOf(values, { min: -1, max: 1, bins: 20 });
    const area = density.reduce((sum, d) => sum + d * 0.1, 0);
    expect(area).toBeCloseTo(1 - outside, 12);
    expect(area).toBeGreaterThan(0.6);
    expect(area).toBeLessThan(0.75);
    expect(centers[0]).toBeCloseTo(-0.95, 12);
  });

  it("counts a value at an inner edge above it, and the maximum in the last bin", () => {
    expect(densityOf([0, 0.5, 1, 2], { min: 0, max: 1, bins: 2 })).toEqual({
      centers: [0.25, 0.75],
      density: [0.5, 1],
      outside: 0.25,
    });
  });

  it("refuses an empty range and no values", () => {
    expect(() => densityOf([1], { min: 1, max: 1, bins: 3 })).toThrow("max is 1");
    expect(() => densityOf([], { min: 0, max: 1, bins: 3 })).toThrow("values is");
    expect(() => densityOf([1], { min: 0, max: 1, bins: 0 })).toThrow("bins is 0");
  });
});

describe("percentile", () => {
  it("interpolates between sorted values", () => {
    const values = [10, 9, 1, -2];
    expect([0, 50, 100].map((p) => percentile(values, p))).toEqual([-2, 5, 10]);
    expect(percentile(values, 15)).toBeCloseTo(-2 + 0.45 * 3, 12);
    expect(values).toEqual([10, 9, 1, -2]);
    expect(percentile([7], 85)).toBe(7);
    expect(percentile([1, 2, 3, 4, 5], 75)).toBe(4);
    expect(percentile([10, 20], 100)).toBe(20);
  });

  it("refuses p outside 0 … 100 and no values", () => {
    for (const p of [101, -1, NaN]) {
      expect(() => percentile([1], p)).toThrow(`p is ${p}; it must be a number from 0 to 100.`);
    }
    expect(() => percentile([], 50)).toThrow("values is");
  });
});

describe("median", () => {
  it("is the middle value, or the mean of the two in the middle", () => {
    expect(median([3, 100, 1])).toBe(3);
    expect(median([4, 1, 3, 100])).toBe(3.5);
    expect(() => median([])).toThrow("values is");
  });
});
