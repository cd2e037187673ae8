/** A kernel of a recorded step that is not a list of calls: tfjs's own, or one that computes in JavaScript. */
import * as tf from "@tensorflow/tfjs";
import { addressOf, type Arena, bytesOf, copyInto, forgetPacked } from "./arena";
import {
  type DataId,
  type KernelArguments,
  type KernelResult,
  tensorOf,
  underWatch,
  type Values,
  type Watch,
} from "./watch";

/**
 * Runs the kernel of that name on the same inputs; it gets the tensors `dataIds` for those that it makes, in their order.
 * `nested` says whether it calls other kernels.
 */
export function runningAnew(
  name: string,
  { inputs, attrs }: KernelArguments,
  dataIds: readonly DataId[],
  arena: Arena | undefined,
  nested: boolean,
): () => void {
  const memory = new SameMemory(dataIds, arena);
  const { kernelFunc } = tf.getKernel(name, "wasm")!;
  const backend = tf.backend();
  const info = ({ dataId, shape, dtype }: tf.TensorInfo) => ({ dataId, shape, dtype });
  const entries = Object.entries(inputs as Record<string, tf.TensorInfo>).filter(([, input]) => input);
  // tfjs hands some kernels, such as that of `concat`, a list.
  const withInputs = (make: (input: tf.TensorInfo) => tf.TensorInfo) => {
    const made = Object.fromEntries(entries.map(([key, input]) => [key, make(input)]));
    return (Array.isArray(inputs) ? Object.values(made) : made) as KernelArguments["inputs"];
  };
  const plain = withInputs(info);
  // What is made of tfjs's operations wants tensors, and leaves some behind.
  const asTensor = (input: tf.TensorInfo) => {
    backend.incRef(input.dataId);
    return tf.engine().makeTensorFromTensorInfo(info(input));
  };
  const run = nested
    ? () => tf.tidy(() => void kernelFunc({ inputs: withInputs(asTensor), attrs, backend }))
    : () => void kernelFunc({ inputs: plain, attrs, backend });
  return () => {
    for (const [, { dataId }] of entries) forgetPacked(dataId);
    memory.rewind();
    underWatch(memory, run);
  };
}

/** Gives a kernel that runs anew the tensors that it made when it was recorded. */
class SameMemory implements Watch {
  readonly #dataIds: readonly DataId[];
  readonly #arena: Arena | undefined;
  #next = 0;

  constructor(dataIds: readonly DataId[], arena: Arena | undefined) {
    this.#dataIds = dataIds;
    this.#arena = arena;
  }

  rewind(): void {
    this.#next = 0;
  }

  write(_stock: () => DataId, values: Values, shape: number[], dtype: tf.DataType): DataId {
    const dataId = this.#dataIds[this.#next++];
    copyInto(addressOf(dataId), values, bytesOf(shape, dtype));
    return dataId;
  }

  /** What lies in the arena stays there. */
  dispose(stock: () => boolean, dataId: DataId): boolean {
    return this.#arena?.has(dataId) ? false : stock();
  }

  kernel({ kernelFunc }: tf.KernelConfig, args: KernelArguments): KernelResult {
    return kernelFunc(args);
  }

  perStep(shape: number[], draw: () => ArrayLike<number>): tf.Tensor {
    return tensorOf(draw(), shape);
  }

  ours(): void {}
  byHand(): void {}
  call(): void {}
  read(): void {}
  scratch(): undefined {}
  record(): undefined {}
}
