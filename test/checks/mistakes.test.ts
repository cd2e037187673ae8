import { describe, expect, it } from "vitest";
import { slips, standardizeBy, standardizeGradBy, standardizingMistakes } from "../../dist/checks/mistakes";
import { standardize } from "../../dist/norm";
import { standardizeGrad } from "../../dist/norm/standardize";
import { allClose, randomNormal, type Tensor } from "../../dist/tensor";

const x = randomNormal([5, 4], { seed: 1, mean: 2, standardDeviation: 3 });
const dXHat = randomNormal([5, 4], { seed: 2 });
const epsilon = 0.1;

const close = (a: Tensor, b: Tensor, rtol = 1e-9) => allClose(a, b, { rtol, atol: 1e-12 });

describe.each([[[0]], [[1]], [[0, 1]]])("standardizing over the axes %j", (axes) => {
  const { xHat, rstd } = standardize(x, { axes, epsilon });

  it("without a slip it is the right formula, forth and back", () => {
    expect(close(standardizeBy(x, axes, epsilon), xHat)).toBe(true);
    const kept = rstd.reshape(x.mean(axes, true).shape);
    for (const center of [true, false]) {
      const right = standardizeGrad(dXHat, { xHat, rstd, axes, center });
      const given = standardizeGradBy(dXHat, { xHat, rstd: kept }, axes, { throughMean: center });
      expect(close(given, right)).toBe(true);
    }
  });

  it("every slip gives something else, and is told", () => {
    const given = Object.values(slips).map((slip) => standardizeBy(x, axes, epsilon, slip));
    const all = [xHat, ...given];
    all.forEach((a, i) => all.slice(0, i).forEach((b) => expect(close(a, b, 1e-3)).toBe(false)));
    const told = standardizingMistakes(x, axes, epsilon, (value) => value.mul(2));
    expect(told).toHaveLength(given.length);
    for (const value of given) {
      const fitting = told.filter((mistake) => close(value.mul(2), (mistake.value as () => Tensor)()));
      expect(fitting).toHaveLength(1);
    }
  });
});
