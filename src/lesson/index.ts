/** Lessons: Markdown in, notebooks out. */
import type { Lesson, Variant } from "./lesson";
import { type Notebook, toNotebook } from "./notebook";
import { parseLesson } from "./parse";
import { applyPasses } from "./passes";

export {
  type Attributes,
  type Lesson,
  type LessonCell,
  LessonError,
  type LessonLink,
  type Role,
  type Variant,
} from "./lesson";
export { type Notebook, type NotebookCell, notebookText, type Output } from "./notebook";
export { type Execution, fillOutputs, keepOutputs, unexecuted } from "./outputs";
export { parseLesson } from "./parse";
export { applyPasses } from "./passes";
export { solutionOf } from "./solutions";

/** A lesson's text as the notebook of one variant, without outputs. */
export function renderLesson(text: string, file: string, variant: Variant = {}): Notebook {
  const lesson: Lesson = applyPasses(parseLesson(text, file), variant);
  return toNotebook(lesson, variant);
}
