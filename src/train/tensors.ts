import * as tf from "@tensorflow/tfjs";
import { createHash } from "node:crypto";
import { bytesOf } from "../data/dataset";

/** A tensor as plain data: it can be sent to a worker, written to a file, compared. */
export interface TensorData {
  name: string;
  shape: number[];
  dtype: "float32" | "int32" | "bool";
  values: Float32Array | Int32Array | Uint8Array;
}

/** Reads a tensor; the copy is the reader's own. */
export async function readTensor(name: string, tensor: tf.Tensor): Promise<TensorData> {
  const values = (await tensor.data()) as TensorData["values"];
  return {
    name,
    shape: [...tensor.shape],
    dtype: tensor.dtype as TensorData["dtype"],
    values: values.slice(),
  };
}

export function toTensor({ values, shape, dtype }: TensorData): tf.Tensor {
  return tf.tensor(values, shape, dtype);
}

/** All weights of a model in its own order. */
export async function readWeights(model: tf.LayersModel): Promise<TensorData[]> {
  const tensors = model.getWeights();
  return Promise.all(tensors.map((tensor, i) => readTensor(model.weights[i].originalName, tensor)));
}

/** Gives a model the weights that readWeights() read, from it or from one of the same topology. */
export function writeWeights(model: tf.LayersModel, weights: TensorData[]): void {
  const tensors = weights.map(toTensor);
  model.setWeights(tensors);
  tf.dispose(tensors);
}

/** SHA-256 of shapes and numbers, in order; names don't count. */
export function hashTensors(tensors: TensorData[]): string {
  const hash = createHash("sha256");
  for (const { shape, dtype, values } of tensors) {
    hash.update(JSON.stringify([dtype, shape]));
    hash.update(bytesOf(values));
  }
  return hash.digest("hex");
}

/** The memory behind tensors, for the transfer list of postMessage. */
export function buffersOf(tensors: TensorData[]): ArrayBuffer[] {
  return tensors.map(({ values }) => values.buffer as ArrayBuffer);
}
