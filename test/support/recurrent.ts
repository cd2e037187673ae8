/** Recurrent layers in float64, straight from their formulas, a row and a step at a time. */

export type Cell = "lstm" | "gru" | "simpleRnn";
type Row = number[];

export interface ReferenceSettings {
  cell: Cell;
  batch: number;
  steps: number;
  inputs: number;
  units: number;
  activation: string;
  recurrentActivation: string;
  goBackwards: boolean;
  returnSequences: boolean;
  resetAfter: boolean;
  normalization: "none" | "layerNorm" | "batchNorm";
  epsilon: number;
}

/** By the names of the kernels' inputs; absent ones are 0, a mask is 1. */
export type ReferenceValues = Record<string, ArrayLike<number>>;

export interface ReferenceResult {
  output: number[];
  states: number[][];
  /** Of batch norm: by sum (x, h, c) and step, the mean and variance of each column. */
  statistics: Record<string, { mean: Row; variance: Row }[]>;
}

const activations: Record<string, (x: number) => number> = {
  linear: (x) => x,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  hardSigmoid: (x) => Math.min(Math.max(0.2 * x + 0.5, 0), 1),
  relu: (x) => Math.max(x, 0),
  elu: (x) => (x > 0 ? x : Math.exp(x) - 1),
};

/** Columns a unit has in the kernels. */
export const columnsPerUnit: Record<Cell, number> = { lstm: 4, gru: 3, simpleRnn: 1 };

export function reference(settings: ReferenceSettings, values: ReferenceValues): ReferenceResult {
  const { cell, batch, steps, inputs, units, normalization, epsilon } = settings;
  const width = columnsPerUnit[cell] * units;
  const phi = activations[settings.activation];
  const rho = activations[settings.recurrentActivation];
  const rowsOf = (name: string, columns: number): Row[] =>
    Array.from({ length: batch }, (_, n) =>
      Array.from({ length: columns }, (_, i) => values[name]?.[n * columns + i] ?? 0),
    );
  const product = (row: Row, name: string): Row => {
    const sums = new Array<number>(width).fill(0);
    row.forEach((value, k) => sums.forEach((_, j) => (sums[j] += value * values[name][k * width + j])));
    return sums;
  };
  const add = (a: Row, b: Row) => a.map((value, i) => value + b[i]);
  const statistics: ReferenceResult["statistics"] = {};

  /** The rows of one sum normalized, by the gain's columns from `from` on. */
  const normalizeBlock = (
    rows: Row[],
    name: string,
    gain: string,
    from: number,
    counts: boolean[],
  ): Row[] => {
    if (normalization === "none") return rows;
    const along = normalization === "layerNorm";
    const moments = (all: number[]) => {
      const mean = all.reduce((a, b) => a + b, 0) / all.length;
      return { mean, variance: all.reduce((a, b) => a + (b - mean) ** 2, 0) / all.length };
    };
    const counted = rows.filter((_, n) => counts[n]);
    const ofColumns = rows[0].map((_, i) => moments(counted.length > 0 ? counted.map((row) => row[i]) : [0]));
    if (!along) {
      (statistics[name] ??= []).push({
        mean: ofColumns.map(({ mean }) => mean),
        variance: ofColumns.map(({ variance }) => variance),
      });
    }
    return rows.map((row) => {
      const ofRow = moments(row);
      return row.map((value, i) => {
        const { mean, variance } = along ? ofRow : ofColumns[i];
        const offset = name === "c" ? values.betaC[i] : 0;
        return (values[gain][from + i] * (value - mean)) / Math.sqrt(variance + epsilon) + offset;
      });
    });
  };
  /** A GRU's last block of columns has a norm of its own. */
  const normalizeSums = (rows: Row[], name: string, gain: string, counts: boolean[]): Row[] => {
    if (cell !== "gru" || normalization !== "layerNorm") return normalizeBlock(rows, name, gain, 0, counts);
    const gates = normalizeBlock(
      rows.map((row) => row.slice(0, 2 * units)),
      name,
      gain,
      0,
      counts,
    );
    const rest = normalizeBlock(
      rows.map((row) => row.slice(2 * units)),
      name,
      gain,
      2 * units,
      counts,
    );
    return gates.map((row, n) => [...row, ...rest[n]]);
  };
  const bias = (row: number): Row =>
    Array.from({ length: width }, (_, i) => values.bias?.[row * width + i] ?? 0);

  let h = rowsOf("h0", units);
  let c = rowsOf("c0", units);
  const outputs: Row[][] = [];
  for (let s = 0; s < steps; s++) {
    const t = settings.goBackwards ? steps - 1 - s : s;
    const x = h.map((_, n) =>
      Array.from({ length: inputs }, (_, i) => values.x[(n * steps + t) * inputs + i]),
    );
    const counts = h.map((_, n) => (values.mask?.[n * steps + t] ?? 1) !== 0);
    const xs = x.map((row) => product(row, "kernel"));
    const hs = h.map((row) => product(row, "recurrentKernel"));
    let nextH: Row[];
    let nextC = c;
    const part = (row: Row, gate: number) => row.slice(gate * units, (gate + 1) * units);
    if (cell === "simpleRnn") {
      const sums = normalizeSums(
        xs.map((row, n) => add(row, hs[n])),
        "h",
        "gammaH",
        counts,
      );
      nextH = sums.map((row) => add(row, bias(0)).map(phi));
    } else if (cell === "lstm") {
      const fromX = normalizeSums(xs, "x", "gammaX", counts);
      const fromH = normalizeSums(hs, "h", "gammaH", counts);
      const sums = fromX.map((row, n) => add(add(row, fromH[n]), bias(0)));
      nextC = sums.map((row, n) =>
        part(row, 2).map((g, i) => rho(part(row, 1)[i]) * c[n][i] + rho(part(row, 0)[i]) * phi(g)),
      );
      const shown = normalizeSums(nextC, "c", "gammaC", counts);
      nextH = sums.map((row, n) => part(row, 3).map((o, i) => rho(o) * phi(shown[n][i])));
    } else {
      const fromX = normalizeSums(xs, "x", "gammaX", counts).map((row) => add(row, bias(0)));
      const fromH = normalizeSums(hs, "h", "gammaH", counts);
      nextH = fromX.map((row, n) => {
        const inner = settings.resetAfter ? add(fromH[n], bias(1)) : fromH[n];
        const z = add(part(row, 0), part(inner, 0)).map(rho);
        const r = add(part(row, 1), part(inner, 1)).map(rho);
        const afterwards = part(inner, 2).map((value, i) => r[i] * value);
        const before = () =>
          part(
            product(
              h[n].map((value, i) => r[i] * value),
              "recurrentKernel",
            ),
            2,
          );
        const g = add(part(row, 2), settings.resetAfter ? afterwards : before()).map(phi);
        return g.map((value, i) => z[i] * h[n][i] + (1 - z[i]) * value);
      });
    }
    h = nextH.map((row, n) => (counts[n] ? row : h[n]));
    c = nextC.map((row, n) => (counts[n] ? row : c[n]));
    outputs.push(h);
  }
  const all = h.flatMap((_, n) => outputs.flatMap((step) => step[n]));
  return {
    output: settings.returnSequences ? all : h.flat(),
    states: cell === "lstm" ? [h.flat(), c.flat()] : [h.flat()],
    statistics,
  };
}

/** Differences of a function of several arrays, in each value of the array of that name. */
export function differences(
  f: (values: ReferenceValues) => number,
  values: ReferenceValues,
  name: string,
  step = 1e-5,
): number[] {
  return Array.from(values[name], (value, i) => {
    const at = (moved: number) => {
      const copy = Float64Array.from(values[name]);
      copy[i] = moved;
      return f({ ...values, [name]: copy });
    };
    return (at(value + step) - at(value - step)) / (2 * step);
  });
}
