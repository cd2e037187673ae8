// How long the kernel's event loop waits while models train in workers on every core.
import { cores } from "../contestants.mjs";
import { show, table } from "../statistics.mjs";

export async function eventLoop(at, { seconds, log }) {
  // As in the MNIST lesson, or one model a core where there are more cores.
  const norms = ["none", "batchNorm", "layerNorm", ...Array(Math.max(0, cores - 3)).fill("none")];
  log(`event loop while ${norms.length} models train, ${seconds} s`);
  const peer = at.normlab();
  const delay = await peer.ask("eventLoop", { norms, seconds });
  await peer.close();
  return {
    delay,
    text: [
      `### Event loop of the caller's thread while ${norms.length} models train in workers on ${cores} cores`,
      table(
        ["", "p50 ms", "p99 ms", "max ms", "steps trained"],
        [
          [
            "delay (timer of 1 ms)",
            show(delay.p50),
            show(delay.p99),
            show(delay.max),
            delay.steps.join(" + "),
          ],
        ],
      ),
    ].join("\n\n"),
  };
}
