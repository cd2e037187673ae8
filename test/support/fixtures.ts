/** Reference values from other programs; scripts/fixtures/ says how they were made. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Numbers } from "./close";

export type Named = Record<string, Numbers>;

/** One call: x and dy in, y and all gradients and statistics out. */
export type Step = Named & { x: Numbers; dy: Numbers; y: Numbers; dx: Numbers };

export interface PytorchCase {
  name: string;
  method: "batchNorm" | "layerNorm" | "instanceNorm" | "groupNorm" | "rmsNorm";
  settings: Record<string, number & number[]>;
  weight: Numbers;
  bias?: Numbers;
  steps: Step[];
  evaluation?: Step;
}

export interface PytorchWeightNormCase extends Record<"g" | "v" | "dw" | "w" | "dg" | "dv", Numbers> {
  name: string;
  method: "weightNorm";
  settings: { dim: number };
}

export interface PytorchFormulaCase {
  name: string;
  method: "dyt" | "adaIN" | "switchableNorm";
  settings: Record<string, number>;
  arguments: Named & { x: Numbers };
  dy: Numbers;
  y: Numbers;
  gradients: Named;
}

export interface KerasCase {
  name: string;
  layer: "BatchNormalization" | "LayerNormalization" | "GroupNormalization" | "RMSNormalization";
  config: {
    axis?: number | number[];
    groups?: number;
    epsilon?: number;
    momentum?: number;
    center?: boolean;
    scale?: boolean;
  };
  weights: Named;
  /** All but the last are training. */
  steps: { x: Numbers; dy: Numbers }[];
  float64: Step[];
  float32: Step[];
}

export interface OnnxCase {
  name: string;
  operator: string;
  attributes: {
    axis?: number;
    epsilon?: number;
    momentum?: number;
    training_mode?: number;
    num_groups?: number;
  };
  inputs: Named;
  outputs: Named;
}

/** Everything by PyTorch's names but for the matrices, which are transposed for x · kernel. */
export type PytorchAttentionCase =
  | {
      kind: "attention";
      name: string;
      heads: number;
      causal: boolean;
      /** How many of each example's keys count. */
      lengths: number[] | null;
      query: Numbers;
      /** Undefined where a sequence attends to itself. */
      value?: Numbers;
      weights: Named;
      dy: Numbers;
      y: Numbers;
      dQuery: Numbers;
      dValue?: Numbers;
      gradients: Named;
    }
  | { kind: "activation"; name: string; x: Numbers; dy: Numbers; y: Numbers; dx: Numbers }
  | { kind: "crossEntropy"; name: string; loss: number; logits: Numbers; labels: Numbers; dLogits: Numbers }
  | {
      kind: "decoder";
      name: string;
      sizes: { vocabulary: number; positions: number; width: number; heads: number };
      before: Numbers[];
      batches: { words: Numbers; labels: Numbers }[];
      losses: number[];
      after: Numbers[];
    };

export interface RecurrentCase {
  name: string;
  layer: "lstm" | "gru" | "simpleRNN";
  config: { units: number };
  x: Numbers;
  target: Numbers;
  y: Numbers;
  weights: Named;
  /** Of Σ (y − target)² / 2, by x and the weights' names. */
  gradients: Named;
  /** Before each of three steps of SGD, 0.05 long. */
  losses: number[];
  /** The weights after them, and moving statistics. */
  trained: Named;
  /** The outputs in inference after them, where they are others. */
  evaluated?: Numbers;
}

const files = new Map<string, unknown>();

function read<T>(file: string): T[] {
  if (!files.has(file)) {
    files.set(file, JSON.parse(readFileSync(join(__dirname, "../fixtures", file), "utf8")));
  }
  return (files.get(file) as { cases: T[] }).cases;
}

export const pytorchCases = (): (PytorchCase | PytorchWeightNormCase | PytorchFormulaCase)[] =>
  read("pytorch.json");
export const kerasCases = (): KerasCase[] => read("keras.json");
export const onnxCases = (): OnnxCase[] => read("onnx.json");
export const pytorchAttentionCases = (): PytorchAttentionCase[] => read("pytorch-attention.json");
export const recurrentCases = (): RecurrentCase[] => read("recurrent.json");
