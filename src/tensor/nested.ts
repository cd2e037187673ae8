/** Nested arrays to flat data and back. */
import { refuse } from "./validate";

/** Numbers nested to any depth, as one writes a matrix: [[3, 1, 2], [4, 5, 6]]. */
export type NestedNumbers = number | readonly NestedNumbers[] | ArrayLike<number>;

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

/** Shape and row-major data of nested arrays; ragged ones are refused with the place named. */
export function flatten(argument: string, nested: unknown): { shape: number[]; data: Float64Array } {
  const shape: number[] = [];
  for (let level: unknown = nested; isList(level); level = level[0]) shape.push(level.length);
  const data: number[] = [];

  const visit = (value: unknown, depth: number, place: string): void => {
    if (depth === shape.length) {
      if (typeof value !== "number") refuse(place, value, "a number");
      data.push(value);
      return;
    }
    if (!isList(value) || value.length !== shape[depth]) {
      refuse(place, value, `an array of ${shape[depth]}, as its neighbours are`);
    }
    for (let i = 0; i < value.length; i++) visit(value[i], depth + 1, `${place}[${i}]`);
  };
  visit(nested, 0, argument);
  return { shape, data: Float64Array.from(data) };
}

/** Row-major data as nested arrays; a scalar's data as its number. */
export function nest(shape: readonly number[], data: Float64Array): NestedNumbers {
  const build = (depth: number, start: number, length: number): NestedNumbers => {
    if (depth === shape.length) return data[start];
    const part = shape[depth] === 0 ? 0 : length / shape[depth];
    return Array.from({ length: shape[depth] }, (_, i) => build(depth + 1, start + i * part, part));
  };
  return build(0, 0, data.length);
}
