// Normalization alone: forward in training mode, and backward to dx, dγ, dβ.
import { stepContestants } from "../contestants.mjs";
import { median, show, table } from "../statistics.mjs";

const settings = [
  { norm: "batchNorm", shape: [32, 26, 26, 32] },
  { norm: "batchNorm", shape: [32, 11, 11, 64] },
  { norm: "layerNorm", shape: [32, 26, 26, 32] },
  { norm: "layerNorm", shape: [32, 11, 11, 64] },
];
// These take less than a millisecond: before they count, the caches are warm again and the threads of the
// contestant before have stopped spinning.
const turn = { count: 40, warm_up: 0.2 };
const nameOf = ({ norm, shape }) => `${norm === "batchNorm" ? "BN" : "LN"} [${shape}]`;

export async function normalization(at, { rounds, leftOut, log }) {
  log("normalization alone");
  const contestants = stepContestants(at);
  for (const contestant of contestants) contestant.peer = at[contestant.framework](contestant.threads);
  const results = contestants.map(({ label }) => ({ label, times: {} }));
  for (const setting of settings) {
    for (let round = 0; round < rounds; round++) {
      for (const [i, { label, peer, options }] of contestants.entries()) {
        try {
          const { times } = await peer.ask("normalization", { ...setting, ...turn, ...options });
          (results[i].times[nameOf(setting)] ??= []).push(...times);
        } catch (error) {
          if (round === 0) leftOut.push(`${label}, ${nameOf(setting)}: ${error.message}`);
        }
      }
    }
  }
  await Promise.all(contestants.map(({ peer }) => peer.close()));

  const names = settings.map(nameOf);
  const medians = results.map(({ label, times }) => ({
    label,
    milliseconds: Object.fromEntries(names.map((name) => [name, times[name] && median(times[name])])),
  }));
  const ours = medians[0].milliseconds;
  const rows = (cell) =>
    medians.map((row) => [row.label, ...names.map((name) => show(cell(row.milliseconds[name], name)))]);
  return {
    medians,
    times: results,
    text: [
      "### Normalization forward + backward, median milliseconds",
      table(
        ["", ...names],
        rows((value) => value),
      ),
      "### Ratio normlab (1 thread) / other, lower is better for normlab",
      table(["", ...names], rows((value, name) => value && ours[name] / value).slice(1)),
    ].join("\n\n"),
  };
}
