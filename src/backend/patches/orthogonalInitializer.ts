/**
 * tfjs's orthogonal initializer, from which every recurrent kernel starts: its QR factorization by operations of tfjs takes
 * 7 s for an LSTM of 256 units, and warns of that. The same matrix, to rounding, comes from the same random numbers by
 * Gram and Schmidt's method in float64, since a factorization whose R has a positive diagonal is the only one.
 */
import * as tf from "@tensorflow/tfjs";
import { prototypeOf, replaceMethod } from "./patch";

interface Orthogonal {
  gain: number;
  seed?: number;
  apply(shape: number[], dtype?: tf.DataType): tf.Tensor;
}

export function patchOrthogonalInitializer(): void {
  replaceMethod(prototypeOf<Orthogonal>("initializer", "Orthogonal"), "apply", (stock) => {
    return function (this: Orthogonal, shape, dtype) {
      // Other backends may not be able to read values at once.
      const reads = ["wasm", "cpu"].includes(tf.getBackend());
      if (shape.length < 2 || (dtype !== undefined && dtype !== "float32") || !reads) {
        return stock.call(this, shape, dtype);
      }
      return tf.tidy(() => {
        const [rows, columns] = [tf.util.sizeFromShape(shape.slice(0, -1)), shape[shape.length - 1]];
        const [height, width] = [Math.max(rows, columns), Math.min(rows, columns)];
        const random = tf.randomNormal([height, width], 0, 1, "float32", this.seed);
        const q = orthonormal(random.dataSync<"float32">(), height, width);
        // q holds the columns one after the other: a wide matrix as it is, a tall one transposed.
        const wide = tf.tensor2d(Array.from(q), [width, height]);
        return tf.mul(tf.reshape(rows < columns ? wide : tf.transpose(wide), shape), this.gain);
      });
    };
  });
}

/** The columns of a matrix, each made orthogonal to those before it and of length 1, one after the other. */
function orthonormal(matrix: Float32Array, height: number, width: number): Float64Array {
  const q = new Float64Array(height * width);
  for (let j = 0; j < width; j++) {
    const column = q.subarray(j * height, (j + 1) * height);
    for (let k = 0; k < height; k++) column[k] = matrix[k * width + j];
    for (let i = 0; i < j; i++) {
      const before = q.subarray(i * height, (i + 1) * height);
      const share = dot(before, column);
      for (let k = 0; k < height; k++) column[k] -= share * before[k];
    }
    const length = Math.sqrt(dot(column, column));
    for (let k = 0; k < height; k++) column[k] /= length;
  }
  return q;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
