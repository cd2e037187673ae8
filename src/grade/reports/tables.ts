/** Grades as the tables that other programs import. */
import { columnNamed, type CsvTable, csvText } from "../grading/csv";
import type { Grades, StudentGrade } from "../grading/grade";
import { fullName } from "./names";

/** The columns of `nbgrader export`. */
const nbgraderColumns = [
  ...["assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"],
  ...["raw_score", "late_submission_penalty", "score", "max_score"],
];

/** As `nbgrader export` writes them. */
export function gradesCsv({ assignment, due = "", students }: Grades): string {
  const rows = students.map((each) => ({
    assignment,
    duedate: due,
    timestamp: each.submitted ?? "",
    student_id: each.student,
    last_name: each.lastName,
    first_name: each.firstName,
    email: each.email,
    raw_score: each.rawScore,
    late_submission_penalty: each.latePenalty,
    score: each.score,
    max_score: each.maxScore,
  }));
  return csvText(nbgraderColumns, rows);
}

/** For Moodle's import, where its columns are mapped: an identifier, a grade, a comment. */
export function moodleCsv({ students }: Grades): string {
  const rows = students.map((each) => ({
    Identifier: each.lmsId ? `Participant ${each.lmsId}` : "",
    "Full name": fullName(each),
    "Email address": each.email,
    Grade: each.score,
    "Maximum grade": each.maxScore,
    "Feedback comments": summaryOf(each),
  }));
  const header = ["Identifier", "Full name", "Email address", "Grade", "Maximum grade", "Feedback comments"];
  return csvText(header, rows);
}

/** One line a student can do something with. */
function summaryOf({ exercises, unread }: StudentGrade): string {
  const parts = exercises.map(({ id, score, points }) => `${id} ${score}/${points}`);
  return [...parts, ...(unread > 0 ? [`${unread} answers not read yet`] : [])].join(", ");
}

/**
 * The instructor's own Canvas export with one column filled in (or added, for Canvas to make the assignment of). Students
 * are found by ID, SIS Login ID or name; the others' rows stay as they are.
 *
 * @returns also who was graded and is not in it
 */
export function canvasCsv(
  { assignment, students }: Grades,
  table: CsvTable,
): { text: string; missing: string[] } {
  const { delimiter, header, rows } = table;
  const [id, login, name] = [
    columnNamed(header, "ID"),
    columnNamed(header, "SIS Login ID"),
    columnNamed(header, "Student"),
  ];
  // Canvas writes its own number behind the name: "ps1 (4711)".
  const column = header.find((each) => each.replace(/ \(\d+\)$/, "") === assignment) ?? assignment;
  const at = (row: Record<string, string>, key: string | undefined) =>
    key === undefined ? "" : row[key].trim();
  const missing: string[] = [];
  const filled = rows.map((row) => ({ ...row }) as Record<string, string>);
  for (const each of students) {
    const fullName = `${each.lastName}, ${each.firstName}`;
    const row =
      filled.find((row) => each.lmsId !== "" && at(row, id) === each.lmsId) ??
      filled.find((row) => at(row, login) !== "" && at(row, login) === each.student) ??
      filled.find((row) => each.lastName !== "" && at(row, name) === fullName);
    if (row) row[column] = String(each.score);
    else missing.push(each.student);
  }
  return {
    text: csvText(header.includes(column) ? header : [...header, column], filled, delimiter),
    missing,
  };
}
