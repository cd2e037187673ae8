/** The three matrix products of a dense layer. Rows of zeros and dark pixels cost nothing: zeros are skipped. */
import { Tensor } from "../tensor";
import { refuse } from "../tensor/validate";

/** x W: (N, I) by (I, O) gives (N, O). */
export function matmul(x: Tensor, w: Tensor): Tensor {
  const [n, inner] = matrixShape("x", x);
  const [rows, outputs] = matrixShape("w", w);
  if (rows !== inner) refuse("w", w, `of shape [${inner}, any], to match x`);
  const y = new Float64Array(n * outputs);
  for (let i = 0; i < n; i++) {
    const row = y.subarray(i * outputs, (i + 1) * outputs);
    for (let k = 0; k < inner; k++) addScaled(row, x.data[i * inner + k], w.data, k * outputs);
  }
  return new Tensor([n, outputs], y);
}

/** xᵀ dy: (N, I) and (N, O) give (I, O), the gradient of the weights. */
export function matmulTransposedFirst(x: Tensor, dy: Tensor): Tensor {
  const [n, inputs] = matrixShape("x", x);
  const [rows, outputs] = matrixShape("dy", dy);
  if (rows !== n) refuse("dy", dy, `of shape [${n}, any], to match x`);
  const dw = new Float64Array(inputs * outputs);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < inputs; k++) {
      const row = dw.subarray(k * outputs, (k + 1) * outputs);
      addScaled(row, x.data[i * inputs + k], dy.data, i * outputs);
    }
  }
  return new Tensor([inputs, outputs], dw);
}

/** dy Wᵀ: (N, O) and (I, O) give (N, I), the gradient of the inputs. */
export function matmulTransposedSecond(dy: Tensor, w: Tensor): Tensor {
  return matmul(dy, w.transpose());
}

/** row += factor · data[offset …] */
function addScaled(row: Float64Array, factor: number, data: Float64Array, offset: number): void {
  if (factor === 0) return;
  for (let j = 0; j < row.length; j++) row[j] += factor * data[offset + j];
}

function matrixShape(argument: string, { shape }: Tensor): [number, number] {
  if (shape.length !== 2) refuse(argument, { shape }, "a matrix, of rank 2");
  return [shape[0], shape[1]];
}
