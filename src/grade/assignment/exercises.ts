/** What of a lesson is graded: its exercises, as the judge needs them, and its questions. */
import ts from "typescript";
import { type Lesson, type LessonCell, LessonError } from "../../lesson";
import { stubs } from "../../lesson/passes/stubs";
import { partsOfQuestion } from "../../lesson/solutions";
import { usualModules } from "../box/studentBuild";
import { definitionsBefore } from "./given";
import type { ExerciseEntry, QuestionEntry } from "./manifest";

/** What a hidden test says: checks.bnForward(batchNormForward, …) */
function callIn(cell: LessonCell, file: string): { check: string; solution: string } {
  const source = ts.createSourceFile("cell.ts", cell.source, ts.ScriptTarget.Latest, true);
  for (const statement of source.statements) {
    if (!ts.isExpressionStatement(statement) || !ts.isCallExpression(statement.expression)) continue;
    const { expression: callee, arguments: values } = statement.expression;
    const [solution] = values;
    if (
      ts.isPropertyAccessExpression(callee) &&
      callee.expression.getText(source) === "checks" &&
      solution !== undefined &&
      ts.isIdentifier(solution)
    ) {
      return { check: callee.name.text, solution: solution.text };
    }
  }
  throw new LessonError(
    file,
    cell.line - 1,
    "hidden tests that can't be graded outside the notebook; they must be checks.NAME(FUNCTION, …)",
  );
}

/** An exercise without what an assignment adds: whose check it is, and its seed. */
export type LessonExercise = Omit<ExerciseEntry, "check" | "seed"> & { checkName: string };

/** The exercises of a lesson as it was parsed. */
export function exercisesOf(lesson: Lesson, notebook: string): LessonExercise[] {
  const [handedOut, solved] = [stubs(lesson, {}), stubs(lesson, { solutions: true })];
  return lesson.cells.flatMap((cell, i) => {
    const { id = "", points = 0, uses = [], without = [] } = cell.attributes;
    if (cell.role !== "exercise") return [];
    const hidden = lesson.cells.find(({ role, attributes }) => role === "hidden" && attributes.id === id);
    if (!hidden)
      throw new LessonError(
        lesson.file,
        cell.line - 1,
        `exercise "${id}" has no hidden tests to grade it by`,
      );
    const { check, solution } = callIn(hidden, lesson.file);
    return [
      {
        ...{ id, notebook, points, solution },
        checkName: check,
        stub: handedOut.cells[i].source,
        sample: solved.cells[i].source,
        given: definitionsBefore(lesson, id),
        modules: [...usualModules, ...uses],
        forbidden: without,
      },
    ];
  });
}

/** The questions of a lesson as it was parsed, each with its sample answer. */
export function questionsOf(lesson: Lesson, notebook: string): QuestionEntry[] {
  return lesson.cells
    .filter(({ role }) => role === "question")
    .map((cell) => {
      const { id = "", points = 0 } = cell.attributes;
      return { id, notebook, points, ...partsOfQuestion(cell, lesson.file) };
    });
}
