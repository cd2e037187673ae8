import type { LessonCell, Pass, Variant } from "../lesson";
import { partsOfQuestion } from "../solutions";

/** What stands in an answer's cell when nobody has written there. */
export const unanswered = "*Double-click here and write your answer.*";

const folded = (answer: string) => `<details>\n<summary>A sample answer</summary>\n\n${answer}\n\n</details>`;

function cellsOf(question: LessonCell, file: string, { solutions, graded, course }: Variant): LessonCell[] {
  const { id, points = 0 } = question.attributes;
  const { text, sample } = partsOfQuestion(question, file);
  const source = `**Question** \`${id}\` · ${points} point${points === 1 ? "" : "s"}\n\n${text}`;
  const answer = solutions && sample ? sample : unanswered;
  const isAlone = course && sample && !solutions && !graded;
  return [
    { ...question, source },
    { ...question, role: "answer", source: answer },
    ...(isAlone ? [{ ...question, role: "sample" as const, source: folded(sample) }] : []),
  ];
}

/**
 * A question becomes its text and a cell for the answer (with `--solutions` the sample answer). Who learns alone finds the
 * sample answer folded below; what is graded has none.
 */
export const questions: Pass = (lesson, variant) => ({
  ...lesson,
  cells: lesson.cells.flatMap((cell) =>
    cell.role === "question" ? cellsOf(cell, lesson.file, variant) : [cell],
  ),
});
