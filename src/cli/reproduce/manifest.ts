/** manifest.json: what each figure and table was made from, so that what would come out the same is left alone. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Provenance } from "../../figures";
import { writeWhole } from "../../train/files";
import type { Sources } from "./sources";

/** A figure or table as the manifest tells of it. */
export interface ResultRecord {
  name: string;
  lesson: string;
  kind: "figure" | "table";
  /** What it shows, in words. */
  description: string;
  /** SHA-256 of each of its files. */
  files: Record<string, string>;
  /** What the figure or table itself says of where it comes from: its Runs, a seed. */
  provenance: Provenance;
  /** What the lesson had drawn and read when it was named: a bound that no result lacks. */
  sources: Sources;
}

/** What the manifest says about a lesson. */
export interface LessonRecord {
  /** Hash of everything that the results depend on: the lesson's text, the package's code, the setting. */
  inputs: string;
  results: ResultRecord[];
  /** The part that differs from run to run. */
  times: { totalSeconds: number; secondsPerCell: number[]; tables: Record<string, unknown> };
}

export interface Manifest {
  format: "normlab-figures/1";
  quick: boolean;
  versions: Record<string, string>;
  lessons: Record<string, LessonRecord>;
}

export const sha256 = (content: string | Uint8Array): string =>
  createHash("sha256").update(content).digest("hex");

export function versions(): Record<string, string> {
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
export function isComplete(record: LessonRecord | undefined, inputs: string, out: string): boolean {
  if (record?.inputs !== inputs) return false;
  return record.results.every(({ files }) =>
    Object.entries(files).every(([name, hash]) => {
      const path = join(out, name);
      return existsSync(path) && sha256(readFileSync(path)) === hash;
    }),
  );
}

/** Sorted keys and a fixed form. */
export function writeManifest(path: string, manifest: Manifest): void {
  const lessons = Object.fromEntries(Object.entries(manifest.lessons).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeWhole(path, [`${JSON.stringify({ ...manifest, lessons }, null, 1)}\n`]);
}
