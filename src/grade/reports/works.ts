/** What students handed in, beside their grades: pages show it, grades.json does not hold it. */
import type { StudentGrade } from "../grading/grade";
import type { GradedWork } from "../grading/gradeAll";

export type HandedIn = Pick<GradedWork, "sources" | "answers">;

/** The submission that a student's grade is of; nothing, where there is none. */
export type WorksOf = (student: StudentGrade) => HandedIn;

export function worksOf(graded: readonly GradedWork[]): WorksOf {
  // A grade keeps the list of its submission's paths.
  const byPaths = new Map(graded.map((work) => [work.submission.paths, work]));
  return ({ paths }) => byPaths.get(paths) ?? { sources: {}, answers: {} };
}
