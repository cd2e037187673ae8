import { LessonError, type Pass } from "../lesson";
import { regionsOf } from "../solutions";

/** Markers are paired, and stand where they mean something: in exercises and questions. */
export const solutionMarkers: Pass = (lesson) => {
  for (const cell of lesson.cells) {
    const regions = regionsOf(cell, lesson.file);
    if (cell.role === "exercise" && regions.length === 0) {
      throw new LessonError(
        lesson.file,
        cell.line,
        "an exercise without a solution: mark it with // BEGIN SOLUTION and // END SOLUTION.",
      );
    }
    if (regions.length > 0 && cell.role !== "exercise" && cell.role !== "question") {
      const line = cell.line + regions[0].begin;
      throw new LessonError(
        lesson.file,
        line,
        "a solution outside an exercise: give the fence its role, `ts exercise id=… points=…`.",
      );
    }
  }
  return lesson;
};
