/** A small n-dimensional array of float64. Every operation returns a new tensor. */
import { formatValues } from "./format";
import { flatten, nest, type NestedNumbers } from "./nested";
import {
  broadcastShapes,
  broadcastStrides,
  dropAxes,
  keepDims,
  offsetsOf,
  otherAxes,
  sizeOf,
  stridesOf,
} from "./shape";
import { checkShape, describe, refuse, resolveAxes, resolveAxis } from "./validate";

/** What every function takes for a tensor: one, or nested arrays, or { shape, data }. */
export type TensorLike =
  Tensor | NestedNumbers | { readonly shape: readonly number[]; readonly data: ArrayLike<number> };

/**
 * Row-major: the element at [i, j, k] of shape [I, J, K] is data[(i·J + j)·K + k].
 * The operations are named as in TensorFlow.js, so that one vocabulary serves for both.
 */
export class Tensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;

  constructor(shape: readonly number[], data: Float64Array) {
    this.shape = [...checkShape("shape", shape)];
    this.data = data;
    if (data.length !== sizeOf(shape)) {
      refuse("shape", shape, `a shape of ${data.length} elements, as data has`);
    }
  }

  /** Number of axes. */
  get rank(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return this.data.length;
  }

  /** f applied to every element. */
  map(f: (value: number, index: number) => number): Tensor {
    return new Tensor(this.shape, this.data.map(f));
  }

  /** a + b; shapes broadcast as in NumPy. */
  add(other: Tensor | number): Tensor {
    return combine(this, other, (a, b) => a + b);
  }

  /** a − b */
  sub(other: Tensor | number): Tensor {
    return combine(this, other, (a, b) => a - b);
  }

  /** a · b, element by element */
  mul(other: Tensor | number): Tensor {
    return combine(this, other, (a, b) => a * b);
  }

  /** a / b, element by element */
  div(other: Tensor | number): Tensor {
    return combine(this, other, (a, b) => a / b);
  }

  /** −a */
  neg(): Tensor {
    return this.map((a) => -a);
  }

  /** a² */
  square(): Tensor {
    return this.map((a) => a * a);
  }

  /** √a */
  sqrt(): Tensor {
    return this.map(Math.sqrt);
  }

  /** eᵃ */
  exp(): Tensor {
    return this.map(Math.exp);
  }

  /** |a| */
  abs(): Tensor {
    return this.map(Math.abs);
  }

  /** tanh a */
  tanh(): Tensor {
    return this.map(Math.tanh);
  }

  /** max(a, 0) */
  relu(): Tensor {
    return this.map((a) => Math.max(a, 0));
  }

  /** Sum over the given axes (all, if left out), which are dropped, or kept with length 1. */
  sum(axes?: readonly number[], keep = false): Tensor {
    const reduced = this.reducedAxes(axes);
    const kept = keepDims(this.shape, reduced);
    const target = offsetsOf(this.shape, broadcastStrides(kept, this.shape));
    const data = new Float64Array(sizeOf(kept));
    for (let i = 0; i < target.length; i++) data[target[i]] += this.data[i];
    return new Tensor(keep ? kept : dropAxes(this.shape, reduced), data);
  }

  /** Mean over the given axes (all, if left out): sum / number of elements summed. */
  mean(axes?: readonly number[], keep = false): Tensor {
    const total = this.sum(axes, keep);
    return total.div(this.size / total.size);
  }

  /** The same elements in another shape; one length may be −1, which is then worked out. */
  reshape(shape: readonly number[]): Tensor {
    const known = sizeOf(shape.filter((length) => length !== -1));
    const full = shape.map((length) => (length === -1 ? this.size / known : length));
    const fits =
      sizeOf(full) === this.size && full.every((length) => Number.isInteger(length) && length >= 0);
    if (!fits || shape.filter((length) => length === -1).length > 1) {
      refuse("shape", shape, `a shape of ${this.size} elements`);
    }
    return new Tensor(full, this.data);
  }

  /** Axes in another order (reversed, if left out): result.shape[i] = shape[order[i]]. */
  transpose(order?: readonly number[]): Tensor {
    const full = (order ?? this.shape.map((_, axis) => this.rank - 1 - axis)).map((axis) =>
      resolveAxis("order", axis, this.rank),
    );
    if (full.length !== this.rank || new Set(full).size !== this.rank) {
      refuse("order", order, `every axis of the ${this.rank} once`);
    }
    const strides = stridesOf(this.shape);
    const shape = full.map((axis) => this.shape[axis]);
    const source = offsetsOf(
      shape,
      full.map((axis) => strides[axis]),
    );
    return new Tensor(
      shape,
      Float64Array.from(source, (offset) => this.data[offset]),
    );
  }

  /** One element: x.at(0, 2); negative indices count from the end. */
  at(...indices: number[]): number {
    if (indices.length !== this.rank) refuse("the index", indices, `of length ${this.rank}`);
    const strides = stridesOf(this.shape);
    const offset = indices.reduce((sum, index, axis) => {
      const length = this.shape[axis];
      if (!Number.isInteger(index) || index < -length || index >= length) {
        refuse(`index ${axis}`, index, `a whole number from ${-length} to ${length - 1}`);
      }
      return sum + (index < 0 ? index + length : index) * strides[axis];
    }, 0);
    return this.data[offset];
  }

  /** Nested arrays of numbers. */
  toArray(): NestedNumbers {
    return nest(this.shape, this.data);
  }

  toJSON(): { shape: readonly number[]; data: number[] } {
    return { shape: this.shape, data: Array.from(this.data) };
  }

  toString(): string {
    return formatValues(this.shape, this.data);
  }

  private reducedAxes(axes?: readonly number[]): number[] {
    return axes === undefined ? otherAxes(this.rank, []) : resolveAxes("axes", axes, this.rank);
  }
}

// What console.log and a notebook's output show; on a web page nothing looks for it.
Object.defineProperty(Tensor.prototype, Symbol.for("nodejs.util.inspect.custom"), {
  value(this: Tensor) {
    return `Tensor [${this.shape.join(", ")}]\n${this.toString()}`;
  },
});

function combine(a: Tensor, other: Tensor | number, f: (a: number, b: number) => number): Tensor {
  if (typeof other === "number") return a.map((value) => f(value, other));
  const shape = broadcastShapes(a.shape, other.shape);
  const fromA = offsetsOf(shape, broadcastStrides(a.shape, shape));
  const fromB = offsetsOf(shape, broadcastStrides(other.shape, shape));
  const data = new Float64Array(fromA.length);
  for (let i = 0; i < data.length; i++) data[i] = f(a.data[fromA[i]], other.data[fromB[i]]);
  return new Tensor(shape, data);
}

/**
 * A tensor of nested arrays, or of flat data and a shape.
 *
 *     tensor([[3, 1, 2], [4, 5, 6]])          // shape [2, 3]
 *     tensor([3, 1, 2, 4, 5, 6], [2, 3])      // the same
 */
export function tensor(values: NestedNumbers, shape?: readonly number[]): Tensor {
  const { shape: found, data } = flatten("values", values);
  if (shape === undefined) return new Tensor(found, data);
  if (data.length !== sizeOf(checkShape("shape", shape))) {
    refuse("shape", shape, `a shape of ${data.length} elements, as values has`);
  }
  return new Tensor(shape, data);
}

/** Also a tensor of another copy of this package, which `instanceof` would not recognize. */
export const isTensor = (value: unknown): value is Tensor => {
  const { shape, data } = (value ?? {}) as Partial<Tensor>;
  return Array.isArray(shape) && data instanceof Float64Array;
};

/** Takes nested arrays and { shape, data } for tensors, and says which argument is neither. */
export function asTensor(argument: string, value: unknown): Tensor {
  if (value instanceof Tensor) return value;
  if (typeof value === "number" || Array.isArray(value) || ArrayBuffer.isView(value)) {
    const { shape, data } = flatten(argument, value);
    return new Tensor(shape, data);
  }
  const { shape, data } = (value ?? {}) as { shape?: unknown; data?: unknown };
  if (!Array.isArray(shape) || !(Array.isArray(data) || ArrayBuffer.isView(data))) {
    throw new RangeError(
      `${argument} is ${describe(value)}; it must be a tensor or nested arrays of numbers.`,
    );
  }
  return new Tensor(shape, Float64Array.from(data as ArrayLike<number>));
}

/** A tensor filled with one value. */
export function full(shape: readonly number[], value: number): Tensor {
  return new Tensor(shape, new Float64Array(sizeOf(checkShape("shape", shape))).fill(value));
}

export const zeros = (shape: readonly number[]): Tensor => full(shape, 0);
export const ones = (shape: readonly number[]): Tensor => full(shape, 1);
