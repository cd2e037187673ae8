import type { LessonCell, Pass } from "../lesson";
import { partsOfQuestion } from "../solutions";

function cellsOf(question: LessonCell, file: string, withAnswer: boolean): LessonCell[] {
  const { id, points = 0 } = question.attributes;
  const { text, sample } = partsOfQuestion(question, file);
  const source = `**Question** \`${id}\` · ${points} point${points === 1 ? "" : "s"}\n\n${text}`;
  const answer = withAnswer && sample ? sample : "*Double-click here and write your answer.*";
  return [
    { ...question, source },
    { ...question, role: "answer", source: answer },
  ];
}

/** A question becomes two cells: its text, and one for the answer (the sample answer with `--solutions`). */
export const questions: Pass = (lesson, { solutions = false }) => ({
  ...lesson,
  cells: lesson.cells.flatMap((cell) =>
    cell.role === "question" ? cellsOf(cell, lesson.file, solutions) : [cell],
  ),
});
