/** Masks on their way through a model: a masked step is one that is not there. */
import * as tf from "@tensorflow/tfjs";
import { initBackend, layers } from "normlab";
import { beforeAll, describe, expect, it } from "vitest";

beforeAll(async () => {
  await initBackend();
});

const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });
const recurrent = { units: 3, kernelInitializer: seeded(1), recurrentInitializer: seeded(2) };
const apply = (layer: tf.layers.Layer, to: tf.SymbolicTensor | tf.SymbolicTensor[]) =>
  layer.apply(to) as tf.SymbolicTensor;
const embedding = () =>
  tf.layers.embedding({ inputDim: 5, outputDim: 3, maskZero: true, embeddingsInitializer: seeded(3) });

/** A model's output for one sentence of these words, in training and in inference. */
function outputs(build: (words: tf.SymbolicTensor) => tf.SymbolicTensor, sentence: number[]): number[][] {
  const words = tf.input({ shape: [null], dtype: "int32" });
  const model = tf.model({ inputs: words, outputs: build(words) });
  const x = tf.tensor([sentence], undefined, "int32");
  const training = model.apply(x, { training: true }) as tf.Tensor;
  return [training, model.predict(x) as tf.Tensor].map((y) => Array.from(y.dataSync()));
}

describe("a recurrent layer passes over masked steps", () => {
  const merges = ["add", "multiply", "average", "maximum", "minimum", "concatenate"] as const;
  it.each(merges)("after %s", (merge) => {
    const build = (words: tf.SymbolicTensor) => {
      const embedded = apply(embedding(), words);
      const led = apply(tf.layers.activation({ activation: "tanh" }), embedded);
      const merged = apply((tf.layers[merge] as (config: object) => tf.layers.Layer)({}), [embedded, led]);
      return apply(tf.layers.gru(recurrent), merged);
    };
    expect(outputs(build, [3, 1, 0, 0])).toEqual(outputs(build, [3, 1]));
  });

  it("after a sum with what two recurrent layers made of the same words", () => {
    const build = (words: tf.SymbolicTensor) => {
      const first = apply(tf.layers.gru({ ...recurrent, returnSequences: true }), apply(embedding(), words));
      const second = apply(tf.layers.gru({ ...recurrent, returnSequences: true }), first);
      return apply(tf.layers.gru(recurrent), apply(tf.layers.add() as tf.layers.Layer, [first, second]));
    };
    expect(outputs(build, [3, 1, 0, 0])).toEqual(outputs(build, [3, 1]));
  });

  it("after a sum whose last input alone has a mask, or has fewer words", () => {
    const layer = tf.layers.add() as tf.layers.Layer;
    const [x, y] = [tf.zeros([1, 3, 2]), tf.zeros([1, 3, 2])];
    const mask = (steps: number[]) => tf.cast([steps], "bool");
    const of = (masks: (tf.Tensor | null)[]) => layer.computeMask([x, y], masks as tf.Tensor[]) as tf.Tensor;
    expect(of([null, mask([1, 1, 0])]).arraySync()).toEqual([[1, 1, 0]]);
    expect(of([mask([1, 1, 1]), mask([1, 0, 0])]).arraySync()).toEqual([[1, 0, 0]]);
    expect(of([null, null])).toBeNull();
  });
});

describe("a mask is forgotten", () => {
  it("by the decoder of an encoder and decoder, which has steps of its own", () => {
    const build = (words: tf.SymbolicTensor) => {
      const code = apply(tf.layers.lstm(recurrent), apply(embedding(), words));
      const steps = apply(tf.layers.repeatVector({ n: 4 }), code);
      return apply(tf.layers.lstm({ ...recurrent, returnSequences: true }), steps);
    };
    expect(outputs(build, [3, 1, 0, 0])).toEqual(outputs(build, [3, 1]));
  });

  it("after a bidirectional layer, by a softmax", () => {
    const build = (words: tf.SymbolicTensor) => {
      const layer = tf.layers.gru(recurrent) as tf.RNN;
      const both = apply(tf.layers.bidirectional({ layer, mergeMode: "sum" }), apply(embedding(), words));
      return apply(tf.layers.softmax({}), both);
    };
    expect(outputs(build, [3, 1, 0])).toEqual(outputs(build, [3, 1]));
  });

  it("but not by a program's own arguments", () => {
    const mask = tf.cast([[1, 0]], "bool");
    const kwargs = { mask };
    const layer = tf.layers.gru(recurrent);
    layer.apply(tf.ones([1, 2, 3]), kwargs);
    expect(kwargs.mask).toBe(mask);
    const ofTwo = { mask: [null, mask] };
    const attention = layers.multiHeadAttention({ numHeads: 1, keyDim: 2 });
    const [query, value] = [tf.ones([1, 3, 3]), tf.range(0, 6).reshape([1, 2, 3])];
    const answers = [1, 2].map(() => attention.apply([query, value], ofTwo as object) as tf.Tensor);
    expect(ofTwo.mask).toEqual([null, mask]);
    expect(answers[1].dataSync()).toEqual(answers[0].dataSync());
  });
});

it("masking trains behind a layer with weights", () => {
  const layer = tf.layers.masking({ maskValue: 0 });
  const x = tf.tensor([[[0, 0], [2, 0]]]); // prettier-ignore
  const dx = tf.grad((x: tf.Tensor) => layer.apply(x) as tf.Tensor)(x);
  expect(dx.arraySync()).toEqual([[[0, 0], [1, 1]]]); // prettier-ignore
});
