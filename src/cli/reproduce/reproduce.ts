/** Draws the figures and tables of lessons into a folder, one lesson after the other. */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { makeFolder } from "../../train/files";
import { courseRuns } from "../../train/stored/store";
import { codeHash } from "../../kernel/project";
import { projectRoot } from "../jupyter";
import { isComplete, type Manifest, sha256, versions, writeManifest } from "./manifest";
import { runLesson } from "./runLesson";

export interface ReproduceOptions {
  /** Paths of lessons; by default all. */
  lessons: readonly string[];
  out: string;
  quick?: boolean;
  force?: boolean;
  /** A folder for what is computed anew, instead of what is stored (train/stored/store.ts). */
  trained?: string;
  /** Ends the lesson under way when it is aborted; the promise rejects. */
  signal?: AbortSignal;
  onProgress?: (text: string) => void;
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

const hashOfStored = () =>
  sha256(
    readdirSync(courseRuns)
      .map((name) => sha256(readFileSync(join(courseRuns, name))))
      .join(),
  );

/**
 * Draws the named figures and tables of the lessons into a folder. What is there already and would come out the
 * same is left alone, so a run that was interrupted goes on with the lesson it was at.
 */
export async function reproduce(options: ReproduceOptions): Promise<Manifest> {
  const { out, quick = false, force = false, trained, signal, onProgress = () => undefined } = options;
  makeFolder(out);
  const path = join(out, "manifest.json");
  const earlier = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Manifest) : undefined;
  const manifest: Manifest = {
    format: "normlab-figures/1",
    quick,
    versions: versions(),
    lessons: earlier?.quick === quick ? { ...earlier.lessons } : {},
  };
  // A changed figure function, or another stored result, draws all figures anew.
  const code = [codeHash(), hashOfStored()];
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
    const { results, times } = await runLesson(
      { path: lessonPath, file, out },
      { quick, trained, signal },
      (index, cells) => {
        if (index > 0) endCell();
        const left = timeLeft(secondsPerCell, cells, last?.times.secondsPerCell);
        const elapsed = duration((performance.now() - start) / 1000);
        onProgress(
          `${id} (${i + 1}/${options.lessons.length}): cell ${index + 1}/${cells}, ${elapsed}, ${left}\n`,
        );
      },
    );
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
