/** The learner's own copies of the notebooks, in work/: made where missing, never overwritten. */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

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

/**
 * Copies every notebook of `from` into `to` where it is missing. A notebook that has changed since the learner's
 * copy was made is put beside it as `name.new-<version>.ipynb`. Files in `to` are never changed or deleted.
 */
export function fillWork(from: string, to: string): WorkCopy[] {
  mkdirSync(to, { recursive: true });
  // Which version each copy was made from: the learner's file itself changes as they work.
  const ledger = join(to, ".versions.json");
  const versions: Record<string, string> = existsSync(ledger) ? JSON.parse(readFileSync(ledger, "utf8")) : {};
  const copies: WorkCopy[] = [];
  for (const notebook of readdirSync(from).filter((name) => name.endsWith(".ipynb"))) {
    const source = join(from, notebook);
    const version = versionOf(source);
    const isNew = !existsSync(join(to, notebook));
    if (!isNew && versions[notebook] === version) continue;
    const copiedTo = isNew ? notebook : notebook.replace(/\.ipynb$/, `.new-${version}.ipynb`);
    versions[notebook] = version;
    if (existsSync(join(to, copiedTo))) continue;
    copyFileSync(source, join(to, copiedTo));
    copies.push({ notebook, copiedTo, kind: isNew ? "new" : "newer version" });
  }
  writeFileSync(ledger, `${JSON.stringify(versions, null, 2)}\n`);
  return copies;
}
