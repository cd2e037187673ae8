import { randomGenerator, randomNormal, randomUniform } from "normlab";
import { describe, expect, it } from "vitest";

describe("randomGenerator", () => {
  it("gives the same stream for the same seed, another for another", () => {
    const draw = (seed: number) => Array.from({ length: 5 }, randomGenerator(seed).uniform);
    expect(draw(7)).toEqual(draw(7));
    const firsts = [0, 1, 2, -1, 2 ** 32, 2 ** 40 + 1].map((seed) => draw(seed)[0]);
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  it("gives this stream on every machine", () => {
    const { uniform, normal, integer } = randomGenerator(42);
    expect([uniform(), uniform(), integer(1000), normal(), normal()]).toMatchInlineSnapshot(`
      [
        0.16920454474166036,
        0.7885026468429714,
        365,
        -2.582259342857995,
        -0.32538556939839786,
      ]
    `);
  });

  it("draws uniform and normal numbers: moments and tails of 200,000", () => {
    const n = 200_000;
    const uniform = randomUniform([n], { seed: 3 });
    expect(uniform.mean().at()).toBeCloseTo(0.5, 2);
    expect(uniform.sub(0.5).square().mean().at()).toBeCloseTo(1 / 12, 3);
    const normal = randomNormal([n], { seed: 3 });
    expect(Math.abs(normal.mean().at())).toBeLessThan(4 / Math.sqrt(n));
    expect(normal.square().mean().at()).toBeCloseTo(1, 1);
    expect(normal.square().square().mean().at()).toBeCloseTo(3, 0);
    const beyond2 = normal.data.filter((value) => Math.abs(value) > 2).length / n;
    expect(beyond2).toBeCloseTo(0.0455, 2);
    // Neighbours are uncorrelated.
    const products = normal.map((value, i) => value * normal.data[(i + 1) % n]);
    expect(Math.abs(products.mean().at())).toBeLessThan(4 / Math.sqrt(n));
  });

  it("shuffles this way on every machine, and tells apart seeds of more than 32 bits", () => {
    expect([...randomGenerator(5).permutation(8)]).toMatchInlineSnapshot(`
      [
        0,
        2,
        1,
        6,
        4,
        3,
        5,
        7,
      ]
    `);
    const first = (seed: number) => randomGenerator(seed).uniform();
    expect([first(2 ** 40), first(-(2 ** 40)), first(-1)]).toMatchInlineSnapshot(`
      [
        0.4521476631052792,
        0.5148963304236531,
        0.5357128807809204,
      ]
    `);
    expect(randomNormal([3]).data).toEqual(
      randomNormal([3], { seed: 0, mean: 0, standardDeviation: 1 }).data,
    );
    expect(randomUniform([3]).data).toEqual(randomUniform([3], { seed: 0, min: 0, max: 1 }).data);
  });

  it("permutes: every index once, every order about as often", () => {
    const { permutation, integer } = randomGenerator(1);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = permutation(3).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(["012", "021", "102", "120", "201", "210"]);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
    expect(Array.from({ length: 100 }, () => integer(3)).every((i) => [0, 1, 2].includes(i))).toBe(true);
    expect([...permutation(0)]).toEqual([]);
  });

  it("takes mean, standard deviation and limits, and refuses bad ones", () => {
    const normal = randomNormal([10_000], { seed: 1, mean: 5, standardDeviation: 0.1 });
    expect(normal.mean().at()).toBeCloseTo(5, 2);
    const uniform = randomUniform([1000], { seed: 1, min: -3, max: -2 });
    expect(Math.min(...uniform.data)).toBeGreaterThanOrEqual(-3);
    expect(Math.max(...uniform.data)).toBeLessThan(-2);
    expect(() => randomNormal([2], { standardDeviation: -1 })).toThrow(
      "standardDeviation is -1; it must be 0 or more",
    );
    expect(() => randomUniform([2], { min: 1, max: 1 })).toThrow("max is 1; it must be greater than min");
    expect(() => randomNormal([2], { mean: NaN })).toThrow("mean is NaN");
    expect(() => randomNormal([2], { standardDeviation: Infinity })).toThrow("standardDeviation is Infinity");
    expect(randomNormal([2], { mean: 3, standardDeviation: 0 }).toArray()).toEqual([3, 3]);
    expect(() => randomUniform([2], { min: -Infinity })).toThrow("min is -Infinity");
    expect(() => randomUniform([2], { min: 1, max: 0 })).toThrow("it must be greater than min, which is 1.");
    expect(() => randomNormal([2], { seed: 0.5 })).toThrow("seed is 0.5; it must be a whole number");
    expect(() => randomNormal([1.5])).toThrow(/shape is \[1.5\]/);
    expect(() => randomGenerator(1).integer(0)).toThrow("below is 0");
  });
});
