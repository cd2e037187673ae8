import { type checks, layerNorm, standardize, tensor, type Tensor } from "normlab";
import type { Bank } from "../bank";

type Ghost = checks.GhostBatchNorm;

const rows = (x: Tensor, from: number, to: number): number[][] => (x.toArray() as number[][]).slice(from, to);
const standardized = (part: number[][], epsilon: number): number[][] =>
  standardize(tensor(part), { axes: [0], epsilon }).xHat.toArray() as number[][];

/** The right solution with one step replaced. */
const except =
  (change: {
    size?: (size: number, N: number) => number;
    part?: (part: number[][], epsilon: number, x: Tensor, size: number) => number[][];
    rest?: (part: number[][], epsilon: number, x: Tensor, size: number) => number[][];
  }): Ghost =>
  (x, given, epsilon) => {
    const N = x.shape[0];
    const size = change.size?.(given, N) ?? given;
    const result: number[][] = [];
    for (let from = 0; from < N; from += size) {
      const part = rows(x, from, Math.min(N, from + size));
      const of = (part.length < size && change.rest) || change.part || standardized;
      result.push(...of(part, epsilon, x, size));
    }
    return tensor(result);
  };

/** A part as (values, mean, variance) of each column makes it. */
const columns = (
  part: number[][],
  f: (value: number, mean: number, variance: number, column: number) => number,
): number[][] => {
  const statistics = part[0].map((_, c) => {
    const values = part.map((row) => row[c]);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return [mean, values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length];
  });
  return part.map((row) => row.map((value, c) => f(value, statistics[c][0], statistics[c][1], c)));
};

export const right: Ghost[] = [
  except({}),
  (x, size, epsilon) => {
    const [N, C] = x.shape;
    const xHat = new Float64Array(N * C);
    for (let c = 0; c < C; c++) {
      for (let from = 0; from < N; from += size) {
        const to = Math.min(N, from + size);
        let [mean, variance] = [0, 0];
        for (let n = from; n < to; n++) mean += x.at(n, c) / (to - from);
        for (let n = from; n < to; n++) variance += (x.at(n, c) - mean) ** 2 / (to - from);
        for (let n = from; n < to; n++) xHat[n * C + c] = (x.at(n, c) - mean) / Math.sqrt(variance + epsilon);
      }
    }
    return tensor(xHat, [N, C]);
  },
];

export const wrong: Bank<Ghost>["wrong"] = [
  {
    name: "whole batch",
    message: /statistics of the whole batch/,
    solution: (x, _, epsilon) => standardize(x, { axes: [0], epsilon }).xHat,
  },
  {
    name: "rest lost",
    message: /the last, smaller part is missing/,
    solution: (x, size, epsilon) => {
      const parts: number[][] = [];
      for (let from = 0; from + size <= x.shape[0]; from += size)
        parts.push(...standardized(rows(x, from, from + size), epsilon));
      return tensor(parts);
    },
    case: "11 examples in parts of 4: the last has 3",
  },
  {
    name: "rest untouched",
    message: /the last, smaller part is not normalized/,
    solution: except({ rest: (part) => part }),
  },
  {
    name: "rest of zeros",
    message: /the last, smaller part is all zeros/,
    solution: except({ rest: (part) => part.map((row) => row.map(() => 0)) }),
  },
  {
    name: "rest filled up",
    message: /you filled up the last part/,
    solution: except({
      rest: (part, epsilon, x, size) => {
        const N = x.shape[0];
        return N < size
          ? standardized(part, epsilon)
          : standardized(rows(x, N - size, N), epsilon).slice(size - part.length);
      },
    }),
  },
  {
    name: "first part's statistics",
    message: /statistics of the first part/,
    solution: (x, size, epsilon) => {
      const first = tensor(rows(x, 0, size));
      const { mean, variance } = standardize(first, { axes: [0], epsilon });
      return x.sub(mean).div(variance.add(epsilon).sqrt());
    },
  },
  {
    name: "number of parts",
    message: /not the number of parts/,
    solution: except({ size: (size, N) => Math.ceil(N / size) }),
  },
  {
    name: "layer norm",
    message: /you normalized each example over its features/,
    solution: (x, _, epsilon) => layerNorm(x, { epsilon }).y,
  },
  {
    name: "one too many",
    message: /your parts have one example too many/,
    solution: except({ size: (size) => size + 1 }),
  },
  {
    name: "sample variance",
    message: /you divided by m − 1/,
    solution: except({
      part: (part, epsilon) =>
        columns(
          part,
          (v, mean, variance) =>
            (v - mean) / Math.sqrt((variance * part.length) / (part.length - 1) + epsilon),
        ),
    }),
  },
  {
    name: "no ε",
    message: /ε is missing/,
    solution: except({
      part: (part) => columns(part, (v, mean, variance) => (v - mean) / Math.sqrt(variance)),
    }),
  },
  {
    name: "by the variance",
    message: /you divided by the variance/,
    solution: except({
      part: (part, epsilon) => columns(part, (v, mean, variance) => (v - mean) / (variance + epsilon)),
    }),
  },
  {
    name: "the whole batch's variance",
    message: /you divided by the deviation of the whole batch/,
    solution: except({
      part: (part, epsilon, x) => {
        const { variance } = standardize(x, { axes: [0], epsilon });
        return columns(part, (v, mean, _, c) => (v - mean) / Math.sqrt(variance.at(c) + epsilon));
      },
    }),
  },
  // Two mistakes together.
  {
    name: "whole batch, ε outside",
    message: [/statistics of the whole batch/, /ε stands outside the root/],
    solution: (x, _, epsilon) => {
      const { mean, variance } = standardize(x, { axes: [0], epsilon });
      return x.sub(mean).div(variance.sqrt().add(epsilon));
    },
  },
  {
    name: "rest untouched, not centred",
    message: [/the last, smaller part is not normalized/, /you did not subtract the mean/],
    solution: except({
      part: (part, epsilon) => columns(part, (v, _, variance) => v / Math.sqrt(variance + epsilon)),
      rest: (part) => part,
    }),
  },
  {
    name: "number of parts, no root",
    message: [/not the number of parts/, /you divided by the variance/],
    solution: except({
      size: (size, N) => Math.ceil(N / size),
      part: (part, epsilon) => columns(part, (v, mean, variance) => (v - mean) / (variance + epsilon)),
    }),
  },
  {
    name: "rest filled up, ε outside",
    message: [/you filled up the last part/, /ε stands outside the root/],
    solution: (x, size, epsilon) => {
      const outside = (part: number[][]) =>
        columns(part, (v, mean, variance) => (v - mean) / (Math.sqrt(variance) + epsilon));
      return except({
        part: outside,
        rest: (part) => {
          const N = x.shape[0];
          return N < size ? outside(part) : outside(rows(x, N - size, N)).slice(size - part.length);
        },
      })(x, size, epsilon);
    },
  },
];
