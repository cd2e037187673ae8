"""Keras 3 on TensorFlow for bench/: python keras_fit.py THREADS MNIST_FOLDER IMAGES"""
import os
import sys
import time

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf
from mnist import load_mnist, milliseconds, serve
from tensorflow.python.framework import test_util

import keras
from keras import layers

threads, folder, images = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
tf.config.threading.set_intra_op_parallelism_threads(threads)
tf.config.threading.set_inter_op_parallelism_threads(threads)
keras.utils.set_random_seed(0)

x, y, x_test, y_test = load_mnist(folder, images)
x, x_test = (a[..., None].astype("float32") / 255 for a in (x, x_test))
y, y_test = (keras.utils.to_categorical(a, 10) for a in (y, y_test))
split = int(len(x) * (1 - 0.1))
models = {}


def norm_layer(norm):
    if norm == "batchNorm":
        return [layers.BatchNormalization()]
    return [layers.LayerNormalization()] if norm == "layerNorm" else []


def prepare(id, norm, jit="auto"):
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            *[layers.Conv2D(32, 3, activation="relu"), *norm_layer(norm), layers.MaxPooling2D(2)],
            *[layers.Conv2D(64, 3, activation="relu"), *norm_layer(norm), layers.MaxPooling2D(2)],
            *[layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dense(10, activation="softmax")],
        ]
    )
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"], jit_compile=jit)
    models[id] = {"model": model, "order": np.random.permutation(split), "at": 0}
    return {}


def steps(id, batch, count):
    entry = models[id]

    def step():
        if entry["at"] + batch > split:
            entry["order"], entry["at"] = np.random.permutation(split), 0
        entry["at"] += batch
        indices = entry["order"][entry["at"] - batch : entry["at"]]
        entry["model"].train_on_batch(x[indices], y[indices])

    return {"times": milliseconds(step, count)}


def lstm():
    return keras.Sequential([keras.Input((28, 28)), layers.LSTM(128), layers.Dense(10, activation="softmax")])


class Places(layers.Layer):
    """Adds a learned vector for each place."""

    def build(self, shape):
        self.places = self.add_weight(shape=shape[1:], initializer="glorot_uniform")

    def call(self, x):
        return x + self.places


def transformer():
    """As in bench/peers/sequences.py."""
    tokens = keras.Input((64,), dtype="int32")
    x = Places()(layers.Embedding(65, 128)(tokens))
    for _ in range(2):
        normalized = layers.LayerNormalization()(x)
        x = x + layers.MultiHeadAttention(4, 32)(normalized, normalized, use_causal_mask=True)
        hidden = layers.Dense(512, activation="gelu")(layers.LayerNormalization()(x))
        x = x + layers.Dense(128)(hidden)
    return keras.Model(tokens, layers.Dense(65, activation="softmax")(layers.LayerNormalization()(x)))


def sequences(name, batch, count):
    """On numbers drawn at random: only its time counts."""
    if name not in ("lstm", "transformer"):
        raise ValueError("Keras has no layer norm in an LSTM's gates")
    if name not in models:
        models[name] = {"lstm": lstm, "transformer": transformer}[name]()
        models[name].compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])

    def step():
        if name == "lstm":
            inputs, targets = np.random.rand(batch, 28, 28).astype("float32"), np.random.randint(10, size=batch)
        else:
            text = np.random.randint(65, size=(batch, 65))
            inputs, targets = text[:, :-1], text[:, 1:]
        models[name].train_on_batch(inputs, targets)

    return {"times": milliseconds(step, count)}


def epoch(id, batch):
    """As in the source article: fit with a validation split."""
    began = time.perf_counter()
    history = models[id]["model"].fit(x, y, batch_size=batch, epochs=1, validation_split=0.1, verbose=0).history
    return {
        "seconds": time.perf_counter() - began,
        "accuracy": history["accuracy"][0],
        "validationAccuracy": history["val_accuracy"][0],
    }


def evaluate(id):
    return {"accuracy": float(models[id]["model"].evaluate(x_test, y_test, batch_size=100, verbose=0)[1])}


def normalization(norm, shape, count, warm_up, layout=None):
    layer = norm_layer(norm)[0]
    layer.build(shape)
    image, dy = tf.random.normal(shape), tf.random.normal(shape)

    @tf.function
    def step(image, dy):
        with tf.GradientTape() as tape:
            tape.watch(image)
            output = layer(image, training=True)
        return tape.gradient(output, [image, *layer.trainable_variables], output_gradients=dy)

    return {"times": milliseconds(lambda: step(image, dy)[0].numpy(), count, warm_up)}


def hello():
    library = "oneDNN" if test_util.IsMklEnabled() else "Eigen alone"
    return {"version": f"{keras.__version__}, TensorFlow {tf.__version__} ({library})", "threads": threads}


serve({f.__name__: f for f in (hello, prepare, steps, sequences, epoch, evaluate, normalization)})
