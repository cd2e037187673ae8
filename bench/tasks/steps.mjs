// One training step: draw a batch of MNIST, train on it, read loss and accuracy.
import { cores, stepContestants } from "../contestants.mjs";
import { median, show, table } from "../statistics.mjs";

const norms = { none: "none", batchNorm: "BN", layerNorm: "LN" };
const warmUp = 5;

export async function steps(at, { rounds, stock, compile, leftOut, log }) {
  const contestants = stepContestants(at);
  if (compile && at.torch) {
    contestants.push({
      ...{ framework: "torch", threads: 1, options: { layout: "channels_last", compiled: true } },
      label: "PyTorch, channels_last, torch.compile, 1 thread",
    });
  }
  for (const contestant of contestants) contestant.peers = [at[contestant.framework](contestant.threads)];
  if (cores > 1) {
    contestants.splice(1, 0, {
      ...{ framework: "normlab", threads: cores, options: {} },
      label: `normlab, ${cores} models side by side (time ÷ ${cores})`,
      peers: Array.from({ length: cores }, () => at.normlab(1)),
    });
  }

  const settings = [32, 128].flatMap((batch) => Object.keys(norms).map((norm) => ({ batch, norm })));
  const results = contestants.map(({ label }) => ({ label, times: {} }));
  for (const { batch, norm } of settings) {
    const id = `${norm} ${batch}`;
    log(`training step: ${norms[norm]}, batch ${batch}`);
    const active = [];
    for (const [i, { label, peers, options }] of contestants.entries()) {
      try {
        for (const peer of peers) {
          await peer.ask("prepare", { id, norm, ...options });
          await peer.ask("steps", { id, batch, count: warmUp });
        }
        active.push(i);
      } catch (error) {
        leftOut.push(`${label}, ${norms[norm]}, batch ${batch}: ${error.message}`);
      }
    }
    const count = batch === 32 ? 20 : 8;
    for (let round = 0; round < rounds; round++) {
      for (const i of active) {
        const { peers } = contestants[i];
        const answers = await Promise.all(peers.map((peer) => peer.ask("steps", { id, batch, count })));
        (results[i].times[id] ??= []).push(
          ...answers.flatMap(({ times }) => times.map((ms) => ms / peers.length)),
        );
      }
    }
  }
  for (const { peers } of contestants) await Promise.all(peers.map((peer) => peer.close()));
  if (stock) results.push(await stockSteps(at, leftOut, log));

  const ids = settings.map(({ norm, batch }) => `${norm} ${batch}`);
  const header = settings.map(({ norm, batch }) => `${norms[norm]} b${batch}`);
  const medians = results.map(({ label, times }) => ({
    label,
    milliseconds: Object.fromEntries(ids.map((id) => [id, times[id] && median(times[id])])),
  }));
  const ours = medians[0].milliseconds;
  return {
    medians,
    times: results,
    text: [
      "### A training step, median milliseconds",
      table(
        ["", ...header],
        medians.map(({ label, milliseconds }) => [label, ...ids.map((id) => show(milliseconds[id]))]),
      ),
      "### Ratio normlab (1 thread) / other, lower is better for normlab",
      table(
        ["", ...header],
        medians
          .slice(1)
          .map(({ label, milliseconds }) => [
            label,
            ...ids.map((id) => show(milliseconds[id] && ours[id] / milliseconds[id])),
          ]),
      ),
    ].join("\n\n"),
  };
}

/** Stock tfjs takes seconds a step: one step each, batch 32, no warm-up. */
async function stockSteps(at, leftOut, log) {
  const label = "stock tfjs (cpu backend), 1 thread, one step each";
  log(label);
  const peer = at.stock();
  const times = {};
  for (const norm of Object.keys(norms)) {
    const id = `${norm} 32`;
    await peer.ask("prepare", { id, norm });
    times[id] = (await peer.ask("steps", { id, batch: 32, count: 1 })).times;
  }
  await peer.close();
  leftOut.push(
    "stock tfjs, batch 128: about 40 s a step",
    "stock tfjs on wasm: it has no gradient of conv2d",
  );
  return { label, times };
}
