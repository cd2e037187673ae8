import { gradientCheck, numericalGradient, randomNormal, tensor } from "normlab";
import { describe, expect, it } from "vitest";
import { expectClose } from "../support/close";

const x = randomNormal([2, 3], { seed: 1 });

describe("numericalGradient", () => {
  it("is right to 11 digits where the derivative is known", () => {
    expectClose(
      "x³",
      numericalGradient((v) => v.square().mul(v).sum().at(), x),
      x.square().mul(3),
      1e-11,
    );
    expectClose(
      "eˣ",
      numericalGradient((v) => v.exp().sum().at(), x),
      x.exp(),
      1e-11,
    );
    const large = x.mul(1e4);
    expectClose(
      "x²",
      numericalGradient((v) => v.square().sum().at(), large),
      large.mul(2),
      1e-10,
    );
  });

  it("steps h and 2h to both sides, h in proportion to what is larger than 1", () => {
    const steps = (value: number, options = {}) => {
      const visited: number[] = [];
      numericalGradient((v) => visited.push(v.at(0)), [value], options);
      return visited.map((at) => at - value).sort((a, b) => a - b);
    };
    const expected = (h: number) => [-2 * h, -h, h, 2 * h].map((by) => expect.closeTo(by, 12));
    expect(steps(0)).toEqual(expected(1e-3));
    expect(steps(0.5)).toEqual(expected(1e-3));
    expect(steps(-200)).toEqual(expected(0.2));
    expect(steps(3, { step: 1 })).toEqual(expected(3));
  });

  it("keeps the shape, a scalar's too, and leaves x alone", () => {
    expect(numericalGradient((v) => v.sum().at(), x).shape).toEqual([2, 3]);
    expect(numericalGradient((v) => v.at() ** 2, 3).at()).toBeCloseTo(6, 9);
    const before = [...x.data];
    numericalGradient((v) => v.square().sum().at(), x);
    expect([...x.data]).toEqual(before);
  });

  it("refuses a step that is none and a function without a number", () => {
    expect(() => numericalGradient((v) => v.sum().at(), x, { step: 0 })).toThrow("step is 0");
    expect(() => numericalGradient((v) => v as unknown as number, x)).toThrow(/result of f.*a number/);
    expect(() => numericalGradient(() => 0, "x" as never)).toThrow('x is "x"; it must be a tensor');
    expect(() => gradientCheck(() => 0, "x" as never, x)).toThrow('x is "x"; it must be a tensor');
    expect(() => gradientCheck(() => 0, x, "dx" as never)).toThrow('gradient is "dx"; it must be a tensor');
  });
});

describe("gradientCheck", () => {
  const f = (v: typeof x) => v.square().sum().at();

  it("passes the right gradient and says how close it is", () => {
    const { passed, error } = gradientCheck(f, x, x.mul(2));
    expect(passed).toBe(true);
    expect(error).toBeLessThan(1e-10);
  });

  it("fails a wrong one, and says where", () => {
    const wrong = x.mul(2).map((value, i) => (i === 4 ? value + 0.5 : value));
    const result = gradientCheck(f, x, wrong);
    expect(result).toMatchObject({ passed: false, index: [1, 1] });
    expect(result.analytic - result.numerical).toBeCloseTo(0.5, 8);
    expect(result.gradient.data[4]).toBe(result.numerical);
    expect(gradientCheck(f, x, wrong, { tolerance: 1 }).passed).toBe(true);
  });

  it("finds the place in a tensor of any rank", () => {
    const y = randomNormal([2, 3, 4], { seed: 2 });
    const wrong = y.mul(2).map((value, i) => (i === 17 ? -value : value));
    expect(gradientCheck(f, y, wrong).index).toEqual([1, 1, 1]);
    expect(gradientCheck(f, 3, 5).index).toEqual([]);
  });

  it("measures the error in units of the largest value of either, and passes one as large as the tolerance", () => {
    // ∂/∂x = 1, 4, −8 at 0.5, 2, −4; each gradient is off by 2 in one place.
    for (const [gradient, scale] of [
      [[1, 4, -10], 10],
      [[1, 4, -6], 8],
      [[3, 4, -8], 8],
    ] as const) {
      const { error, passed } = gradientCheck(f, [0.5, 2, -4], gradient, { tolerance: 0.2 });
      expect(error).toBeCloseTo(2 / scale, 9);
      expect(passed).toBe(scale === 10 && error <= 0.2);
      expect(gradientCheck(f, [0.5, 2, -4], gradient, { tolerance: error }).passed).toBe(true);
    }
  });

  it("names the NaN among wrong numbers, and takes options of the numerical gradient", () => {
    const { index, error } = gradientCheck(
      f,
      x,
      x.mul(2).map((value, i) => [value + 9, NaN, value + 9][i] ?? value),
    );
    expect([index, error]).toEqual([[0, 1], Infinity]);
    expect(() => gradientCheck(f, x, x, { step: -1 })).toThrow("step is -1");
    expect(() => gradientCheck(f, x, x, { tolerance: 0 })).toThrow("tolerance is 0");
    expect(gradientCheck(f, [], [])).toMatchObject({ passed: true, error: 0 });
  });

  it("fails NaN and zeros, and passes zeros where the gradient is zero", () => {
    expect(gradientCheck(f, x, x.mul(NaN)).passed).toBe(false);
    expect(gradientCheck(f, x, x.mul(0))).toMatchObject({ passed: false, error: 1 });
    expect(gradientCheck(() => 1, x, x.mul(0))).toMatchObject({ passed: true, error: 0 });
  });

  it("refuses a gradient of another shape", () => {
    expect(() => gradientCheck(f, x, tensor([1, 2]))).toThrow(/gradient is of shape \[2\].*\[2, 3\]/);
  });
});
