/** What an instructor handed out, as it reaches a student: a zip, or the folder that a browser or a person made of it. */
import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Handout, handoutFile, parseHandout } from "../assignment/handout";
import { CourseworkError } from "../errors";
import { type Files, filesOfZip } from "../zip";

export interface HandedOut {
  handout: Handout;
  /** The notebooks and the page for students, by name. */
  files: Files;
}

/** @throws CourseworkError that names the file, and what is wrong with it */
export async function readHandedOut(path: string): Promise<HandedOut> {
  if (!existsSync(path)) throw new CourseworkError(`${path} is not there`);
  const all = statSync(path).isDirectory() ? filesInFolder(path) : await filesInZip(path);
  const [shortest] = [...all.keys()]
    .filter((name) => name === handoutFile || name.endsWith(`/${handoutFile}`))
    .sort((a, b) => a.length - b.length);
  if (shortest === undefined) {
    throw new CourseworkError(
      `${path} is no assignment: there is no ${handoutFile} in it; give the zip that you were given, or its folder`,
    );
  }
  const folder = shortest.slice(0, -handoutFile.length);
  const text = Buffer.from(all.get(shortest)!).toString("utf8");
  const handout = parseHandout(text, join(path, shortest));
  const files: Files = new Map();
  for (const name of [...handout.notebooks.map(({ file }) => file), "README.md", handoutFile]) {
    const content = all.get(folder + name);
    if (content) files.set(name, content);
    else if (name.endsWith(".ipynb")) throw new CourseworkError(`${path} lacks ${name}; download it again`);
  }
  return { handout, files };
}

const isWanted = (path: string): boolean =>
  /\.ipynb$/.test(path) || /(^|\/)(README\.md|assignment\.json)$/.test(path);

async function filesInZip(path: string): Promise<Files> {
  try {
    return await filesOfZip(readFileSync(path), isWanted);
  } catch (error) {
    throw new CourseworkError(`${path}: ${(error as Error).message}; download it again`);
  }
}

/** The files of a folder and of the folders in it: unpacking may have put one around the other. */
function filesInFolder(folder: string): Files {
  const files: Files = new Map();
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const status = lstatSync(path);
    if (status.isFile() && isWanted(name)) files.set(name, readFileSync(path));
    if (!status.isDirectory()) continue;
    for (const inner of readdirSync(path)) {
      if (isWanted(inner) && lstatSync(join(path, inner)).isFile())
        files.set(`${name}/${inner}`, readFileSync(join(path, inner)));
    }
  }
  return files;
}
