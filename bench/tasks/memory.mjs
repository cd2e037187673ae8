// Resident memory a worker adds, and whether tensors pile up.
import { cores } from "../contestants.mjs";
import { show, table } from "../statistics.mjs";

export async function memory(at, { seconds, tensorSteps, log }) {
  log(`memory of ${cores} workers, and tensors over ${tensorSteps} steps`);
  const peer = at.normlab();
  const { perWorker, before, peak } = await peer.ask("memory", { count: cores, seconds });
  const tensors = await peer.ask("tensors", { norm: "batchNorm", steps: tensorSteps });
  await peer.close();
  return {
    ...{ perWorker, before, peak, tensors },
    text: [
      "### Memory, MNIST CNN with batch norm, batch 32",
      table(
        ["", "MB"],
        [
          ["the process with the data, before", show(before)],
          [`with ${cores} workers training, peak`, show(peak)],
          ["a worker", show(perWorker)],
        ],
      ),
      `Tensors: ${tensors.before} before and ${tensors.after} after ${tensors.steps} steps.`,
    ].join("\n\n"),
  };
}
