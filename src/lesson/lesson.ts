/** A lesson in memory: what the parser reads and the passes turn, step by step, into a notebook's cells. */

/** What a cell is for: Markdown, and code. */
export type Role = TextRole | CodeRole;
type TextRole = "text" | "hint" | "question" | "answer" | "sample" | "why";
type CodeRole = "code" | "exercise" | "check" | "hidden";

/** The words after a fence's or container's role: `id=bn-forward points=4 difficulty=2 minutes=10`. */
export interface Attributes {
  id?: string;
  points?: number;
  /** From 1 (warm-up) to 5 (hard). */
  difficulty?: number;
  minutes?: number;
  /** What of normlab beside tensors an exercise may use when it is graded: files of src, "norm/standardize". */
  uses?: string[];
  /** What of tensors it does without: names that normlab exports. */
  without?: string[];
  /** Code that only draws or prepares: the notebook shows it when it is asked to. */
  folded?: boolean;
}

export interface LessonCell {
  kind: "markdown" | "code";
  role: Role;
  attributes: Attributes;
  source: string;
  /** Where the first line of `source` stands in the lesson's file, counted from 1. */
  line: number;
  /** The cell's id in the notebook; set by the pass `cellIds`. */
  id?: string;
  /** Hash of this code cell and of all before it; set by the pass `cellHashes`. */
  hash?: string;
}

export interface Lesson {
  /** The file's name without `.md`: "06-mnist". */
  id: string;
  /** The path that errors name: "lessons/06-mnist.md". */
  file: string;
  title: string;
  minutes: number;
  objectives: string[];
  prerequisites: string[];
  cells: LessonCell[];
}

/** A lesson, as others link to it. */
export type LessonLink = Pick<Lesson, "id" | "title">;

/** Which notebook is made of the lesson: coursework (none of these), the course's own, the instructor's, the graded one. */
export interface Variant {
  /** Exercises keep their solutions, questions show their sample answers. */
  solutions?: boolean;
  /** Hidden tests are included. */
  graded?: boolean;
  /**
   * It is one of the course's own, for who learns alone: with sample answers, and links to the lessons around it.
   * Coursework has neither.
   */
  course?: { previous?: LessonLink; next?: LessonLink };
}

/** One step on the way from the text to the notebook: one file in passes/. */
export type Pass = (lesson: Lesson, variant: Variant) => Lesson;

/** A mistake in a lesson's text, with the place where it is. */
export class LessonError extends Error {
  override readonly name: string = "LessonError";
  constructor(
    readonly file: string,
    readonly line: number,
    readonly problem: string,
  ) {
    super(`${file}:${line}: ${problem}`);
  }
}
