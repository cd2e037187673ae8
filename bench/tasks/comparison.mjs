// The source article's experiment: three models, 54,000 images an epoch, validation after each, batch 32.
import { cores } from "../contestants.mjs";
import { median, show, table } from "../statistics.mjs";

const norms = ["none", "batchNorm", "layerNorm"];
const articleEpochs = 10;
const batch = 32;

/** All three models in one process with all threads, one after the other. */
function oneAfterTheOther(label, start, options) {
  const peer = start(cores);
  return {
    label,
    prepare: async () => {
      for (const norm of norms) await peer.ask("prepare", { id: norm, norm, ...options });
    },
    epoch: async () => {
      const models = {};
      for (const norm of norms) models[norm] = await peer.ask("epoch", { id: norm, batch });
      return models;
    },
    evaluate: (norm) => peer.ask("evaluate", { id: norm }),
    close: () => peer.close(),
  };
}

/** A single-threaded process for each model, all at once: the system shares the cores among them. */
function sideBySide(label, start, options) {
  const peers = Object.fromEntries(norms.map((norm) => [norm, start(1)]));
  return {
    label,
    prepare: () =>
      Promise.all(norms.map((norm) => peers[norm].ask("prepare", { id: norm, norm, ...options }))),
    epoch: async () => {
      const models = {};
      await Promise.all(
        norms.map(async (norm) => (models[norm] = await peers[norm].ask("epoch", { id: norm, batch }))),
      );
      return models;
    },
    evaluate: (norm) => peers[norm].ask("evaluate", { id: norm }),
    close: () => Promise.all(Object.values(peers).map((peer) => peer.close())),
  };
}

function ours(start) {
  const peer = start();
  return {
    label: "normlab: train() of all three",
    prepare: () => peer.ask("hello"),
    epoch: async (epoch) => (await peer.ask("epoch", { norms, epoch, batch })).models,
    evaluate: (norm) => peer.ask("evaluate", { id: norm }),
    close: () => peer.close(),
  };
}

export async function comparison(at, { epochs, images, leftOut, log }) {
  const systems = [
    ours(at.normlab),
    ...(at.torch
      ? [
          oneAfterTheOther(`PyTorch: default layout, ${cores} threads, one after the other`, at.torch, {
            layout: "default",
          }),
          oneAfterTheOther(`PyTorch: channels_last, ${cores} threads, one after the other`, at.torch, {
            layout: "channels_last",
          }),
          sideBySide("PyTorch: channels_last, one process a model, side by side", at.torch, {
            layout: "channels_last",
          }),
        ]
      : []),
    ...(at.keras
      ? [
          oneAfterTheOther(`Keras 3: fit, ${cores} threads, one after the other`, at.keras, {}),
          sideBySide("Keras 3: fit, one process a model, side by side", at.keras, {}),
        ]
      : []),
  ];
  const results = [];
  for (const system of systems) {
    try {
      await system.prepare();
      results.push({ system, label: system.label, seconds: [], models: [] });
    } catch (error) {
      leftOut.push(`${system.label}: ${error.message}`);
    }
  }
  for (let epoch = 1; epoch <= epochs; epoch++) {
    for (const result of results) {
      log(`comparison: epoch ${epoch} of ${epochs}, ${result.label}`);
      const began = performance.now();
      result.models.push(await result.system.epoch(epoch));
      result.seconds.push((performance.now() - began) / 1000);
    }
  }
  for (const result of results) {
    result.testAccuracy = {};
    for (const norm of norms) result.testAccuracy[norm] = (await result.system.evaluate(norm)).accuracy;
    delete result.system;
  }
  await Promise.all(systems.map((system) => system.close()));

  const total = (seconds) => seconds.reduce((sum, value) => sum + value, 0);
  const isWhole = epochs === articleEpochs && images === 60_000;
  const part = `${epochs} of ${articleEpochs} epochs, ${images} of 60000 images`;
  const column = isWhole ? "10 epochs, s" : `10 epochs, s, EXTRAPOLATED from ${part}`;
  const extrapolated = (seconds) => total(seconds) * (articleEpochs / epochs) * (60_000 / images);
  const percent = (accuracy) => `${(accuracy * 100).toFixed(2)} %`;
  return {
    results,
    isWhole,
    text: [
      `### Three models, batch 32, training and validation (${isWhole ? "the whole of it" : part})`,
      table(
        ["", "s an epoch (median)", column, "normlab / other", "test accuracy none", "BN", "LN"],
        results.map(({ label, seconds, testAccuracy }, i) => [
          label,
          show(median(seconds)),
          show(extrapolated(seconds)),
          i === 0 ? "" : show(total(results[0].seconds) / total(seconds)),
          ...norms.map((norm) => percent(testAccuracy[norm])),
        ]),
      ),
    ].join("\n\n"),
  };
}
