/**
 * The three matrix products of a dense layer. Zeros (dark pixels, dead units) of the first factor are skipped, as if
 * 0 · ∞ were 0.
 */
import { Tensor } from "./tensor";
import { refuse } from "./validate";

/** x W: (N, I) by (I, O) gives (N, O). */
export function matmul(x: Tensor, w: Tensor): Tensor {
  const [n, inner] = matrixShape("x", x);
  const [rows, outputs] = matrixShape("w", w);
  if (rows !== inner) refuse("w", w, `of shape [${inner}, any], to match x`);
  const y = new Float64Array(n * outputs);
  const sum = weightedRows(w.data, inner, outputs);
  for (let i = 0; i < n; i++) sum(x.data, i * inner, 1, y, i * outputs);
  return new Tensor([n, outputs], y);
}

/** xᵀ dy: (N, I) and (N, O) give (I, O), the gradient of the weights. */
export function matmulTransposedFirst(x: Tensor, dy: Tensor): Tensor {
  const [n, inputs] = matrixShape("x", x);
  const [rows, outputs] = matrixShape("dy", dy);
  if (rows !== n) refuse("dy", dy, `of shape [${n}, any], to match x`);
  const dw = new Float64Array(inputs * outputs);
  const sum = weightedRows(dy.data, n, outputs);
  for (let k = 0; k < inputs; k++) sum(x.data, k, inputs, dw, k * outputs);
  return new Tensor([inputs, outputs], dw);
}

/** dy Wᵀ: (N, O) and (I, O) give (N, I), the gradient of the inputs. */
export function matmulTransposedSecond(dy: Tensor, w: Tensor): Tensor {
  return matmul(dy, w.transpose());
}

/**
 * Adds Σ_m factor_m · row_m of a (count, length) matrix to a row of `to`, four terms at a time, which reads
 * and writes the sum a quarter as often. factor_m is factors[start + m · stride].
 */
function weightedRows(
  matrix: Float64Array,
  count: number,
  length: number,
): (factors: Float64Array, start: number, stride: number, to: Float64Array, t: number) => void {
  // A row of zeros at the end: 0 times it is 0, where 0 times a row that holds an infinity would not be.
  const values = new Float64Array(matrix.length + length);
  values.set(matrix);
  const used = new Float64Array(count + 3);
  const rows = new Int32Array(count + 3);
  return (factors, start, stride, to, t) => {
    let terms = 0;
    for (let m = 0; m < count; m++) {
      const factor = factors[start + m * stride];
      if (factor === 0) continue;
      used[terms] = factor;
      rows[terms++] = m * length;
    }
    // Up to three rows of zeros fill the last group of four.
    used.fill(0, terms, terms + 3);
    rows.fill(matrix.length, terms, terms + 3);
    for (let m = 0; m < terms; m += 4) {
      const [a, b, c, d] = [used[m], used[m + 1], used[m + 2], used[m + 3]];
      const [p, q, r, s] = [rows[m], rows[m + 1], rows[m + 2], rows[m + 3]];
      for (let j = 0; j < length; j++) {
        to[t + j] += a * values[p + j] + b * values[q + j] + c * values[r + j] + d * values[s + j];
      }
    }
  };
}

function matrixShape(argument: string, { shape }: Tensor): [number, number] {
  if (shape.length !== 2) refuse(argument, { shape }, "a matrix, of rank 2");
  return [shape[0], shape[1]];
}
