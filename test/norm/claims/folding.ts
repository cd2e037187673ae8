/** Folding changes no output: in each order of norm, activation, pooling and next layer that allows it. */
import type { Tensor } from "normlab";
import { expect } from "vitest";
import { expectClose } from "../../support/close";
import { convolve, dense, pool } from "../../support/network";
import type { Claim, Norms } from "./claim";

const TOLERANCE = 1e-12;

export function folding(n: Norms): Claim[] {
  const normal = (shape: number[], seed: number) => n.randomNormal(shape, { seed, mean: 0.3 });
  /** A trained batch norm; γ is negative somewhere unless asked otherwise. */
  const trained = (channels: number, gamma = normal([channels], 11).sub(0.2)) => ({
    gamma,
    beta: normal([channels], 12),
    movingMean: normal([channels], 13),
    movingVariance: n.randomUniform([channels], { seed: 14, min: 0.2, max: 2 }),
    epsilon: 1e-3,
  });
  const apply = (x: Tensor, norm: ReturnType<typeof trained>) =>
    n.batchNorm(x, { ...norm, training: false }).y;
  const image = normal([2, 6, 6, 3], 1);
  const about = "foldBatchNorm";
  const next = "foldBatchNormIntoNext";

  return [
    {
      about,
      name: "into the dense layer before it",
      check: () => {
        const [x, kernel, bias, norm] = [normal([4, 5], 1), normal([5, 3], 2), normal([3], 3), trained(3)];
        const folded = n.foldBatchNorm({ kernel, bias }, norm);
        expectClose(
          "y",
          dense(x, folded.kernel, folded.bias),
          apply(dense(x, kernel, bias), norm),
          TOLERANCE,
        );
      },
    },
    ...(["valid", "same"] as const).map((padding) => ({
      about,
      name: `into the convolution before it, padding ${padding}, then an activation`,
      check: () => {
        const [kernel, bias, norm] = [normal([3, 3, 3, 4], 2), normal([4], 3), trained(4)];
        const folded = n.foldBatchNorm({ kernel, bias }, norm);
        const expected = apply(convolve(image, kernel, bias, padding), norm).relu();
        expectClose("y", convolve(image, folded.kernel, folded.bias, padding).relu(), expected, TOLERANCE);
      },
    })),
    {
      about,
      name: "into a layer without bias, and with γ and β left out",
      check: () => {
        const [x, kernel] = [normal([4, 5], 1), normal([5, 3], 2)];
        const { movingMean, movingVariance } = trained(3);
        const folded = n.foldBatchNorm({ kernel }, { movingMean, movingVariance, epsilon: 0.1 });
        const plain = n.batchNorm(dense(x, kernel, n.zeros([3])), {
          ...{ movingMean, movingVariance, epsilon: 0.1, training: false },
        });
        expectClose("y", dense(x, folded.kernel, folded.bias), plain.y, TOLERANCE);
      },
    },
    {
      about,
      name: "can't be right with an activation in between: that is what foldBatchNormIntoNext is for",
      check: () => {
        const [x, kernel, bias, norm] = [normal([4, 5], 1), normal([5, 3], 2), normal([3], 3), trained(3)];
        const folded = n.foldBatchNorm({ kernel, bias }, norm);
        const right = apply(dense(x, kernel, bias).relu(), norm);
        const wrong = dense(x, folded.kernel, folded.bias).relu();
        expect(n.allClose(wrong, right, { rtol: 0.1, atol: 0.1 })).toBe(false);
      },
    },
    {
      about: next,
      name: "into the dense layer after it, the norm after the activation",
      check: () => {
        const [x, kernel, bias, norm] = [
          normal([4, 3], 1).relu(),
          normal([3, 5], 2),
          normal([5], 3),
          trained(3),
        ];
        const folded = n.foldBatchNormIntoNext({ kernel, bias }, norm);
        expectClose(
          "y",
          dense(x, folded.kernel, folded.bias),
          dense(apply(x, norm), kernel, bias),
          TOLERANCE,
        );
      },
    },
    {
      about: next,
      name: "into the convolution after it, padding valid",
      check: () => {
        const [kernel, bias, norm] = [normal([3, 3, 3, 4], 2), normal([4], 3), trained(3)];
        const folded = n.foldBatchNormIntoNext({ kernel, bias }, norm);
        const expected = convolve(apply(image.relu(), norm), kernel, bias);
        expectClose("y", convolve(image.relu(), folded.kernel, folded.bias), expected, TOLERANCE);
      },
    },
    {
      about: next,
      name: "across average pooling, and across max pooling where γ > 0 (the source's CNN)",
      check: () => {
        const [kernel, bias] = [normal([2, 2, 3, 4], 2), normal([4], 3)];
        for (const [pooling, norm] of [
          ["average", trained(3)],
          ["max", trained(3, n.randomUniform([3], { seed: 5, min: 0.1 }))],
        ] as const) {
          const folded = n.foldBatchNormIntoNext({ kernel, bias, pooling }, norm);
          const expected = convolve(pool(apply(image.relu(), norm), pooling), kernel, bias);
          const actual = convolve(pool(image.relu(), pooling), folded.kernel, folded.bias);
          expectClose(pooling, actual, expected, TOLERANCE);
        }
      },
    },
    {
      about: next,
      name: "with padding same is exact where it is allowed: a kernel of one pixel, or a norm without shift",
      check: () => {
        const norm = trained(3);
        const onePixel = { kernel: normal([1, 1, 3, 2], 2), bias: normal([2], 3) };
        const one = n.foldBatchNormIntoNext({ ...onePixel, padding: "same" }, norm);
        const expected = convolve(apply(image, norm), onePixel.kernel, onePixel.bias, "same");
        expectClose("one pixel", convolve(image, one.kernel, one.bias, "same"), expected, TOLERANCE);

        const zero = n.zeros([3]);
        const unshifted = { ...norm, beta: zero, movingMean: zero };
        const large = { kernel: normal([3, 3, 3, 2], 2), bias: normal([2], 3) };
        const folded = n.foldBatchNormIntoNext({ ...large, padding: "same" }, unshifted);
        const same = convolve(apply(image, unshifted), large.kernel, large.bias, "same");
        expectClose("no shift", convolve(image, folded.kernel, folded.bias, "same"), same, TOLERANCE);
      },
    },
    {
      about: next,
      name: "refuses padding same, where zeros are padded after the norm, and max pooling with a γ < 0",
      check: () => {
        const [kernel, norm] = [normal([3, 3, 3, 4], 2), trained(3)];
        expect(() => n.foldBatchNormIntoNext({ kernel, padding: "same" }, norm)).toThrow(
          /padding is "same".*"valid"/,
        );
        expect(() => n.foldBatchNormIntoNext({ kernel, pooling: "max" }, norm)).toThrow(/gamma.*positive/);
        const still = trained(3, n.tensor([1, 0, 1]));
        expect(() => n.foldBatchNormIntoNext({ kernel, pooling: "max" }, still)).toThrow(/gamma.*positive/);
        // It would be wrong at the border, and only there.
        const bias = n.zeros([4]);
        const folded = n.foldBatchNormIntoNext({ kernel, bias }, norm);
        const expected = convolve(apply(image, norm), kernel, bias, "same");
        const actual = convolve(image, folded.kernel, folded.bias, "same");
        expect(Math.abs(actual.at(0, 0, 0, 0) - expected.at(0, 0, 0, 0))).toBeGreaterThan(1e-3);
        expect(actual.at(0, 3, 3, 0)).toBeCloseTo(expected.at(0, 3, 3, 0), 10);
      },
    },
  ];
}
