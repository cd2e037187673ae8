/**
 * What is said to run on a web page, and one use of each part of it. The test runs `useAll` from a bundle in a browser
 * and as it is in Node; what the two answer is to be the same.
 */
import * as tf from "@tensorflow/tfjs";
import * as backend from "normlab/dist/backend";
import * as checks from "normlab/dist/checks";
import * as figures from "normlab/dist/figures";
import * as layers from "normlab/dist/layers";
import * as norm from "normlab/dist/norm";
import * as tensor from "normlab/dist/tensor";
import * as text from "normlab/dist/text";

// Exported, so that the bundle holds all of them and not only what is used below.
export { backend, checks, figures, layers, norm, tensor, text };

export interface Answers {
  batchNorm: Record<string, number[]>;
  /** Tokens of byte pairs, and the text that they are. */
  text: { tokens: number[]; decoded: string };
  wrong: { status: checks.ReportStatus; text: string; markdown: string };
  right: { status: checks.ReportStatus; text: string; markdown: string };
  figure: object;
  /** What a notebook on the page would show: only JSON and words where no picture can be drawn. */
  shown: object;
  training: { backend: string; kernels: string; losses: number[] };
}

/** `wasmPath` is for the page: in Node each package knows where its .wasm files are. */
export async function useAll(wasmPath?: string): Promise<Answers> {
  const figure = lossFigure();
  const live = wasmPath === undefined; // in Node what is not live is drawn, too
  return {
    batchNorm: normalized(),
    text: encoded("the whale, the white whale 🐳"),
    wrong: checked((variance, m) => variance.mul(m / (m - 1))),
    right: checked((variance) => variance),
    figure: figure.toJSON(),
    shown: await figure.toBundle({ live }),
    training: await trained(wasmPath),
  };
}

function normalized(): Record<string, number[]> {
  const x = tensor.randomNormal([4, 3, 3, 2], { seed: 1, mean: 5, standardDeviation: 3 });
  const { cache: _, ...result } = norm.batchNorm(x, { gamma: [0.5, 2], beta: [-1, 0.1] });
  return Object.fromEntries(Object.entries(result).map(([name, { data }]) => [name, Array.from(data)]));
}

function encoded(given: string): Answers["text"] {
  const vocabulary = text.bytePairVocabulary(given, { merges: 12 });
  const tokens = vocabulary.encode(given);
  return { tokens: Array.from(tokens), decoded: vocabulary.decode(tokens) };
}

/** A learner's batch norm, the variance as `change` leaves it. */
function checked(change: (variance: tensor.Tensor, m: number) => tensor.Tensor): Answers["wrong"] {
  const report = checks.bnForward((x, { gamma, beta, epsilon }) => {
    const mean = x.mean([0]);
    const variance = change(x.sub(mean).square().mean([0]), x.shape[0]);
    const xHat = x.sub(mean).div(variance.add(epsilon).sqrt());
    return { y: xHat.mul(gamma).add(beta), xHat, mean, variance };
  });
  return { status: report.status, text: report.toString(), markdown: report.toMarkdown() };
}

function lossFigure(): figures.Figure {
  const { uniform } = tensor.randomGenerator(2);
  const y = Float64Array.from({ length: 20 }, (_, step) => uniform() / (1 + step));
  const series = [
    { name: "batchNorm", y },
    { name: "none", y: y.map(Math.sqrt) },
  ];
  return figures.lines(series, { title: "Loss", xTitle: "step", yTitle: "loss", yScale: "log" });
}

/** Ten steps of a small convolutional network on random pictures. */
async function trained(wasmPath: string | undefined): Promise<Answers["training"]> {
  const { name, kernels } = await backend.initBackend({ wasmPath });
  const initializer = (seed: number) => tf.initializers.glorotUniform({ seed });
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [12, 12, 1],
        filters: 8,
        kernelSize: 3,
        kernelInitializer: initializer(1),
      }),
      layers.batchNorm(),
      tf.layers.reLU(),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 16, activation: "relu", kernelInitializer: initializer(2) }),
      layers.layerNorm(),
      tf.layers.dense({ units: 4, activation: "softmax", kernelInitializer: initializer(3) }),
    ],
  });
  model.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
  const images = tensor.randomNormal([16, 12, 12, 1], { seed: 4 });
  const x = tf.tensor(Float32Array.from(images.data), [16, 12, 12, 1]);
  const { integer } = tensor.randomGenerator(5);
  const labels = Int32Array.from({ length: 16 }, () => integer(4));
  const y = tf.oneHot(tf.tensor1d(labels, "int32"), 4);
  const losses: number[] = [];
  for (let step = 0; step < 10; step++) losses.push((await model.trainOnBatch(x, y)) as number);
  tf.dispose([x, y]);
  model.dispose();
  return { backend: name, kernels, losses };
}
