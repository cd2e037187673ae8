// One training step of recurrent networks and a Transformer, batch 32.
import { cores, plural } from "../contestants.mjs";
import { median, show, table } from "../statistics.mjs";

const names = {
  lstm: "LSTM, 28 rows → 128",
  layerNormLstm: "… with layer norm in its gates",
  transformer: "Transformer, 2 blocks of 128, 64 characters",
};
const batch = 32;
const warmUp = 5;
const count = 10;

export async function sequences(at, { rounds, leftOut, log }) {
  const threads = [1, ...(cores > 1 ? [cores] : [])];
  const contestants = [
    { label: "normlab, 1 thread", peer: at.normlab(1) },
    ...["torch", "keras"].flatMap((framework) =>
      at[framework] === undefined
        ? []
        : threads.map((number) => {
            const peer = at[framework](number);
            return { label: `${peer.label}, ${plural(number, "thread")}`, peer };
          }),
    ),
  ];
  const results = contestants.map(({ label }) => ({ label, times: {} }));
  for (const name of Object.keys(names)) {
    log(`training step: ${names[name]}`);
    for (let round = -1; round < rounds; round++) {
      for (const [i, { label, peer }] of contestants.entries()) {
        try {
          const request = { name, batch, count: round < 0 ? warmUp : count };
          const { times } = await peer.ask("sequences", request);
          if (round >= 0) (results[i].times[name] ??= []).push(...times);
        } catch (error) {
          if (round < 0) leftOut.push(`${label}, ${names[name]}: ${error.message}`);
        }
      }
    }
  }
  await Promise.all(contestants.map(({ peer }) => peer.close()));

  const medians = results.map(({ label, times }) => ({
    label,
    milliseconds: Object.fromEntries(
      Object.keys(names).map((name) => [name, times[name] && median(times[name])]),
    ),
  }));
  const ours = medians[0].milliseconds;
  const rows = (cell) =>
    medians.map(({ label, milliseconds }) => [
      label,
      ...Object.keys(names).map((name) => show(milliseconds[name] && cell(milliseconds[name], name))),
    ]);
  return {
    medians,
    times: results,
    text: [
      "### A training step on sequences, batch 32, median milliseconds",
      table(
        ["", ...Object.values(names)],
        rows((value) => value),
      ),
      "### Ratio normlab (1 thread) / other, lower is better for normlab",
      table(["", ...Object.values(names)], rows((value, name) => ours[name] / value).slice(1)),
    ].join("\n\n"),
  };
}
