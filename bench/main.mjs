// `npm run bench [-- name … options]`: side-by-side timings with the peers, interleaved in one run.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { cores, frameworks } from "./contestants.mjs";
import { preparePython } from "./python.mjs";
import { comparison } from "./tasks/comparison.mjs";
import { eventLoop } from "./tasks/eventLoop.mjs";
import { grading } from "./tasks/grading.mjs";
import { memory } from "./tasks/memory.mjs";
import { normalization } from "./tasks/normalization.mjs";
import { profile } from "./tasks/profile.mjs";
import { sequences } from "./tasks/sequences.mjs";
import { steps } from "./tasks/steps.mjs";

const tasks = { steps, sequences, normalization, profile, comparison, eventLoop, memory, grading };
const usage = `usage: npm run bench [-- [${Object.keys(tasks).join("|")} …] [options]]
       npm run bench -- kernel [--help]: Jupyter kernels, apart from the rest
  --epochs N      epochs of the comparison (1; the article's are 10; fewer are extrapolated, and say so)
  --images N      training images of the comparison (60000)
  --rounds N      how often the contestants take turns (7)
  --quick         3 rounds, 6000 images, shorter measurements: does it work?
  --compile       a row for torch.compile (needs a C++ compiler; slow to start)
  --no-stock      without stock tfjs (10 s a step)
  --no-install    use the Python packages in .bench/ only if they are there
  --no-python     normlab alone
  --results DIR   where the numbers go (.bench/results)`;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, ".bench");

function parse() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      results: { type: "string", default: join(folder, "results") },
      ...{ epochs: { type: "string" }, images: { type: "string" }, rounds: { type: "string" } },
      ...{ quick: { type: "boolean" }, compile: { type: "boolean" }, help: { type: "boolean", short: "h" } },
      ...{
        "no-stock": { type: "boolean" },
        "no-install": { type: "boolean" },
        "no-python": { type: "boolean" },
      },
    },
  });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const unknown = positionals.find((name) => !Object.hasOwn(tasks, name));
  if (unknown !== undefined) throw new Error(`there is no benchmark "${unknown}"`);
  const number = (name, normal, least, most = Infinity) => {
    const value = Number(values[name] ?? normal);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new Error(`--${name} is "${values[name]}"; it must be a whole number from ${least}`);
  };
  const { quick = false } = values;
  return {
    names: positionals.length ? positionals : Object.keys(tasks),
    epochs: number("epochs", 1, 1),
    images: number("images", quick ? 6000 : 60_000, 1000, 60_000),
    rounds: number("rounds", quick ? 3 : 7, 1),
    seconds: quick ? 4 : 20,
    tensorSteps: quick ? 200 : 2000,
    compile: values.compile ?? false,
    stock: !values["no-stock"] && !quick,
    install: !values["no-install"],
    usePython: !values["no-python"],
    results: resolve(values.results),
  };
}

async function versionsOf(at) {
  const versions = {};
  for (const [name, start] of Object.entries(at)) {
    const peer = start(1);
    versions[name] = await peer.ask("hello").catch((error) => ({ error: error.message }));
    await peer.close();
  }
  return versions;
}

function commit() {
  try {
    return execFileSync("git", ["describe", "--always", "--dirty"], { cwd: root, encoding: "utf8" }).trim();
  } catch {
    return "unknown";
  }
}

// The kernels have a client and options of their own.
if (process.argv[2] === "kernel") {
  const { default: kernelBenchmark } = await import("./kernel.mjs");
  await kernelBenchmark(process.argv.slice(3));
  process.exit();
}
let options;
try {
  options = parse();
} catch (error) {
  console.error(`bench: ${error.message}\n${usage}`);
  process.exit(2);
}
const leftOut = [];
const log = (what) => console.error(`… ${what}`);
let python;
if (options.usePython) {
  const prepared = preparePython(folder, join(root, "bench/requirements.txt"), options);
  python = prepared.python;
  if (prepared.reason) leftOut.push(`PyTorch and Keras: ${prepared.reason}`);
} else {
  leftOut.push("PyTorch and Keras: --no-python");
}

mkdirSync(folder, { recursive: true });
mkdirSync(options.results, { recursive: true });
const checkpoints = mkdtempSync(join(folder, "checkpoints-"));
const at = frameworks({ images: options.images, python, checkpoints });
const machine = {
  ...{ cpu: cpus()[0].model, cores, memoryGiB: Math.round(totalmem() / 2 ** 30) },
  ...{
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    loadAverage: loadavg()[0],
  },
};
if (machine.loadAverage > 0.5) {
  console.error(
    `bench: the machine is busy (load ${machine.loadAverage.toFixed(1)}); the times will be too long, ratios less so.`,
  );
}
const report = {
  date: new Date().toISOString(),
  commit: commit(),
  machine,
  options,
  versions: await versionsOf(at),
};
for (const [name, { error }] of Object.entries(report.versions)) {
  if (error === undefined) continue;
  leftOut.push(`${name}: ${error}`);
  delete at[name];
}
const versions = Object.entries(report.versions).map(([name, { version }]) => `${name} ${version ?? "–"}`);
const texts = [
  `## normlab benchmark, ${report.date}, commit ${report.commit}`,
  `${machine.cpu}, ${cores} cores, ${machine.platform}, Node ${machine.node}, load ${machine.loadAverage.toFixed(2)}; ${versions.join("; ")}`,
];
try {
  for (const name of options.names) {
    const { text, ...result } = await tasks[name](at, { ...options, leftOut, log });
    report[name] = result;
    texts.push(text);
    console.log(`\n${text}`);
  }
} finally {
  rmSync(checkpoints, { recursive: true, force: true });
}
texts.push(`Left out: ${leftOut.length ? "" : "nothing"}\n${leftOut.map((line) => `- ${line}`).join("\n")}`);
console.log(`\n${texts.at(-1)}`);
report.leftOut = leftOut;
const name = report.date.replaceAll(":", "-").slice(0, 19);
for (const file of [name, "latest"]) {
  writeFileSync(join(options.results, `${file}.json`), `${JSON.stringify(report, null, 1)}\n`);
  writeFileSync(join(options.results, `${file}.md`), `${texts.join("\n\n")}\n`);
}
console.error(`\nAll numbers: ${join(options.results, `${name}.json`)} and .md`);
