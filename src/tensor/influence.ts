/** Which outputs of a function depend on which of its inputs, found out by moving them. */
import { randomNormal } from "./random";
import { asTensor, Tensor, type TensorLike } from "./tensor";

/** What maps an input to an output of the same shape: a normalization without its statistics. */
export type Normalization = (x: Tensor) => Tensor;

/** x with one element moved. */
const moved = (x: Tensor, element: number, by: number): Tensor =>
  new Tensor(
    x.shape,
    x.data.map((value, i) => (i === element ? value + by : value)),
  );

/**
 * J[i][j] = ∂yᵢ/∂xⱼ of a function at x, all elements of x and y counted row by row, by central differences:
 * (y(x + h·eⱼ) − y(x − h·eⱼ)) / 2h with h = 10⁻⁵.
 */
export function jacobian(normalize: Normalization, x: TensorLike): number[][] {
  const point = asTensor("x", x);
  const step = 1e-5;
  const columns = Array.from(
    point.data,
    (_, j) =>
      normalize(moved(point, j, step))
        .sub(normalize(moved(point, j, -step)))
        .div(2 * step).data,
  );
  return columns.map((_, i) => columns.map((column) => column[i]));
}

/**
 * Which elements of a tensor of this shape share their statistics, found out by poking: element j is moved,
 * and every element whose output changes belongs to j's group. Row-major; groups are numbered from 0 in the
 * order in which they first appear.
 *
 * @throws RangeError when the groups overlap: then "shares its statistics with" is not a partition.
 */
export function statisticsGroups(normalize: Normalization, shape: readonly number[]): Int32Array {
  const x = randomNormal(shape, { seed: 1 });
  const y = normalize(x);
  const groups = new Int32Array(x.size).fill(-1);
  let count = 0;
  for (let j = 0; j < x.size; j++) {
    if (groups[j] >= 0) continue;
    const poked = normalize(moved(x, j, 1));
    for (let i = 0; i < x.size; i++) {
      if (Math.abs(poked.data[i] - y.data[i]) <= 1e-12) continue;
      if (groups[i] >= 0) throw new RangeError("statisticsGroups: normalize has groups that overlap.");
      groups[i] = count;
    }
    count++;
  }
  return groups;
}
