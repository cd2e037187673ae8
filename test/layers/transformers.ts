/** The layers of Transformers, for sequences (N, 5, 6): beside methods.ts, whose layers take images. */
import * as tf from "@tensorflow/tfjs";
import { layers } from "normlab";
import type { Factory } from "./methods";

/** Each with settings that are not the defaults. */
export const sequenceLayers: [
  name: "multiHeadAttention" | "positionEmbedding" | "residual",
  make: Factory,
  config: Record<string, unknown>,
][] = [
  [
    "multiHeadAttention",
    (config) => layers.multiHeadAttention({ numHeads: 2, keyDim: 3, ...config }),
    { numHeads: 3, keyDim: 4, valueDim: 2, useBias: false, causal: true },
  ],
  [
    "positionEmbedding",
    (config) => layers.positionEmbedding({ sequenceLength: 5, ...config }),
    { sequenceLength: 8, initializer: { className: "Constant", config: { value: 0.25 } } },
  ],
  [
    "residual",
    (config) =>
      layers.residual({
        layers: [layers.layerNorm(), tf.layers.dense({ units: 6, activation: "gelu" })],
        ...config,
      }),
    { name: "beside" },
  ],
];
