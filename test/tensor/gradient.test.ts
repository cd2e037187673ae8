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
    expect(gradientCheck(f, x, wrong, { tolerance: 1 }).passed).toBe(true);
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
