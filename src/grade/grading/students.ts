/** From graded work to each student's grade: whose it is, when it came, what a person said of the answers. */
import { createRequire } from "node:module";
import { latenessOf } from "../assignment/policy";
import type { Manifest } from "../assignment/manifest";
import type { Submission } from "../collect/find";
import type { Sandbox } from "../box/sandbox";
import { rounded, sum, totalPoints } from "../../checks/points";
import type { Grades, QuestionGrade, StudentGrade } from "./grade";
import type { GradedAll, GradedWork } from "./gradeAll";
import type { Readings } from "./manual";
import { type Person, personOf } from "./roster";

const unknown = ({ student, lmsId = "" }: Submission): Person => ({
  ...{ student, lmsId, firstName: "", lastName: "", email: "" },
});

/** nbgrader's "2027-01-15 23:59:00.000000 UTC", or ISO 8601. */
function momentOf(timestamp: string | undefined): number | undefined {
  const moment = timestamp === undefined ? NaN : Date.parse(timestamp.replace(/(\.\d+)? ?UTC$/, "Z"));
  return Number.isNaN(moment) ? undefined : moment;
}

/**
 * @param roster without one, students are called as their files are
 */
export function gradesOf(
  manifest: Manifest,
  { graded, ungraded }: GradedAll,
  roster: readonly Person[] | undefined,
  readings: Readings,
  sandbox: Sandbox["name"],
): Grades {
  const students = new Map<string, StudentGrade>();
  for (const work of graded) {
    const found = roster && personOf(work.submission, roster);
    const person = found ?? unknown(work.submission);
    const grade = studentGrade(manifest, person, work, readings);
    if (roster && !found) grade.remarks.push(`${person.student} is not on the roster`);
    const earlier = students.get(person.student);
    if (earlier) {
      const paths = [...earlier.paths, ...grade.paths].join(", ");
      grade.remarks.push(`there are two submissions of this student (${paths}); the better one counts`);
    }
    if (!earlier || grade.score >= earlier.score) students.set(person.student, grade);
    else earlier.remarks.push(...grade.remarks.slice(-1));
  }
  for (const { submission, error } of ungraded) {
    const person = (roster && personOf(submission, roster)) ?? unknown(submission);
    const grade = studentGrade(manifest, person, undefined, readings, "ungraded");
    grade.paths = submission.paths;
    grade.remarks = [`could not be graded: ${error.message}`];
    students.set(person.student, grade);
  }
  for (const person of roster ?? []) {
    if (!students.has(person.student))
      students.set(person.student, studentGrade(manifest, person, undefined, readings));
  }
  const { version } = createRequire(__filename)("normlab/package.json") as { version: string };
  return {
    format: "normlab-grade/1",
    assignment: manifest.name,
    ...(manifest.due !== undefined && { due: manifest.due }),
    sandbox,
    versions: { normlab: version, node: process.versions.node },
    students: [...students.values()].sort((a, b) => (a.student < b.student ? -1 : 1)),
  };
}

function studentGrade(
  manifest: Manifest,
  person: Person,
  work: GradedWork | undefined,
  readings: Readings,
  why: "missing" | "ungraded" = "missing",
): StudentGrade {
  const { submitted: listed, ...identity } = person;
  const submitted = listed ?? momentOf(work?.timestamp);
  const questions = manifest.questions.map(({ id, notebook, points }): QuestionGrade => {
    const reading = readings.of(person.student, id);
    const isAnswered = work?.answers[id] !== undefined;
    return {
      id,
      notebook,
      points,
      score: reading?.score ?? (isAnswered ? null : 0),
      ...(reading?.comment && { comment: reading.comment }),
    };
  });
  const exercises =
    work?.exercises ??
    manifest.exercises.map(({ id, notebook, points, seed }) => ({
      ...{ id, notebook, points, score: 0, results: [], seed, seconds: 0 },
      status: why,
    }));
  const all = [...exercises, ...questions];
  const rawScore = sum(all.map(({ score }) => score ?? 0));
  const { daysLate, factor } = latenessOf(manifest.policy, manifest.due, person.student, submitted);
  const score = rounded(rawScore * factor);
  return {
    ...identity,
    paths: work?.submission.paths ?? [],
    receipts: work?.receipts ?? [],
    ...(submitted !== undefined && { submitted: new Date(submitted).toISOString() }),
    daysLate,
    maxScore: totalPoints(all),
    rawScore,
    latePenalty: rounded(rawScore - score),
    score,
    unread: questions.filter(({ score }) => score === null).length,
    ...{ exercises, questions },
    remarks: [...(work?.remarks ?? ["nothing was handed in"])],
  };
}
