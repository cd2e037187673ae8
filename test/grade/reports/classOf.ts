/** A class for the pages' tests: whose work became what, and what they wrote. */
import type { ExerciseGrade, Grades, QuestionGrade, StudentGrade } from "../../../dist/grade/grading/grade";
import type { HandedIn, WorksOf } from "../../../dist/grade/reports/works";

export const exercise = (fields: Partial<ExerciseGrade> = {}): ExerciseGrade => ({
  ...{ id: "a-b", notebook: "02-x.ipynb", points: 4, score: 4, status: "passed", results: [] },
  ...{ seed: 7, seconds: 1, ...fields },
});

export const question = (fields: Partial<QuestionGrade> = {}): QuestionGrade => ({
  ...{ id: "why", notebook: "02-x.ipynb", points: 2, score: null, ...fields },
});

export function studentOf(student: string, fields: Partial<StudentGrade> = {}): StudentGrade {
  const { exercises = [exercise()], questions = [question()] } = fields;
  const score = [...exercises, ...questions].reduce((sum, each) => sum + (each.score ?? 0), 0);
  return {
    ...{ student, firstName: "", lastName: "", email: "", lmsId: "", paths: [student] },
    ...{
      daysLate: 0,
      rawScore: score,
      latePenalty: 0,
      score,
      maxScore: 6,
      unread: 0,
      remarks: [],
      receipts: [],
    },
    ...{ exercises, questions, ...fields },
  };
}

export const gradesOf = (students: StudentGrade[], fields: Partial<Grades> = {}): Grades => ({
  ...{ format: "normlab-grade/1", assignment: "ps1", sandbox: "bubblewrap" },
  ...{ versions: { normlab: "0", node: "0" }, students, ...fields },
});

/** What was handed in, by student. */
export const works =
  (handedIn: Record<string, Partial<HandedIn>>): WorksOf =>
  ({ student }) => ({ sources: {}, answers: {}, ...handedIn[student] });

/** A page's text, without tags and style. */
export const textOf = (html: string): string =>
  html
    .replace(/<style>[^]*<\/style>/, "")
    .replace(/<[^>]+>/g, "")
    .replace(/\n+/g, "\n");

/** What must not become part of a page, whoever wrote it. */
export const evil = '</pre><script src="//x">alert(1)</script><img src=x onerror=alert(1)>';
