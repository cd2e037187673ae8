// `npm run mutants`: small faults are put into the sources, one at a time, to see which of them no test notices.
import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { installNodePackages } from "../setup/node-packages.mjs";

const usage = `usage: npm run mutants -- PATH… [options]
  PATH          a folder or a file of src/: tensor, figures/charts, norm/affine.ts
  --changed     the files that differ from the last commit
  --since REF   the files that differ from that commit or branch
  --sample N    at most N mutants a folder, drawn at random
  --seed S      another sample of that size (default: 1)
  --tests PATH  besides test/FOLDER, what else of test/ may notice a mutant (may be repeated)
Reports: .cache/mutants/FOLDER.html`;

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const reports = join(".cache", "mutants");

function git(...args) {
  return execFileSync("git", args, { cwd: root, encoding: "utf8" }).split("\n").filter(Boolean);
}

/** Files of src/ that differ from a commit, new ones included. */
function changedSince(commit) {
  const files = [
    ...git("diff", "--name-only", "--diff-filter=d", commit, "--", "src"),
    ...git("ls-files", "--others", "--exclude-standard", "src"),
  ];
  return files.filter((file) => file.endsWith(".ts") && !file.startsWith("src/backend/assembly/"));
}

/** A folder or file as a user names it, from the project's root: `tensor` and `src/tensor/` are `src/tensor`. */
function inside(top, name) {
  const path = join(top, name.replaceAll("\\", "/").replace(new RegExp(`^${top}/`), "")).replace(/\/$/, "");
  if (!existsSync(join(root, path))) throw new Error(`there is no ${path}`);
  return path;
}

/** A folder's files of that ending, or the file. */
const pattern = (path, ending) => (statSync(join(root, path)).isDirectory() ? `${path}/**/*${ending}` : path);

/** Stryker, whose packages only this command needs: the first time they are installed beside it. */
async function loadStryker() {
  await installNodePackages(here);
  return import("@stryker-mutator/core");
}

/** Has Stryker try the mutants of one folder of src/ and report what became of them. */
async function tryMutants(folder, files, { sample, seed, tests }) {
  const { Stryker } = await loadStryker();
  // For vitest.config.mts, which is read in processes of Stryker's.
  const wanted = [join("test", folder), ...tests].map((path) => pattern(path, ".test.ts"));
  process.env.NORMLAB_MUTANTS_TESTS = JSON.stringify(wanted);
  return new Stryker({
    mutate: [...files.map((file) => pattern(file, ".ts")), "!src/backend/assembly/**"],
    testRunner: "vitest",
    vitest: { configFile: "scripts/mutants/vitest.config.mts", related: false },
    buildCommand: "node ../../../../scripts/mutants/build.mjs",
    symlinkNodeModules: false,
    disableTypeChecks: false,
    checkers: ["sample"],
    sample: { size: sample, seed },
    plugins: ["@stryker-mutator/vitest-runner", join(here, "sample.mjs")],
    tempDirName: join(reports, "work"),
    cleanTempDir: "always",
    ignorePatterns: [".venv", ".cache", ".jupyter", ".bench", "/work", "/figures", "/instructor"],
    reporters: ["clear-text", "html", "json", process.stdout.isTTY ? "progress" : "progress-append-only"],
    clearTextReporter: { allowEmojis: false, logTests: false, reportTests: false },
    allowConsoleColors: process.stdout.isTTY,
    jsonReporter: { fileName: join(reports, `${folder}.json`) },
    htmlReporter: { fileName: join(reports, `${folder}.html`) },
    concurrency: 2,
    dryRunTimeoutMinutes: 30,
    // A machine with other work is slow, and a slow test is no test that noticed a mutant.
    timeoutMS: 30_000,
    logLevel: "warn",
    warnings: { unknownOptions: false },
  }).runMutationTest();
}

/** The paths by the folder of src/ in which they lie. */
function byFolder(paths) {
  const groups = new Map();
  for (const path of paths) {
    const [, folder] = path.split("/");
    groups.set(folder, [...(groups.get(folder) ?? []), path]);
  }
  return groups;
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      changed: { type: "boolean" },
      since: { type: "string" },
      sample: { type: "string", default: "1000000" },
      seed: { type: "string", default: "1" },
      tests: { type: "string", multiple: true, default: [] },
      help: { type: "boolean", short: "h" },
    },
  });
  const { changed, since = changed ? "HEAD" : undefined, seed } = values;
  if (values.help) return console.log(usage);
  if (positionals.length === 0 && since === undefined) throw new Error(`which folder?\n${usage}`);
  const sample = Number(values.sample);
  if (!(sample >= 1)) throw new Error(`--sample is a number of mutants, not ${values.sample}`);
  const paths = [
    ...positionals.map((name) => inside("src", name)),
    ...(since === undefined ? [] : changedSince(since)),
  ];
  const tests = values.tests.map((name) => inside("test", name));
  for (const [folder, files] of byFolder(paths)) {
    console.log(`— ${folder}`);
    await tryMutants(folder, files, { sample, seed, tests });
  }
}

try {
  await main();
} catch (error) {
  console.error(`mutants: ${error.message}`);
  process.exitCode = 2;
}
