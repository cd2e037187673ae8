import { layerNorm } from "../../norm";
import { randomNormal } from "../../tensor";
import { type Check, exercise } from "../exercise";
import { mistake } from "../finding";
import { field, invoke } from "../invoke";

/** (x's shape, reduced axes) → how many means layer norm computes, and how many elements γ has. */
export type LayerNormSizes = (shape: number[], axes: number[]) => { means: number; gamma: number };

/** Exercise ln-sizes: count the statistics and the parameters of layer norm. */
export const lnSizes: Check<LayerNormSizes> = exercise("ln-sizes", (solution) => {
  const check = (shape: number[], axes: number[]) => {
    const result: unknown = invoke(solution, shape, axes);
    const [means, gamma] = [field(result, "means"), field(result, "gamma")];
    const { mean, cache } = layerNorm(randomNormal(shape), { axes });
    const right = { means: mean.size, gamma: cache.gamma.size };
    if (means === right.means && gamma === right.gamma) return undefined;

    const of = `for shape [${shape.join(", ")}] and axes [${axes.join(", ")}]`;
    if (means === right.gamma && gamma === right.means) {
      return mistake(
        of,
        "you have the two the wrong way round: the mean keeps the other axes, γ has the reduced ones",
      );
    }
    if (gamma === 2 * right.gamma) return mistake(of, "γ alone is asked for; β has as many elements again");
    const sum = (lengths: number[]) => lengths.reduce((a, b) => a + b, 0);
    const along = axes.map((axis) => shape.at(axis)!);
    if (axes.length > 1 && gamma === sum(along)) {
      return mistake(
        of,
        "you added the lengths of the axes; a tensor has the product of its lengths as elements",
      );
    }
    if (axes.length > 1 && gamma === shape[shape.length - 1]) {
      return mistake(
        of,
        "one γ a channel is group norm's; layer norm's γ has an element for every place in `axes`",
      );
    }
    if (shape.length - axes.length > 1 && means === shape[0]) {
      return mistake(
        of,
        "you counted one mean a sample; here every position along the other axes has its own",
      );
    }
    const [what, value, must] =
      means === right.means ? ["gamma", gamma, right.gamma] : ["means", means, right.means];
    return `${of} \`${what}\` is ${String(value)}; it must be ${must}`;
  };
  return {
    usual: {
      "a matrix (32, 128), per sample": () => check([32, 128], [-1]),
      "tokens (8, 20, 64), each by itself": () => check([8, 20, 64], [2]),
      "whole images (4, 5, 7, 3)": () => check([4, 5, 7, 3], [1, 2, 3]),
      "pixels (4, 5, 7, 3)": () => check([4, 5, 7, 3], [3]),
    },
    hard: {
      "negative axes": () => check([4, 5, 7, 3], [-1, -2]),
      "images in PyTorch's layout (2, 3, 5, 4)": () => check([2, 3, 5, 4], [1, 2, 3]),
    },
  };
});
