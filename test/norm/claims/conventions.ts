/** The words of PyTorch and Keras, both ways. That they mean the same numbers is shown in pytorch.ts and keras.ts. */
import type { Tensor } from "normlab";
import { expect } from "vitest";
import { expectClose } from "../../support/close";
import type { Claim, Norms } from "./claim";

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

export function conventions(n: Norms): Claim[] {
  const vector = (seed: number) => n.randomUniform([3], { seed });
  const statistics = { movingMean: vector(3), movingVariance: vector(4) };
  const affine = { gamma: vector(1), beta: vector(2) };
  return [
    {
      about: "fromTorch",
      name: "turns PyTorch's defaults into ours: momentum is the weight of the new value there",
      check: () => {
        const options = n.fromTorch("batchNorm", {});
        expect(options).toEqual({ epsilon: 1e-5, axis: -1, momentum: 0.9, unbiasedMoving: true });
        expect(n.fromTorch("groupNorm", { num_groups: 4 })).toEqual({ epsilon: 1e-5, axis: -1, groups: 4 });
        expect(n.fromTorch("rmsNorm", { normalized_shape: [3] })).toEqual({ epsilon: 2 ** -23, axes: [-1] });
        expect(n.fromTorch("layerNorm", { normalized_shape: 5 })).toEqual({ epsilon: 1e-5, axes: [-1] });
      },
    },
    {
      about: "toTorch",
      name: "turns our defaults into PyTorch's words",
      check: () => {
        expect(n.toTorch("batchNorm", {}).momentum).toBeCloseTo(0.01, 15);
        expect(n.toTorch("batchNorm", {}).eps).toBe(1e-3);
        expect(n.toTorch("groupNorm", { groups: 2, epsilon: 0.5 })).toEqual({ eps: 0.5, num_groups: 2 });
      },
    },
    ...(["channelsLast", "channelsFirst"] as const).flatMap((layout): Claim[] => [
      {
        about: "toTorch",
        name: `is undone by fromTorch, ${layout}`,
        check: () => {
          const axis = layout === "channelsLast" ? -1 : 1;
          const batch = {
            ...affine,
            ...statistics,
            momentum: 0.75,
            epsilon: 0.01,
            axis,
            unbiasedMoving: true,
          };
          expect(
            plain(n.fromTorch("batchNorm", n.toTorch("batchNorm", batch, { layout }), { layout })),
          ).toEqual(plain(batch));
          const whole = n.randomNormal([4, 2, 3], { seed: 1 });
          const layer = { gamma: whole, beta: whole.mul(2), axes: [-3, -2, -1], epsilon: 0.01 };
          expect(
            plain(n.fromTorch("layerNorm", n.toTorch("layerNorm", layer, { layout }), { layout })),
          ).toEqual(plain(layer));
          const group = { ...affine, groups: 3, epsilon: 0.1, axis };
          expect(
            plain(n.fromTorch("groupNorm", n.toTorch("groupNorm", group, { layout }), { layout })),
          ).toEqual(plain(group));
        },
      },
    ]),
    {
      about: "toTorch",
      name: "gives a layer norm over an image the weight (C,H,W)",
      check: () => {
        const gamma = n.randomNormal([4, 2, 3], { seed: 1 });
        const { weight, normalized_shape } = n.toTorch("layerNorm", { gamma, axes: [1, 2, 3] });
        expect(normalized_shape).toEqual([3, 4, 2]);
        expect((weight as Tensor).at(2, 3, 1)).toBe(gamma.at(3, 1, 2));
      },
    },
    {
      about: "toKeras",
      name: "is undone by fromKeras",
      check: () => {
        const batch = { ...affine, ...statistics, momentum: 0.75, epsilon: 0.01, axis: 1 };
        expect(plain(n.fromKeras("batchNorm", n.toKeras("batchNorm", batch)))).toEqual(plain(batch));
        const layer = { ...affine, axes: [1, 2], epsilon: 0.01 };
        expect(plain(n.fromKeras("layerNorm", n.toKeras("layerNorm", layer)))).toEqual(plain(layer));
        const rms = { gamma: vector(1), axes: [-1], epsilon: 0.01 };
        expect(n.toKeras("rmsNorm", rms)).toHaveProperty("scale", rms.gamma);
        expect(plain(n.fromKeras("rmsNorm", n.toKeras("rmsNorm", rms)))).toEqual(plain(rms));
        const group = { ...affine, groups: 3, axis: -1, epsilon: 0.01 };
        expect(plain(n.fromKeras("groupNorm", n.toKeras("groupNorm", group)))).toEqual(plain(group));
      },
    },
    {
      about: "fromKeras",
      name: "turns Keras's defaults into ours, which are the same",
      check: () => {
        const { momentum, epsilon, axis } = n.defaults.batchNorm;
        expect(n.fromKeras("batchNorm", {})).toEqual({ momentum, epsilon, axis });
        expect(n.fromKeras("layerNorm", {})).toEqual(n.defaults.layerNorm);
        expect(n.fromKeras("rmsNorm", {})).toEqual(n.defaults.rmsNorm);
        expect(n.toKeras("instanceNorm", {})).toEqual({ epsilon: 1e-3, axis: -1, groups: -1 });
      },
    },
    {
      about: "toChannelsFirst",
      name: "moves (N,H,W,C) to (N,C,H,W), and toChannelsLast back",
      check: () => {
        const x = n.randomNormal([2, 3, 4, 5], { seed: 1 });
        const first = n.toChannelsFirst(x);
        expect(first.shape).toEqual([2, 5, 3, 4]);
        expect(first.at(1, 4, 2, 3)).toBe(x.at(1, 2, 3, 4));
        expectClose("x", n.toChannelsLast(first), x, 0);
      },
    },
  ];
}
