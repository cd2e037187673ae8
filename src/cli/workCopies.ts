/** The learner's own copies of the notebooks, in work/: made where missing, never overwritten. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../train/files";

/** What happened to one notebook: copied for the first time, or a newer version put beside the learner's. */
export interface WorkCopy {
  notebook: string;
  copiedTo: string;
  kind: "new" | "newer version";
}

interface Notebook {
  cells: { cell_type: string; source: string | string[] }[];
}

/** Hash of the cells' sources: new outputs alone do not make a new version. */
function versionOf(path: string): string {
  const notebook = JSON.parse(readFileSync(path, "utf8")) as Notebook;
  const sources = notebook.cells.map((cell) => [cell.cell_type, [cell.source].flat().join("")]);
  return createHash("sha256").update(JSON.stringify(sources)).digest("hex").slice(0, 7);
}

/** A copy whose notebook the course no longer has under that name, and the one that has its topic now. */
export interface EarlierCopy {
  notebook: string;
  now?: string;
}

/** Which version each copy was made from: the learner's file itself changes as they work. */
type Ledger = Record<string, string>;

const ledgerIn = (folder: string) => join(folder, ".versions.json");

function readLedger(folder: string): Ledger {
  const path = ledgerIn(folder);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Ledger) : {};
}

function writeLedger(folder: string, ledger: Ledger): void {
  writeWhole(ledgerIn(folder), [`${JSON.stringify(ledger, null, 2)}\n`]);
}

const notebooksIn = (folder: string) => readdirSync(folder).filter((name) => name.endsWith(".ipynb"));

/**
 * Copies every notebook of `from` into `to` where it is missing. A notebook that has changed since the learner's
 * copy was made is put beside it as `name.new-<version>.ipynb`. Files in `to` are never changed or deleted.
 */
export function fillWork(from: string, to: string): WorkCopy[] {
  mkdirSync(to, { recursive: true });
  const versions = readLedger(to);
  const copies: WorkCopy[] = [];
  for (const notebook of notebooksIn(from)) {
    const source = join(from, notebook);
    const version = versionOf(source);
    const isNew = !existsSync(join(to, notebook));
    if (!isNew && versions[notebook] === version) continue;
    const copiedTo = isNew ? notebook : notebook.replace(/\.ipynb$/, `.new-${version}.ipynb`);
    versions[notebook] = version;
    if (existsSync(join(to, copiedTo))) continue;
    writeWhole(join(to, copiedTo), [readFileSync(source)]);
    copies.push({ notebook, copiedTo, kind: isNew ? "new" : "newer version" });
  }
  writeLedger(to, versions);
  return copies;
}

/** What a notebook is about, wherever it stands in the course: "06-mnist.ipynb" is about "mnist.ipynb". */
const topicOf = (notebook: string) => notebook.replace(/^\d+-/, "");

/**
 * The copies in `to` that belong to an earlier edition of the course. Each is told once: it leaves the ledger, while
 * its file stays. The learner's own notebooks were never in the ledger.
 */
function earlierCopies(from: string, to: string): EarlierCopy[] {
  const present = notebooksIn(from);
  const [kept, left] = [{} as Ledger, [] as string[]];
  for (const [notebook, version] of Object.entries(readLedger(to))) {
    if (present.includes(notebook)) kept[notebook] = version;
    else left.push(notebook);
  }
  if (left.length > 0) writeLedger(to, kept);
  return left
    .filter((notebook) => existsSync(join(to, notebook)))
    .map((notebook) => ({ notebook, now: present.find((name) => topicOf(name) === topicOf(notebook)) }));
}

/** Makes the learner's folder ready, and answers what they should know about it, one sentence each. */
export function prepareWork(from: string, to: string): string[] {
  const newer = fillWork(from, to)
    .filter(({ kind }) => kind === "newer version")
    .map(
      ({ notebook, copiedTo }) =>
        `${notebook} has a newer version; yours is untouched, the new one is ${join(to, copiedTo)}`,
    );
  const earlier = earlierCopies(from, to).map(
    ({ notebook, now }) =>
      `${notebook} belongs to an earlier edition of the course; it is untouched${now ? `, the lesson is now ${now}` : ""}`,
  );
  return [...newer, ...earlier];
}
