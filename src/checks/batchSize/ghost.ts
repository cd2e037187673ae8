import { batchNorm } from "../../norm";
import { Tensor } from "../../tensor";
import { batch } from "../batchNorm/samples";
import type { Check } from "../exercise";
import { formulaExercise } from "../formulaExercise";
import { standardizeWith, standardizingSwitches } from "../switches/standardizing";

/** x (N, C) in parts of `size` examples, the last of what remains, each standardized by itself. Returns x̂ (N, C). */
export type GhostBatchNorm = (x: Tensor, size: number, epsilon: number) => Tensor;

const rowsOf = (x: Tensor, from: number, to: number): Tensor =>
  new Tensor([to - from, x.shape[1]], x.data.slice(from * x.shape[1], to * x.shape[1]));

/** Parts one below the other. */
function below(parts: readonly Tensor[], columns: number): Tensor {
  const data = Float64Array.from(parts.flatMap((part) => [...part.data]));
  return new Tensor([data.length / columns, columns], data);
}

/** Exercise batch-ghost: batch norm over parts of a batch. */
export const batchGhost: Check<GhostBatchNorm> = formulaExercise("batch-ghost", {
  switches: {
    ...standardizingSwitches,
    wholeBatch: "you took the statistics of the whole batch; each part has its own",
    wholeMean: "you subtracted the mean of the whole batch; each part has its own mean, too",
    wholeVariance: "you divided by the deviation of the whole batch; each part has its own variance, too",
    firstPart: "you took the statistics of the first part for all; each part has its own",
    restLost: "the last, smaller part is missing: what remains is a part of its own",
    restUntouched: "the last, smaller part is not normalized: what remains is a part of its own",
    restZero: "the last, smaller part is all zeros: what remains is a part of its own, with its statistics",
    restOverlaps:
      "you filled up the last part with examples of the part before it; what remains is a part of its own",
    restJoined: "you put what remains into the part before it; what remains is a part of its own",
    restByFull:
      "you divided the sums of the last part by the full size; divide by the number of its own examples",
    evenParts:
      "you made parts of equal lengths; the parts have `size` examples, only the last may have fewer",
    numberOfParts: "`size` is the number of examples in a part, not the number of parts",
    strided:
      "your parts are made of every so-manieth example; they are examples that follow each other: the first `size`, and so on",
    perExample: "you normalized each example over its features: this is layer norm; take a part's column",
    allOfPart: "you took one mean and one variance of a whole part; each column has its own",
    sizeOneMore: "your parts have one example too many",
    sizeOneLess: "your parts have one example too few",
  },
  formula:
    (on) =>
    (x: Tensor, given: number, epsilon: number): Tensor => {
      const [N, C] = x.shape;
      const size = on("numberOfParts")
        ? Math.ceil(N / given)
        : on("evenParts")
          ? Math.ceil(N / Math.ceil(N / given))
          : Math.max(1, given + (on("sizeOneMore") ? 1 : on("sizeOneLess") ? -1 : 0));
      const standardized = (part: Tensor) => {
        const axes = on("perExample") ? [1] : on("allOfPart") ? [0, 1] : [0];
        return standardizeWith(part, axes, epsilon, on).xHat;
      };
      if (on("wholeBatch")) return standardized(x);
      if (on("strided")) {
        const count = Math.ceil(N / size);
        const result = new Tensor([N, C], new Float64Array(N * C));
        for (let first = 0; first < count; first++) {
          const rows = Array.from({ length: N }, (_, n) => n).filter((n) => n % count === first);
          const part = standardized(
            below(
              rows.map((n) => rowsOf(x, n, n + 1)),
              C,
            ),
          );
          rows.forEach((n, i) => result.data.set(part.data.subarray(i * C, (i + 1) * C), n * C));
        }
        return result;
      }
      const whole = standardizeWith(x, [0], epsilon, on);
      const head = standardizeWith(rowsOf(x, 0, Math.min(N, size)), [0], epsilon, on);
      const partOf = (from: number, to: number): Tensor => {
        const part = rowsOf(x, from, to);
        const isRest = to - from < size;
        if (on("firstPart")) return part.sub(head.mean).div(head.root);
        if (on("wholeMean") || on("wholeVariance")) {
          const own = standardizeWith(part, [0], epsilon, on);
          const mean = on("wholeMean") ? whole.mean : own.mean;
          return part.sub(mean).div(on("wholeVariance") ? whole.root : own.root);
        }
        if (isRest && on("restUntouched")) return part;
        if (isRest && on("restZero")) return part.mul(0);
        if (isRest && on("restOverlaps") && from > 0) {
          const filled = standardized(rowsOf(x, to - size, to));
          return rowsOf(filled, size - (to - from), size);
        }
        if (isRest && on("restByFull")) {
          const mean = part.sum([0]).div(size);
          const variance = part.sub(mean).square().sum([0]).div(size);
          return part.sub(mean).div(variance.add(epsilon).sqrt());
        }
        return standardized(part);
      };
      const parts: Tensor[] = [];
      for (let from = 0; from < N; from += size) {
        const to = Math.min(N, from + size);
        const isLastFull = on("restJoined") && to < N && N - to < size;
        if (on("restLost") && to - from < size) break;
        parts.push(partOf(from, isLastFull ? N : to));
        if (isLastFull) break;
      }
      return below(parts, C);
    },
  right: (x, size, epsilon) => {
    const [N, C] = x.shape;
    const starts = Array.from({ length: Math.ceil(N / size) }, (_, i) => i * size);
    const parts = starts.map((from) => batchNorm(rowsOf(x, from, Math.min(N, from + size)), { epsilon }).y);
    return below(parts, C);
  },
  name: "xHat",
  cases: (seed) => {
    const trial = (shape: [number, number], size: number, s: number) => ({
      args: [batch(seed + s, shape).x, size, 0.1] as [Tensor, number, number],
    });
    return {
      usual: {
        "12 examples in parts of 4": trial([12, 3], 4, 0),
        "11 examples in parts of 4: the last has 3": trial([11, 5], 4, 10),
        "7 examples in parts of 5: the last has 2": trial([7, 3], 5, 20),
      },
      hard: {
        "one example remains: x̂ is 0": trial([9, 2], 4, 30),
        "parts as large as the batch": trial([6, 4], 6, 40),
        "parts larger than the batch": trial([5, 3], 8, 50),
        "parts of one: x̂ is 0": trial([4, 3], 1, 60),
      },
    };
  },
});
