// Trains a tiny model with a checkpoint, as a script of its own that a test can kill:
//   node experiment.mjs FOLDER EPOCHS [epoch at whose end it kills itself]
// Prints the Run and a hash of the final weights.
import { createHash } from "node:crypto";
import tf from "@tensorflow/tfjs";
import { initBackend, loadMnist, train } from "normlab";

const [folder, epochs, dieAfter] = process.argv.slice(2);
await initBackend();
const initializer = (seed) => tf.initializers.glorotUniform({ seed });
const model = tf.sequential({
  layers: [
    tf.layers.flatten({ inputShape: [28, 28, 1] }),
    tf.layers.dense({ units: 12, activation: "relu", kernelInitializer: initializer(1) }),
    tf.layers.batchNormalization(),
    tf.layers.dropout({ rate: 0.2 }),
    tf.layers.dense({ units: 10, activation: "softmax", kernelInitializer: initializer(2) }),
  ],
});
model.compile({ optimizer: tf.train.adam(0.002), loss: "categoricalCrossentropy" });
const { train: examples, test } = loadMnist({ limit: 500 });
const run = await train(
  model,
  { train: examples, test },
  {
    name: "killed",
    epochs: Number(epochs),
    seed: 3,
    checkpoint: folder === "-" ? undefined : folder,
    onProgress: ({ epoch }) => {
      if (dieAfter !== undefined && epoch > Number(dieAfter)) process.kill(process.pid, "SIGKILL");
    },
  },
);
const weights = createHash("sha256");
for (const tensor of model.getWeights()) weights.update(Buffer.from(tensor.dataSync().buffer.slice(0)));
console.log(JSON.stringify({ run, weights: weights.digest("hex") }));
