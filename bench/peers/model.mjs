// The model of the source article in tfjs's own layers, as the MNIST lesson has it.
import tf from "@tensorflow/tfjs";

const normLayer = {
  none: () => [],
  batchNorm: () => [tf.layers.batchNormalization()],
  layerNorm: () => [tf.layers.layerNormalization()],
};

export function buildModel(norm) {
  const kernelInitializer = (seed) => tf.initializers.glorotUniform({ seed });
  const activation = "relu";
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        ...{ inputShape: [28, 28, 1], filters: 32, kernelSize: 3, activation },
        kernelInitializer: kernelInitializer(1),
      }),
      ...normLayer[norm](),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.conv2d({ filters: 64, kernelSize: 3, activation, kernelInitializer: kernelInitializer(2) }),
      ...normLayer[norm](),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 128, activation, kernelInitializer: kernelInitializer(3) }),
      tf.layers.dense({ units: 10, activation: "softmax", kernelInitializer: kernelInitializer(4) }),
    ],
  });
  model.compile({ optimizer: "adam", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  return model;
}
