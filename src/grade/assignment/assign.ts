/** Makes an assignment of lessons: what students get, and what grades it. */
import { randomInt } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { type Notebook, parseLesson } from "../../lesson";
import { writeWhole } from "../../train/files";
import { refuse } from "../../tensor/validate";
import { CourseworkError } from "../errors";
import { zipOf } from "../zip";
import { exercisesOf, type LessonExercise, questionsOf } from "./exercises";
import { isAssignmentName } from "./handout";
import { type ExerciseEntry, type Manifest, readManifest, writeManifest } from "./manifest";
import { type Overlay, readOverlay } from "./overlay";
import { checkMoment, type Policy } from "./policy";
import { hashOf, releasedNotebook, releaseOf } from "./release";

export interface AssignOptions {
  /** Letters, digits, hyphens and underscores: also the name of a folder, and nbgrader's. */
  name: string;
  /** Lessons' files, and the course's notebooks made of them. */
  lessons: { path: string; notebook: string }[];
  /** Which exercises and questions are graded; by default all. */
  only?: readonly string[];
  due?: string;
  policy: Policy;
  /** The instructor's own tests (overlay.ts). */
  private?: string;
  out: string;
}

/** An assignment before anything of it is written. */
export interface Prepared {
  manifest: Manifest;
  /** The instructor's own tests, JavaScript by exercise. */
  checks: Record<string, string>;
  /** The texts of the notebooks that are handed out, by their file. */
  released: Map<string, string>;
}

/** Writes `out`/release and `out`/grader. Done again, it keeps the seeds, so grades stay what they were. */
export async function assign(options: AssignOptions): Promise<Manifest> {
  const { name, out } = options;
  const [release, grader] = [join(out, "release"), join(out, "grader")];
  const prepared = prepare(options, grader);
  const { manifest, released } = prepared;
  const files = releaseOf(manifest, released);
  const zip = await zipOf(new Map([...files].map(([file, content]) => [`${name}/${file}`, content])));
  removeOther(release, [...files.keys(), `${name}.zip`]);
  for (const [file, content] of files) writeWhole(join(release, file), [content]);
  writeWhole(join(release, `${name}.zip`), [zip]);
  writeGrader(grader, prepared);
  return manifest;
}

/** What grades it; never handed out. */
export function writeGrader(grader: string, { manifest, checks }: Prepared): void {
  for (const [id, code] of Object.entries(checks)) writeWhole(join(grader, "checks", `${id}.js`), [code]);
  writeManifest(grader, manifest);
}

/** @param grader where what grades it will lie, and may lie already: its seeds are kept */
export function prepare(options: Omit<AssignOptions, "out">, grader: string): Prepared {
  const { name, due, policy } = options;
  if (!isAssignmentName(name)) refuse("NAME", name, "made of letters, digits, hyphens and underscores");
  if (due !== undefined) checkMoment("--due", due);
  const lessons = options.lessons.map(({ path, notebook }) => {
    const [file, text] = [`lessons/${basename(path)}`, readFileSync(path, "utf8")];
    const executed = existsSync(notebook)
      ? (JSON.parse(readFileSync(notebook, "utf8")) as Notebook)
      : undefined;
    const released = releasedNotebook(name, { file, text }, executed);
    return { lesson: parseLesson(text, file), file: basename(path).replace(/\.md$/, ".ipynb"), released };
  });

  const wanted = chosen(
    lessons.flatMap(({ lesson, file }) => exercisesOf(lesson, file)),
    lessons.flatMap(({ lesson, file }) => questionsOf(lesson, file)),
    options.only,
  );
  if (wanted.exercises.length + wanted.questions.length === 0) {
    const files = lessons.map(({ file }) => file).join(", ");
    throw new CourseworkError(`there is nothing to grade in ${files}: no exercise and no question`);
  }
  const overlay = options.private
    ? readOverlay(
        options.private,
        wanted.exercises.map(({ id }) => id),
      )
    : { seeds: {}, checks: {} };
  const manifest: Manifest = {
    format: "normlab-assignment/1",
    name,
    ...(due !== undefined && { due }),
    policy,
    notebooks: lessons.map(({ lesson, file, released: { text, locked } }) => ({
      file,
      title: lesson.title,
      hash: hashOf(text),
      locked,
    })),
    exercises: withChecks(wanted.exercises, overlay, seedsIn(grader)),
    questions: wanted.questions,
  };
  const released = new Map(lessons.map(({ file, released }) => [file, released.text]));
  return { manifest, checks: overlay.checks, released };
}

/** Those that were asked for. */
function chosen<Exercise extends { id: string }, Question extends { id: string }>(
  exercises: Exercise[],
  questions: Question[],
  only: readonly string[] | undefined,
): { exercises: Exercise[]; questions: Question[] } {
  if (only === undefined) return { exercises, questions };
  const all = [...exercises, ...questions].map(({ id }) => id);
  const wrong = only.find((id) => !all.includes(id));
  if (wrong !== undefined) refuse("--exercises", wrong, `one of ${all.join(", ")}`);
  return {
    exercises: exercises.filter(({ id }) => only.includes(id)),
    questions: questions.filter(({ id }) => only.includes(id)),
  };
}

function seedsIn(grader: string): Record<string, number> {
  if (!existsSync(join(grader, "manifest.json"))) return {};
  return Object.fromEntries(readManifest(grader).exercises.map(({ id, seed }) => [id, seed]));
}

function withChecks(
  exercises: LessonExercise[],
  overlay: Overlay,
  earlier: Record<string, number>,
): ExerciseEntry[] {
  return exercises.map(({ checkName, ...exercise }) => ({
    ...exercise,
    check: checkFor(exercise.id, checkName, overlay),
    seed: overlay.seeds[exercise.id] ?? earlier[exercise.id] ?? randomInt(1, 2 ** 31),
  }));
}

function checkFor(id: string, name: string, { checks }: Overlay): ExerciseEntry["check"] {
  return id in checks ? { file: `checks/${id}.js`, hash: hashOf(checks[id]) } : { name };
}

/** Notebooks and zips that an earlier call wrote and this one does not. */
export function removeOther(release: string, kept: readonly string[]): void {
  for (const name of existsSync(release) ? readdirSync(release) : []) {
    if (/\.(ipynb|zip)$/.test(name) && !kept.includes(name)) rmSync(join(release, name));
  }
}
