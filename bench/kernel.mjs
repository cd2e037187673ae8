// `npm run bench -- kernel`: normlab's kernel beside a stock tslab, Deno's kernel and ipykernel, in turns, by one client.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { pythonIn } from "../scripts/setup/python-packages.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bench = join(root, ".bench");
const denoVersion = "2.9.6";
const usage = `usage: npm run bench -- kernel [options]
  --rounds N      how often the kernels take turns (5)
  --cells N       cells in a row (200)
  --quick         one round, 40 cells: does it work?
  --no-install    use Deno only if it is in .bench/ already
  --results DIR   where the numbers go (.bench/results)`;

const python = pythonIn(join(root, ".venv"));

/** Deno's executable, installed from npm into .bench/ the first time. */
function deno(mayInstall) {
  const folder = join(bench, "deno");
  const executable = join(folder, "node_modules", ".bin", process.platform === "win32" ? "deno.cmd" : "deno");
  if (!existsSync(executable) && mayInstall) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    console.error("… installing Deno (once)");
    spawnSync("npm", ["install", "--no-audit", "--no-fund", `deno@${denoVersion}`], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
      shell: process.platform === "win32",
    });
  }
  return spawnSync(executable, ["--version"]).status === 0 ? executable : undefined;
}

/** The kernels, as Jupyter is told to start them. */
function kernelspecs(denoPath) {
  const node = process.execPath;
  const config = "--config-path={connection_file}";
  return {
    normlab: { argv: [node, join(root, "dist", "kernel", "main.js"), config], interrupt_mode: "message" },
    tslab: { argv: [node, join(root, "node_modules", "tslab", "bin", "tslab"), "kernel", config] },
    ...(denoPath && { deno: { argv: [denoPath, "jupyter", "--kernel", "--conn", "{connection_file}"] } }),
    ipykernel: { argv: [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"] },
  };
}

const typescript = "const aN = N + 1; aN";
const importOf = {
  normlab: 'import { batchNorm, tensor } from "normlab"; batchNorm(tensor([[1, 2], [3, 4]])).y.shape',
  deno: `import { createRequire } from "node:module";
const { batchNorm, tensor } = createRequire(${JSON.stringify(join(root, "cell.js"))})("normlab");
batchNorm(tensor([[1, 2], [3, 4]])).y.shape`,
};
importOf.tslab = importOf.normlab;

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

export default async function kernelBenchmark(args) {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: "string", default: "5" },
      cells: { type: "string", default: "200" },
      quick: { type: "boolean", default: false },
      "no-install": { type: "boolean", default: false },
      results: { type: "string", default: join(bench, "results") },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return void console.log(usage);
  const rounds = values.quick ? 1 : Number(values.rounds);
  const cells = values.quick ? 40 : Number(values.cells);
  const denoPath = deno(!values["no-install"]);
  if (!denoPath) console.error("bench: Deno is left out, because it is not installed.");

  // Inside the project, because a stock tslab finds packages only below the folder that it starts in.
  const cwd = join(bench, "kernel-notebooks");
  mkdirSync(cwd, { recursive: true });
  const data = join(bench, "kernel-jupyter");
  const specs = kernelspecs(denoPath);
  for (const [name, spec] of Object.entries(specs)) {
    const folder = join(data, "kernels", `bench-${name}`);
    mkdirSync(folder, { recursive: true });
    const language = name === "ipykernel" ? "python" : "typescript";
    writeFileSync(join(folder, "kernel.json"), JSON.stringify({ display_name: name, language, ...spec }));
  }
  const contestants = Object.keys(specs).map((name) => ({
    name,
    kernel: `bench-${name}`,
    cwd,
    trivial: name === "ipykernel" ? "aN = N + 1; aN" : typescript,
    import: importOf[name],
  }));

  const load = loadavg()[0];
  if (load > 0.5)
    console.error(`bench: the machine is busy (load ${load.toFixed(1)}); trust the ratios, not the times.`);
  const measured = await measure({ rounds, cells, contestants }, data);
  const rows = Object.keys(specs)
    .filter((name) => measured[name])
    .map((name) => summary(name, measured[name]));
  const machine = { cpu: cpus()[0].model, cores: cpus().length, node: process.versions.node, load };
  mkdirSync(values.results, { recursive: true });
  const file = join(values.results, "kernel.json");
  writeFileSync(
    file,
    `${JSON.stringify({ date: new Date().toISOString(), machine, rounds, cells, rows, measured }, null, 2)}\n`,
  );
  print(rows, { rounds, cells, machine });
  console.error(`… all numbers: ${file}`);
}

function measure(plan, data) {
  const measured = {};
  return new Promise((done, fail) => {
    const child = spawn(python, [join(root, "bench", "kernel_client.py")], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, JUPYTER_PATH: data, PYDEVD_DISABLE_FILE_VALIDATION: "1", NO_COLOR: "1" },
    });
    child.stdin.end(JSON.stringify(plan));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const { name, ...numbers } = JSON.parse(line);
      console.error(`… ${name}, round ${numbers.round + 1} of ${plan.rounds}`);
      (measured[name] ??= []).push(numbers);
    });
    child.on("close", (status) =>
      status === 0 ? done(measured) : fail(new Error(`the client ended with ${status}`)),
    );
  });
}

function summary(name, results) {
  const of = (key) => median(results.map((result) => result[key]));
  return {
    name,
    first: of("first"),
    trivial: of("trivial"),
    import: results[0]?.import === undefined ? undefined : of("import"),
    firstQuarter: of("firstQuarter"),
    lastQuarter: of("lastQuarter"),
    rssBefore: median(results.map(({ rss }) => rss[0])),
    rssAfter: median(results.map(({ rss }) => rss.at(-1))),
  };
}

function print(rows, { rounds, cells, machine }) {
  const stock = rows.find(({ name }) => name === "tslab");
  const ms = (value) => (value === undefined ? "–" : value < 100 ? value.toFixed(1) : value.toFixed(0));
  const table = rows.map((row) => [
    row.name,
    `${ms(row.first)}${stock ? ` (${(row.first / stock.first).toFixed(2)}×)` : ""}`,
    ms(row.trivial),
    ms(row.import),
    `${ms(row.firstQuarter)} → ${ms(row.lastQuarter)}`,
    `${row.rssBefore.toFixed(0)} → ${row.rssAfter.toFixed(0)}`,
  ]);
  const head = [
    "kernel",
    "first result, ms (of tslab's)",
    "trivial cell, ms",
    "imports normlab, ms",
    `${cells} cells, ms a cell`,
    "RSS, MiB",
  ];
  const line = (cellsOfLine) => `| ${cellsOfLine.join(" | ")} |`;
  console.log(
    `Medians of ${rounds} rounds; ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${machine.load.toFixed(1)}`,
  );
  console.log([line(head), line(head.map(() => "---")), ...table.map(line)].join("\n"));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await kernelBenchmark(process.argv.slice(2));
