/** The mathematics of normalization is about numbers: NaN and infinity are refused where they come in. */
import { indexOf } from "./shape";
import { asTensor, type Tensor } from "./tensor";
import { refuse } from "./validate";

/** A tensor of finite numbers, or an error that names the first place where it is not: "x[1, 2] is NaN; …". */
export function finiteTensor(argument: string, value: unknown): Tensor {
  const result = asTensor(argument, value);
  const wrong = firstNotFinite(result.data);
  if (wrong >= 0) {
    const place = result.rank === 0 ? "" : `[${indexOf(wrong, result.shape).join(", ")}]`;
    refuse(`${argument}${place}`, result.data[wrong], "a finite number");
  }
  return result;
}

/** The offset of the first NaN or infinity, −1 if there is none. */
export function firstNotFinite(data: Float64Array): number {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return i;
  return -1;
}
