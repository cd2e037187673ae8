/** `npm run reproduce`: every named figure and table of the lessons as files, with a manifest. */
import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { projectRoot } from "./jupyter";
import { lessonFiles } from "./lessons";
import type { LessonReport, LessonRequest, ResultRecord } from "./reproduceLesson";

const usage = `npm run reproduce [-- options]
  --only 05     only the lessons whose names begin so (may be repeated)
  --quick       the reduced setting (NORMLAB_QUICK=1), into .cache/figures
  --out FOLDER  another folder than figures/
  --force       also what is up to date`;

/** What the manifest says about a lesson. */
interface LessonRecord {
  /** Hash of everything that the results depend on: the lesson's text, the package's code, the setting. */
  inputs: string;
  results: ResultRecord[];
  /** The part that differs from run to run. */
  times: { totalSeconds: number; secondsPerCell: number[]; tables: Record<string, unknown> };
}

/** manifest.json */
export interface Manifest {
  format: "normlab-figures/1";
  quick: boolean;
  versions: Record<string, string>;
  lessons: Record<string, LessonRecord>;
}

export interface ReproduceOptions {
  /** Paths of lessons; by default all. */
  lessons: readonly string[];
  out: string;
  quick?: boolean;
  force?: boolean;
  onProgress?: (text: string) => void;
}

const sha256 = (content: string | Uint8Array) => createHash("sha256").update(content).digest("hex");

/** Hash of the built package: a changed figure function draws all figures anew. */
function codeHash(): string {
  const hash = createHash("sha256");
  const folder = join(projectRoot, "dist");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.(js|wasm)$/.test(name),
  );
  for (const name of names.sort()) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest("hex");
}

function versions(): Record<string, string> {
  const read = createRequire(__filename);
  const version = (name: string): string => (read(`${name}/package.json`) as { version: string }).version;
  return {
    normlab: version("normlab"),
    node: process.versions.node,
    tfjs: version("@tensorflow/tfjs"),
    plotly: version("plotly.js-dist"),
  };
}

/** Whether all results of a lesson are there as the manifest describes them. */
function isComplete(record: LessonRecord | undefined, inputs: string, out: string): record is LessonRecord {
  if (record?.inputs !== inputs) return false;
  return record.results.every(({ files }) =>
    Object.entries(files).every(([name, hash]) => {
      const path = join(out, name);
      return existsSync(path) && sha256(readFileSync(path)) === hash;
    }),
  );
}

function duration(seconds: number): string {
  return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

/** Time left, from the last run's times cell by cell; the first time, from the cells done so far. */
function timeLeft(done: readonly number[], cells: number, last?: readonly number[]): string {
  if (last?.length === cells)
    return `about ${duration(last.slice(done.length).reduce((a, b) => a + b, 0))} left`;
  if (done.length === 0) return "time left unknown";
  return `at this pace ${duration((done.reduce((a, b) => a + b, 0) / done.length) * (cells - done.length))} left`;
}

/** Runs one lesson in a process of its own. */
function runLesson(
  request: LessonRequest,
  quick: boolean,
  onCell: (index: number, cells: number) => void,
): Promise<Extract<LessonReport, { kind: "done" }>> {
  return new Promise((done, fail) => {
    const child = fork(join(__dirname, "reproduceLesson.js"), [JSON.stringify(request)], {
      cwd: projectRoot,
      env: { ...process.env, NORMLAB_QUICK: quick ? "1" : "" },
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let errors = "";
    let finished: Extract<LessonReport, { kind: "done" }> | undefined;
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (errors += text));
    child.on("message", (report: LessonReport) => {
      if (report.kind === "cell") onCell(report.index, report.cells);
      else finished = report;
    });
    child.on("error", fail);
    child.on("close", (status, signal) => {
      if (finished && status === 0) done(finished);
      else fail(new Error(`${request.file} ended with ${signal ?? `status ${status}`}:\n${errors.trim()}`));
    });
  });
}

/** Sorted keys and a fixed form, written beside and renamed: an interruption leaves the old manifest or the new. */
function writeManifest(path: string, manifest: Manifest): void {
  const lessons = Object.fromEntries(Object.entries(manifest.lessons).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(`${path}.new`, `${JSON.stringify({ ...manifest, lessons }, null, 1)}\n`);
  renameSync(`${path}.new`, path);
}

/**
 * Draws the named figures and tables of the lessons into a folder. What is there already and would come out the
 * same is left alone, so a run that was interrupted goes on with the lesson it was at.
 */
export async function reproduce(options: ReproduceOptions): Promise<Manifest> {
  const { out, quick = false, force = false, onProgress = () => undefined } = options;
  mkdirSync(out, { recursive: true });
  const path = join(out, "manifest.json");
  const earlier = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Manifest) : undefined;
  const manifest: Manifest = {
    format: "normlab-figures/1",
    quick,
    versions: versions(),
    lessons: earlier?.quick === quick ? { ...earlier.lessons } : {},
  };
  const code = codeHash();
  for (const [i, lessonPath] of options.lessons.entries()) {
    const file = relative(projectRoot, lessonPath).replaceAll("\\", "/");
    const id = file.replace(/^.*\//, "").replace(/\.md$/, "");
    const inputs = sha256(JSON.stringify([readFileSync(lessonPath, "utf8"), code, quick, manifest.versions]));
    const last = manifest.lessons[id];
    if (!force && isComplete(last, inputs, out)) {
      onProgress(`${id}: up to date\n`);
      continue;
    }
    const start = performance.now();
    const secondsPerCell: number[] = [];
    let cellStart = start;
    const endCell = () => {
      const now = performance.now();
      secondsPerCell.push((now - cellStart) / 1000);
      cellStart = now;
    };
    const { results, times } = await runLesson({ path: lessonPath, file, out }, quick, (index, cells) => {
      if (index > 0) endCell();
      const left = timeLeft(secondsPerCell, cells, last?.times.secondsPerCell);
      const elapsed = duration((performance.now() - start) / 1000);
      onProgress(
        `${id} (${i + 1}/${options.lessons.length}): cell ${index + 1}/${cells}, ${elapsed}, ${left}\n`,
      );
    });
    endCell();
    // What an earlier version of the lesson named and this one doesn't.
    const kept = new Set(results.flatMap(({ files }) => Object.keys(files)));
    for (const name of last?.results.flatMap(({ files }) => Object.keys(files)) ?? []) {
      if (!kept.has(name)) rmSync(join(out, name), { force: true });
    }
    const totalSeconds = (performance.now() - start) / 1000;
    manifest.lessons[id] = { inputs, results, times: { totalSeconds, secondsPerCell, tables: times } };
    writeManifest(path, manifest);
    onProgress(`${id}: ${results.length} results in ${duration(totalSeconds)}\n`);
  }
  writeManifest(path, manifest);
  return manifest;
}

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: "string", multiple: true },
      quick: { type: "boolean" },
      out: { type: "string" },
      force: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const folder =
    values.out ?? (values.quick ? join(projectRoot, ".cache", "figures") : join(projectRoot, "figures"));
  const out = resolve(folder);
  await reproduce({
    lessons: lessonFiles(values.only).map((name) => join(projectRoot, "lessons", name)),
    out,
    quick: values.quick,
    force: values.force,
    onProgress: (text) => process.stderr.write(text),
  });
  console.log(
    `The figures and tables are in ${relative(process.cwd(), out) || "."}, described by manifest.json.`,
  );
  return 0;
}

if (require.main === module) {
  main(process.argv.slice(2)).then(
    (status) => (process.exitCode = status),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    },
  );
}
