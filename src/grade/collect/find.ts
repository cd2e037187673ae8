/**
 * Submissions as a folder holds them that was downloaded from an LMS:
 *
 * | who | what lies there |
 * |---|---|
 * | a person | `ada/…`, `ada.zip`, `ada.ipynb` |
 * | Canvas | `lovelaceada_LATE_4711_90210_ps1-submission.zip`: name, mark, the student's ID, the upload's ID, the file |
 * | Moodle | `Ada Lovelace_815_assignsubmission_file_/…`, or the same before a file's name |
 * | nbgrader | `ada/ps1/…ipynb`, with `timestamp.txt` |
 */
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { hashOf } from "../assignment/release";
import { CourseworkError } from "../errors";
import { BadZip, type Files, filesOfZip } from "../zip";
import { largestNotebook } from "./notebook";

export interface Submission {
  /** Who it is from: as the person named the file, or as the LMS did. */
  student: string;
  /** The LMS's number of the student, to be found in its list. */
  lmsId?: string;
  /** Files and folders, below the folder that was searched. */
  paths: string[];
}

const canvas = /^(?<student>[a-z0-9-]+?)_(?:LATE_)?(?<id>\d+)_\d+_.+$/i;
const moodle = /^(?<student>[^_]+)_(?<id>\d+)_assignsubmission_(?:file|onlinetext)_?/;

function ownerOf(name: string, isFolder: boolean): { student: string; lmsId?: string } {
  const match = moodle.exec(name) ?? canvas.exec(name);
  if (match?.groups) return { student: match.groups.student, lmsId: match.groups.id };
  return { student: isFolder ? name : name.replace(/\.(zip|ipynb)$/i, "") };
}

/** All submissions in a folder, by student; what belongs to nobody is left out. */
export function findSubmissions(folder: string): Submission[] {
  let entries: string[];
  try {
    entries = readdirSync(folder).sort();
  } catch (error) {
    throw new CourseworkError(
      `${folder} can't be read as a folder of submissions: ${(error as Error).message}`,
    );
  }
  const found = new Map<string, Submission>();
  for (const name of entries) {
    const status = lstatSync(join(folder, name));
    const isOurs = status.isDirectory() || (status.isFile() && /\.(zip|ipynb)$/i.test(name));
    if (!isOurs || name.startsWith(".")) continue;
    const owner = ownerOf(name, status.isDirectory());
    const key = owner.lmsId ?? owner.student;
    const submission = found.get(key) ?? { ...owner, paths: [] };
    submission.paths.push(name);
    found.set(key, submission);
  }
  return [...found.values()].sort((a, b) => (a.student < b.student ? -1 : 1));
}

/** In the order in which they are read, since not all may be. */
const notebooksFirst = (names: string[]): string[] =>
  names.sort((a, b) => Number(isNotebook(b)) - Number(isNotebook(a)) || (a < b ? -1 : 1));

/** What a submission may hold; what lies deeper or comes later is not read. */
export const folderLimits = { depth: 20, files: 1000 } as const;

/** Not what Jupyter and macOS put beside notebooks. */
const isNotebook = (path: string): boolean =>
  /\.ipynb$/i.test(path) && !/(^|\/)(\.ipynb_checkpoints|__MACOSX)\/|(^|\/)\._[^/]*$/.test(path);

/** A name that a stranger gave, for a terminal or a page: one line, and nothing that moves the cursor or turns the text. */
export const shownName = (name: string): string =>
  name.replace(
    /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** When it came, as nbgrader writes beside it; in a zip it would be the student's own word. */
const isTimestamp = (path: string): boolean => /(^|\/)timestamp\.txt$/.test(path);

/** In nbgrader's submitted/ a student's folder has one for each assignment; elsewhere often none. */
export const isInFolder = (path: string, assignment: string): boolean =>
  path.split("/").slice(0, -1).includes(assignment);

/** When the assignment was handed in, if nbgrader wrote it down. */
export function timestampIn(files: Files, assignment: string): string | undefined {
  const paths = [...files.keys()].filter(isTimestamp);
  const path = paths.find((each) => isInFolder(each, assignment)) ?? paths[0];
  return path === undefined ? undefined : Buffer.from(files.get(path)!).toString("utf8").trim();
}

export interface SubmittedFiles {
  files: Files;
  /** What could not be read, and why. */
  remarks: string[];
  /** SHA-256 of each zip: the receipts that `submit` has given for them. */
  receipts: string[];
}

/**
 * The notebooks of a submission, whether they lie in folders or in zips. Links are not followed: they could lead
 * anywhere.
 */
export async function filesOf(folder: string, { paths }: Submission): Promise<SubmittedFiles> {
  const files: Files = new Map();
  const remarks: string[] = [];
  const receipts: string[] = [];
  let count = 0;
  const add = (path: string, content: Uint8Array) => {
    if (files.has(path)) remarks.push(`${shownName(path)} was handed in twice; the first counts`);
    else files.set(path, content);
  };
  const visit = async (path: string, depth: number): Promise<void> => {
    if (++count > folderLimits.files) {
      if (count === folderLimits.files + 1)
        remarks.push(`there are more than ${folderLimits.files} files; those behind are not read`);
      return;
    }
    const status = lstatSync(path);
    const shown = relative(folder, path).split(sep).join("/");
    if (status.isSymbolicLink()) remarks.push(`${shownName(shown)} is a link, which is not followed`);
    else if (status.isDirectory()) {
      if (depth < folderLimits.depth)
        for (const name of notebooksFirst(readdirSync(path))) await visit(join(path, name), depth + 1);
      else remarks.push(`${shownName(shown)} lies too deep in folders, and is not read`);
    } else if (!status.isFile()) remarks.push(`${shownName(shown)} is no file`);
    else if (status.size > largestNotebook) remarks.push(`${shownName(shown)} is too large`);
    else if (/\.zip$/i.test(path)) {
      try {
        const zip = readFileSync(path);
        receipts.push(hashOf(zip));
        for (const [name, content] of await filesOfZip(zip, isNotebook)) add(name, content);
      } catch (error) {
        if (!(error instanceof BadZip)) throw error;
        remarks.push(`${shownName(shown)}: ${error.message}`);
      }
    } else if (isNotebook(shown) || isTimestamp(shown)) add(shown, readFileSync(path));
  };
  for (const path of paths) await visit(join(folder, path), 0);
  return { files, remarks, receipts };
}
