/**
 * Architectures drawn at random, on our backend and in float64: the outputs, and the loss's slope along a direction of
 * the input and of every weight. NORMLAB_ARCHITECTURES says how many, for a longer search.
 */
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { initBackend } from "normlab";
import { expect, it } from "vitest";
import { type Architecture, architecture, build, type Drawn } from "./architectures";
import { inFloat64 } from "./float64";
import { noise } from "./support";

const numRuns = Number(process.env.NORMLAB_ARCHITECTURES ?? 60);

/** What a model is run on: the input, its trainable weights, and what its output is multiplied with for the loss. */
interface Numbers {
  input: number[];
  weights: number[][];
  dy: number[];
}

it("architectures have float64's outputs and gradients", { timeout: 60_000 + numRuns * 2000 }, async () => {
  await initBackend();
  await fc.assert(
    fc.asyncProperty(architecture, async (drawn) => {
      // A kink between the two points of a difference misleads it once, but not with other numbers as well.
      const first = await compare(drawn);
      if (first.length > 0)
        expect(await compare({ ...drawn, seed: drawn.seed + 1 }), summary(drawn)).toEqual([]);
    }),
    { seed: 20_150_211, numRuns },
  );
});

/** What is wrong with the outputs and gradients of an architecture; nothing, if all is well. */
async function compare(drawn: Architecture): Promise<string[]> {
  const { numbers, output, gradients, names } = onWasm(drawn);
  const values = [numbers.input, ...numbers.weights];
  const total = norm(gradients.flat());
  // Each gradient counts alike, unless it is small beside the others: then it is mostly made of rounding errors.
  const scales = gradients.map((gradient) => 1 / (norm(gradient) + 0.01 * total + 0.01 * norm(numbers.dy)));
  // What is exactly 0 stays: a masked step is one only so.
  const directions = gradients.map((gradient, k) =>
    Array.from(
      noise(gradient.length, drawn.seed + 17 + k),
      (value, i) => value * scales[k] * Math.sign(values[k][i] ** 2),
    ),
  );
  const step = 1e-6 / Math.max(...scales);
  return inFloat64(() => {
    const { model, shape, words } = build(drawn);
    const run = (t: number, along: (k: number) => boolean) => {
      const moved = values.map((all, k) =>
        along(k) && directions[k].length > 0 ? all.map((value, i) => value + t * directions[k][i]) : all,
      );
      setWeights(model, moved.slice(1));
      const x = tf.tensor(moved[0], shape, words ? "int32" : "float32");
      return tf.tidy(() => Array.from((model.apply(x, { training: true }) as tf.Tensor).dataSync()));
    };
    const loss = (t: number, along: (k: number) => boolean) => dot(run(t, along), numbers.dy);
    const reference = run(0, () => false);
    const rounding = (1e-13 * (1 + norm(reference) * norm(numbers.dy))) / step;
    const differs = (along: (k: number) => boolean) => {
      const expected = (loss(step, along) - loss(-step, along)) / (2 * step);
      const actual = gradients.reduce(
        (sum, gradient, k) => sum + (along(k) ? dot(gradient, directions[k]) : 0),
        0,
      );
      return Math.abs(actual - expected) / (0.001 * Math.sqrt(gradients.length) + rounding) > 1
        ? `${actual} instead of ${expected}`
        : undefined;
    };
    const wrong: string[] = [];
    const error =
      norm(output.map((value, i) => value - reference[i])) /
      (norm(reference) + 0.01 * Math.sqrt(output.length));
    if (!(error < 1e-4)) wrong.push(`the output is off by ${error}`);
    if (differs(() => true)) {
      for (const [k, name] of names.entries()) {
        const difference = differs((i) => i === k);
        if (difference) wrong.push(`the slope along ${name} is ${difference}`);
      }
    }
    model.dispose();
    return wrong;
  });
}

/** The numbers for an architecture, and what our backend computes from them. */
function onWasm(drawn: Architecture): {
  numbers: Numbers;
  output: number[];
  /** Of the input (empty for words) and of the trainable weights. */
  gradients: number[][];
  names: string[];
} {
  return tf.tidy(() => {
    const built = build(drawn);
    const { model, shape, words } = built;
    const { seed } = drawn;
    const weights = model.trainableWeights.map((weight, k) => startOf(weight, seed + 100 + k));
    setWeights(model, weights);
    const input = inputOf(built, seed);
    const x = words ? tf.tensor(input, shape, "int32") : tf.variable(tf.tensor(input, shape));
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const all = words ? variables : [x as tf.Variable, ...variables];
    let y!: tf.Tensor;
    let dy!: Float32Array;
    const loss = () => {
      y = tf.keep(model.apply(x, { training: true }) as tf.Tensor);
      dy = noise(y.size, seed + 3);
      return tf.sum(tf.mul(y, tf.tensor(dy, y.shape))) as tf.Scalar;
    };
    const { grads } = tf.variableGrads(loss, all);
    const gradients = all.map((variable) => Array.from(grads[variable.name].dataSync()));
    const result = {
      numbers: { input, weights, dy: Array.from(dy) },
      output: Array.from(y.dataSync()),
      gradients: words ? [[], ...gradients] : gradients,
      names: ["the input", ...model.trainableWeights.map((weight) => weight.originalName)],
    };
    tf.dispose([y, x]);
    model.dispose();
    return result;
  });
}

/** Random numbers that float32 holds exactly; around the start of what starts at 0 or 1 (biases, γ, β). */
function startOf(weight: tf.LayerVariable, seed: number): number[] {
  const { shape } = weight;
  const start = weight.read().dataSync();
  const values = noise(start.length, seed);
  const isConstant = (start[0] === 0 || start[0] === 1) && start.every((value) => value === start[0]);
  const scale = isConstant ? 0.3 : 1 / Math.sqrt(start.length / shape[shape.length - 1]!);
  return Array.from(values, (value) => Math.fround((isConstant ? start[0] : 0) + scale * value));
}

/** Words, the last of each sentence being none; or numbers, the last step of each sequence being 0 (masked by some). */
function inputOf({ shape, words }: Drawn, seed: number): number[] {
  const [, steps, features = 1] = shape;
  return Array.from(noise(tf.util.sizeFromShape(shape), seed), (value, i) => {
    const step = Math.floor(i / features) % steps;
    if (words) return step === steps - 1 ? 0 : 1 + (Math.floor(1000 * Math.abs(value)) % (words - 1));
    return shape.length === 3 && step === steps - 1 ? 0 : value;
  });
}

function setWeights(model: tf.LayersModel, values: number[][]): void {
  model.trainableWeights.forEach((weight, k) => {
    weight.write(tf.tensor(values[k], weight.shape as number[]));
  });
}

function dot(a: number[], b: number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
function norm(a: number[]): number {
  return Math.sqrt(dot(a, a));
}

/** The layers, with their settings, for the message of a failure. */
function summary(drawn: Architecture): string {
  const { model } = build(drawn);
  const settings = (config: object) =>
    Object.entries(config)
      .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value) || Array.isArray(value))
      .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
      .join(", ");
  return model.layers.map((layer) => `${layer.getClassName()} { ${settings(layer.getConfig())} }`).join("\n");
}
