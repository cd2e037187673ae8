import * as tf from "@tensorflow/tfjs";
import { readTensor, type TensorData, toTensor } from "./tensors";

/**
 * Everything an optimizer remembers between steps, exactly.
 *
 * tfjs's own `getWeights` leaves out the running products β₁ᵗ and β₂ᵗ of Adam, and `setWeights` makes
 * them up as a power, which differs in the last bits from the product of t factors. A run that goes
 * on from a checkpoint would then end with other weights than one that was not killed. So every
 * variable that the optimizer holds is kept, under the property it lives in.
 */
export interface OptimizerState {
  iterations: number;
  tensors: TensorData[];
}

interface Slot {
  originalName: string;
  variable: tf.Variable;
}

/** The optimizer's fields by name; tfjs declares them private. */
type Fields = Record<string, unknown>;

const isVariable = (value: unknown): value is tf.Variable => value instanceof tf.Variable;
const isSlots = (value: unknown): value is Slot[] =>
  Array.isArray(value) && value.every((slot) => isVariable((slot as Slot | null)?.variable));

/** All of them. */
export function optimizerVariables(optimizer: tf.Optimizer): tf.Variable[] {
  return Object.values(optimizer as unknown as Fields).flatMap((value) => {
    if (isVariable(value)) return [value];
    return isSlots(value) ? value.map(({ variable }) => variable) : [];
  });
}

export async function readOptimizer(optimizer: tf.Optimizer): Promise<OptimizerState> {
  const tensors: TensorData[] = [];
  for (const [field, value] of Object.entries(optimizer as unknown as Fields)) {
    if (isVariable(value)) tensors.push(await readTensor(field, value));
    if (isSlots(value)) {
      for (const [i, { variable }] of value.entries())
        tensors.push(await readTensor(`${field}[${i}]`, variable));
    }
  }
  return { iterations: optimizer.iterations, tensors };
}

/** Brings an optimizer of the same class and configuration to the state that readOptimizer() read. */
export function writeOptimizer(optimizer: tf.Optimizer, state: OptimizerState): void {
  const fields = optimizer as unknown as Fields;
  const slots = new Map<string, Slot[]>();
  for (const data of state.tensors) {
    const [, field, index] = /^(\w+)(?:\[(\d+)\])?$/.exec(data.name)!;
    const tensor = toTensor(data);
    if (index === undefined) {
      (fields[field] as tf.Variable).assign(tensor);
      tensor.dispose();
    } else {
      const list = slots.get(field) ?? [];
      // Variables of an optimizer are not trainable, or tf.grads would ask for their gradients.
      list.push({ originalName: data.name, variable: tf.variable(tensor, false) });
      slots.set(field, list);
      tensor.dispose();
    }
  }
  for (const [field, value] of Object.entries(fields)) {
    if (!isSlots(value)) continue;
    tf.dispose(value.map(({ variable }) => variable));
    fields[field] = slots.get(field) ?? [];
  }
  // What Optimizer.iterations reads; it has no setter.
  fields.iterations_ = state.iterations;
}
