/** What of a submission counts: the exercises' cells and the answers, found by their ids. */
import { unanswered } from "../../lesson/passes/questions";
import type { Handout } from "../assignment/handout";
import { hashOf } from "../assignment/release";
import type { Files } from "../zip";
import { isInFolder } from "./find";
import { BadNotebook, cellsOf, type SubmittedCell } from "./notebook";

export interface Work {
  /** The exercises' cells; what is not there was not handed in. */
  exercises: Record<string, string>;
  /** The answers to questions, Markdown; what is as it was handed out is left out. */
  answers: Record<string, string>;
  /** What a person should know: a notebook that can't be read, a cell that is gone, locked cells that were edited. */
  remarks: string[];
}

/** What is looked for. */
export type Assigned = Pick<Handout, "notebooks" | "exercises" | "questions"> &
  Partial<Pick<Handout, "name">>;

/** Cells by their id; where an editor has lost the ids, by what our metadata says. */
function cellsById(cells: SubmittedCell[]): Map<string, SubmittedCell[]> {
  const found = new Map<string, SubmittedCell[]>();
  for (const cell of cells) {
    const id = cell.id ?? cell.label;
    if (id !== undefined) found.set(id, [...(found.get(id) ?? []), cell]);
  }
  for (const cell of cells) {
    if (cell.label !== undefined && !found.has(cell.label)) found.set(cell.label, [cell]);
  }
  return found;
}

/** The cells that declare what an exercise asks for: some editors lose ids and metadata alike. */
function cellsLike(stub: string, cells: SubmittedCell[]): SubmittedCell[] {
  const declaration = /\b(?:function|const|let|class)\s+(\w+)/;
  const name = declaration.exec(stub)?.[1];
  return name === undefined
    ? []
    : cells.filter(({ kind, source }) => kind === "code" && declaration.exec(source)?.[1] === name);
}

const baseName = (path: string) => path.slice(path.lastIndexOf("/") + 1);

/**
 * The file that is a notebook of the assignment: of its name, or of a name that was made of it ("02-x-1.ipynb"), first
 * in a folder of the assignment's name; or the only one that is no other notebook's.
 */
function fileFor(notebook: string, files: Files, { name, notebooks }: Assigned): string | undefined {
  const isAnothers = (path: string) =>
    notebooks.some(({ file }) => file !== notebook && file === baseName(path));
  const stem = notebook.replace(/\.ipynb$/, "");
  const all = [...files.keys()]
    .filter((path) => /\.ipynb$/i.test(path) && !isAnothers(path))
    .sort((a, b) => a.length - b.length);
  const named = (paths: string[]) =>
    paths.find((path) => baseName(path) === notebook) ?? paths.find((path) => baseName(path).includes(stem));
  const ours = all.filter((path) => name !== undefined && isInFolder(path, name));
  return named(ours) ?? named(all) ?? (all.length === 1 ? all[0] : undefined);
}

/** Reads a student's files. It never throws for what a student did; the remarks tell. */
export function workIn(files: Files, assigned: Assigned): Work {
  const work: Work = { exercises: {}, answers: {}, remarks: [] };
  for (const { file, locked } of assigned.notebooks) {
    const path = fileFor(file, files, assigned);
    if (path === undefined) {
      work.remarks.push(`${file} is missing`);
      continue;
    }
    try {
      readNotebook(file, cellsOf(files.get(path)!), locked, assigned, work);
    } catch (error) {
      if (!(error instanceof BadNotebook)) throw error;
      work.remarks.push(`${file} can't be read: ${error.message}`);
    }
  }
  return work;
}

function readNotebook(
  file: string,
  all: SubmittedCell[],
  locked: Record<string, string>,
  { exercises, questions }: Assigned,
  work: Work,
): void {
  const cells = cellsById(all);
  const take = (id: string, stub?: string): SubmittedCell | undefined => {
    const found = cells.get(id) ?? (stub === undefined ? [] : cellsLike(stub, all));
    if (found.length === 0) work.remarks.push(`${file}: the cell ${id} is gone`);
    if (found.length > 1)
      work.remarks.push(`${file}: ${found.length} cells are called ${id}; the first counts`);
    return found[0];
  };
  for (const { id, notebook, stub } of exercises) {
    const cell = notebook === file ? take(`exercise-${id}`, stub) : undefined;
    if (cell) work.exercises[id] = cell.source;
  }
  for (const { id, notebook } of questions) {
    const cell = notebook === file ? take(`answer-${id}`) : undefined;
    const answer = cell?.source.trim();
    if (cell && answer && answer !== unanswered) work.answers[id] = cell.source;
  }
  const edited = Object.entries(locked).filter(([id, hash]) => {
    const [cell] = cells.get(id) ?? [];
    return cell !== undefined && hashOf(cell.source) !== hash;
  });
  for (const [id] of edited) work.remarks.push(`${file}: the locked cell ${id} was edited; it is not read`);
}
