/** `attention` on our backend and on tfjs's `cpu`: its definition, its gradient, and what masks must not change. */
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { attention, initBackend } from "normlab";
import { describe, expect, it } from "vitest";
import { noise, noiseTensor, on, relativeError } from "./support";

interface Case {
  examples: number;
  queries: number;
  keys: number;
  heads: number;
  width: number;
  valueWidth: number;
  causal?: boolean;
  /** Of the keys, those that are padding are drawn. */
  masked?: boolean;
}

const cases: Record<string, Case> = {
  "one head": { examples: 2, queries: 5, keys: 5, heads: 1, width: 4, valueWidth: 4 },
  "heads side by side": { examples: 2, queries: 6, keys: 6, heads: 3, width: 8, valueWidth: 8 },
  causal: { examples: 2, queries: 27, keys: 27, heads: 2, width: 8, valueWidth: 8, causal: true },
  "odd sizes": { examples: 3, queries: 13, keys: 17, heads: 2, width: 5, valueWidth: 7, masked: true },
  "causal, fewer queries than keys": {
    ...{ examples: 2, queries: 5, keys: 9, heads: 2, width: 3, valueWidth: 3, causal: true },
  },
  "causal, more queries than keys": {
    ...{ examples: 1, queries: 30, keys: 14, heads: 2, width: 3, valueWidth: 9, causal: true },
  },
  "causal, with padding": {
    ...{ examples: 3, queries: 26, keys: 26, heads: 2, width: 6, valueWidth: 4, causal: true, masked: true },
  },
  "one of everything": { examples: 1, queries: 1, keys: 1, heads: 1, width: 1, valueWidth: 1 },
  "longer than a block of the product's depth": {
    ...{ examples: 1, queries: 290, keys: 290, heads: 1, width: 4, valueWidth: 4, causal: true },
  },
};

const shapes = ({ examples, queries, keys, heads, width, valueWidth }: Case) => [
  [examples, queries, heads * width],
  [examples, keys, heads * width],
  [examples, keys, heads * valueWidth],
];

/** 1 where a key counts. Of the last example none does. */
function maskOf({ examples, keys, masked }: Case): number[] | undefined {
  if (!masked) return undefined;
  return Array.from(noise(examples * keys, 9), (value, i) =>
    value > -0.4 && i < (examples - 1) * keys ? 1 : 0,
  );
}

/** The definition in float64, one query after the other. */
function definition(c: Case, [q, k, v]: ArrayLike<number>[]) {
  const { examples, queries, keys, heads, width, valueWidth } = c;
  const mask = maskOf(c);
  const y = new Float64Array(examples * queries * heads * valueWidth);
  const p = new Float64Array(examples * heads * queries * keys);
  for (let n = 0; n < examples; n++)
    for (let h = 0; h < heads; h++)
      for (let i = 0; i < queries; i++) {
        const row = ((n * heads + h) * queries + i) * keys;
        let total = 0;
        for (let j = 0; j < keys; j++) {
          if ((c.causal && j > i) || (mask && !mask[n * keys + j])) continue;
          let score = 0;
          for (let d = 0; d < width; d++) {
            score +=
              q[((n * queries + i) * heads + h) * width + d] * k[((n * keys + j) * heads + h) * width + d];
          }
          total += p[row + j] = Math.exp(score / Math.sqrt(width));
        }
        for (let j = 0; j < keys; j++) {
          if (total > 0) p[row + j] /= total;
          for (let d = 0; d < valueWidth; d++) {
            y[((n * queries + i) * heads + h) * valueWidth + d] +=
              p[row + j] * v[((n * keys + j) * heads + h) * valueWidth + d];
          }
        }
      }
  return { y, p };
}

const optionsOf = (c: Case) => {
  const mask = maskOf(c);
  return { heads: c.heads, causal: c.causal, ...(mask && { mask: tf.tensor2d(mask, [c.examples, c.keys]) }) };
};

describe.each(["wasm", "cpu"] as const)("attention on the backend %s", (backend) => {
  it.each(Object.keys(cases))("is the definition's: %s", async (name) => {
    const c = cases[name];
    const values = shapes(c).map((shape, i) => noise(tf.util.sizeFromShape(shape), i + 1));
    const expected = definition(c, values);
    const [y, p] = await on(backend, () =>
      tf.tidy(() => {
        const [q, k, v] = shapes(c).map((shape, i) => noiseTensor(shape, i + 1));
        return Object.values(attention(q, k, v, optionsOf(c))) as tf.Tensor[];
      }),
    );
    expect(relativeError(y, expected.y)).toBeLessThan(1e-6);
    expect(relativeError(p, expected.p)).toBeLessThan(1e-6);
  });

  it.each(Object.keys(cases).filter((name) => !name.startsWith("longer")))(
    "has the gradient that the definition's differences have: %s",
    async (name) => {
      const c = cases[name];
      const values = shapes(c).map((shape, i) =>
        Float64Array.from(noise(tf.util.sizeFromShape(shape), i + 1)),
      );
      const dy = noise(definition(c, values).y.length, 7);
      const gradients = await on(backend, () =>
        tf.tidy(() => {
          const inputs = shapes(c).map((shape, i) => noiseTensor(shape, i + 1));
          const f = (...[q, k, v]: tf.Tensor[]) => attention(q, k, v, optionsOf(c)).y;
          return tf.grads(f)(inputs, tf.tensor(dy, [c.examples, c.queries, c.heads * c.valueWidth]));
        }),
      );
      const loss = () => definition(c, values).y.reduce((sum, value, i) => sum + value * dy[i], 0);
      for (const [k, gradient] of gradients.entries()) {
        // Along directions: all of a tensor's slopes at once.
        for (let seed = 20; seed < 24; seed++) {
          const direction = noise(gradient.length, seed);
          const start = values[k].slice();
          const at = (t: number) => {
            values[k].set(start.map((value, i) => value + t * direction[i]));
            return loss();
          };
          const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
          values[k].set(start);
          const actual = direction.reduce((sum, value, i) => sum + value * gradient[i], 0);
          const size = Math.sqrt(
            direction.reduce((sum, _, i) => sum + gradient[i] ** 2, 0) * direction.length,
          );
          expect(Math.abs(actual - slope), `input ${k}`).toBeLessThan(1e-5 * (size + 1));
        }
      }
    },
  );

  it("gives zeros, and no gradient, where there is nothing to attend to", async () => {
    const [y, p, ...gradients] = await on(backend, () =>
      tf.tidy(() => {
        const x = noiseTensor([2, 5, 6]);
        const mask = tf.tensor2d([0, 0, 0, 0, 0, 0, 1, 1, 1, 1], [2, 5]);
        const f = (...[q, k, v]: tf.Tensor[]) => attention(q, k, v, { heads: 2, causal: true, mask });
        const { y, probabilities } = f(x, x, x);
        return [y, probabilities, ...tf.grads((...all) => f(...all).y)([x, x, x], noiseTensor([2, 5, 6], 2))];
      }),
    );
    // All of the first example, and the first query of the second, whose own key is padding.
    expect(Array.from(y.subarray(0, 6 * 6))).toEqual(Array(36).fill(0));
    expect(y.subarray(6 * 6).every((value) => value !== 0)).toBe(true);
    expect(Array.from(p.subarray(0, 50))).toEqual(Array(50).fill(0));
    for (const gradient of gradients) {
      expect(gradient.every(Number.isFinite)).toBe(true);
      expect(gradient.subarray(0, 30).every((value) => value === 0)).toBe(true);
    }
  });

  it("takes sequences and batches of nothing", async () => {
    await on(backend, () =>
      tf.tidy(() => {
        for (const [examples, queries, keys] of [
          [0, 3, 3],
          [2, 0, 3],
          [2, 3, 0],
        ]) {
          const q = tf.zeros([examples, queries, 4]);
          const k = tf.zeros([examples, keys, 4]);
          const f = (...[q, k, v]: tf.Tensor[]) => attention(q, k, v, { heads: 2, causal: true }).y;
          const y = f(q, k, k);
          expect(y.shape).toEqual([examples, queries, 4]);
          expect(y.dataSync().every((value) => value === 0)).toBe(true);
          const gradients = tf.grads(f)([q, k, k], tf.ones(y.shape));
          expect(gradients.map(({ shape }) => shape)).toEqual([q.shape, k.shape, k.shape]);
          expect(gradients.every((g) => g.dataSync().every((value) => value === 0))).toBe(true);
        }
        return [];
      }),
    );
  });

  it("lets a key's NaN through to whom it reaches, and to no other", async () => {
    const [y] = await on(backend, () =>
      tf.tidy(() => {
        const values = noise(1 * 6 * 4, 3);
        values[2 * 4] = NaN;
        const x = noiseTensor([1, 6, 4]);
        const key = tf.tensor3d(values, [1, 6, 4]);
        return [attention(x, key, x, { heads: 1, causal: true }).y];
      }),
    );
    const rows = [0, 1, 2, 3, 4, 5].map((i) => y.subarray(i * 4, i * 4 + 4));
    expect(rows.map((row) => row.every(Number.isFinite))).toEqual([true, true, false, false, false, false]);
  });
});

describe("what a query may not see", () => {
  const sequence = fc.record({
    positions: fc.integer({ min: 2, max: 20 }),
    heads: fc.constantFrom(1, 2, 3),
    width: fc.integer({ min: 1, max: 9 }),
    seed: fc.integer({ min: 1, max: 1000 }),
    cut: fc.double({ min: 0, max: 1, noNaN: true }),
  });

  it("changes nothing, to the last bit, whatever stands there: what comes later, and padding", async () => {
    await initBackend();
    fc.assert(
      fc.property(sequence, fc.boolean(), ({ positions, heads, width, seed, cut }, causal) => {
        tf.tidy(() => {
          const shape = [2, positions, heads * width];
          const length = 1 + Math.floor(cut * (positions - 1));
          const first = noise(tf.util.sizeFromShape(shape), seed);
          const other = first.map((value, i) =>
            Math.floor(i / (heads * width)) % positions < length ? value : value * 37 + 5,
          );
          const isBefore = Array.from({ length: 2 * positions }, (_, i) => (i % positions < length ? 1 : 0));
          const mask = causal ? undefined : tf.tensor2d(isBefore, [2, positions]);
          const visible = [first, other].map((values) => {
            const x = tf.tensor(values, shape);
            const y = attention(x, x, x, { heads, causal, ...(mask && { mask }) }).y;
            return Array.from(tf.slice(y, [0, 0, 0], [2, length, heads * width]).dataSync());
          });
          expect(visible[1]).toEqual(visible[0]);
        });
      }),
      { seed: 20_170_612, numRuns: 40 },
    );
  });
});

describe("attention refuses", () => {
  const x = () => tf.zeros([2, 3, 4]);
  it.each<[string, RegExp, () => unknown]>([
    [
      "heads that do not fit",
      /query is of shape \[2, 3, 4\]; it must be .* for 3 heads/,
      () => attention(x(), x(), x(), { heads: 3 }),
    ],
    ["no heads", /attention: heads is undefined/, () => attention(x(), x(), x(), {} as never)],
    ["a matrix", /key is of shape \[3, 4\]/, () => attention(x(), tf.zeros([3, 4]), x(), { heads: 2 })],
    [
      "another batch",
      /key is of shape \[1, 3, 4\]; it must be of shape \[2, keys, 4\]/,
      () => attention(x(), tf.zeros([1, 3, 4]), x(), { heads: 2 }),
    ],
    [
      "more values than keys",
      /value is of shape \[2, 5, 4\]; it must be of shape \[2, 3, …\]/,
      () => attention(x(), x(), tf.zeros([2, 5, 4]), { heads: 2 }),
    ],
    [
      "a mask of queries and keys",
      /mask is of shape \[2, 3, 3\]; it must be of shape \[2, 3\]/,
      () => attention(x(), x(), x(), { heads: 2, mask: tf.ones([2, 3, 3]) }),
    ],
    [
      "whole numbers",
      /query is "int32"; it must be float32/,
      () => attention(tf.zeros([2, 3, 4], "int32"), x(), x(), { heads: 2 }),
    ],
    [
      "what is no tensor",
      /attention: query is an array of 1; it must be a tensor of tfjs/,
      () => attention([[1]] as never, x(), x(), { heads: 1 }),
    ],
  ])("%s", async (_, message, call) => {
    await initBackend();
    expect(call).toThrow(message);
  });
});
