// Where a training step's time goes: each kernel's own time, and what is left for tfjs and drawing batches.
import { show, table } from "../statistics.mjs";

const setting = { norm: "batchNorm", batch: 32, count: 300, warm_up: 30 };

export async function profile(at, { log }) {
  log("where a step's time goes");
  const peer = at.normlab(1);
  const { times, kernels } = await peer.ask("profile", setting);
  await peer.close();
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
  const inKernels = sum("milliseconds", rows);
  const line = (name, calls, milliseconds) => [
    name,
    calls,
    show(milliseconds),
    `${((100 * milliseconds) / step).toFixed(0)} %`,
  ];
  return {
    ...{ setting, step, rows },
    text: [
      "### Where a step's time goes (BN, batch 32, one thread, mean)",
      table(
        ["", "calls a step", "ms a step", "share"],
        [
          ...shown.map(({ name, calls, milliseconds }) => line(name, show(calls), milliseconds)),
          line(`${others.length} other kernels`, show(sum("calls", others)), sum("milliseconds", others)),
          line("outside kernels: tfjs, drawing the batch", "", step - inKernels),
          line("a step", show(sum("calls", rows)), step),
        ],
      ),
    ].join("\n\n"),
  };
}
