// Where a recorded training step's time goes: each kernel's, and what is left for drawing the batch and the loop.
import { show, table } from "../statistics.mjs";

const settings = [
  { of: "steps", id: "MNIST CNN with batch norm", norm: "batchNorm", batch: 32, count: 300, warm_up: 30 },
  { of: "sequences", id: "layerNormLstm", batch: 32, count: 60, warm_up: 10 },
  { of: "sequences", id: "transformer", batch: 32, count: 40, warm_up: 5 },
];

export async function profile(at, { log }) {
  const parts = [];
  for (const setting of settings) {
    log(`where a step's time goes: ${setting.id}`);
    const peer = at.normlab(1);
    parts.push(partsOf(setting, await peer.ask("profile", setting)));
    await peer.close();
  }
  return { parts, text: parts.map(({ text }) => text).join("\n\n") };
}

function partsOf(setting, { times, kernels }) {
  const step = times.reduce((sum, time) => sum + time) / times.length;
  const rows = Object.entries(kernels)
    .map(([name, { calls, milliseconds }]) => ({
      name,
      calls: calls / times.length,
      milliseconds: milliseconds / times.length,
    }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
  const shown = rows.filter(({ milliseconds }) => milliseconds >= 0.02 * step);
  const sum = (key, of) => of.reduce((total, row) => total + row[key], 0);
  const others = rows.filter((row) => !shown.includes(row));
  const outside = step - sum("milliseconds", rows);
  const line = (name, calls, milliseconds) => [
    name,
    calls,
    show(milliseconds),
    `${((100 * milliseconds) / step).toFixed(1)} %`,
  ];
  return {
    ...{ setting, step, rows, outside },
    text: [
      `### Where a step's time goes (${setting.id}, batch ${setting.batch}, one thread, mean)`,
      table(
        ["", "calls a step", "ms a step", "share"],
        [
          ...shown.map(({ name, calls, milliseconds }) => line(name, show(calls), milliseconds)),
          line(`${others.length} other kernels`, show(sum("calls", others)), sum("milliseconds", others)),
          line("outside kernels: drawing the batch, the loop", "", outside),
          line("a step", show(sum("calls", rows)), step),
        ],
      ),
    ].join("\n\n"),
  };
}
