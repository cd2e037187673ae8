/** results.json, as Gradescope documents it under "Autograder Specifications". */
import { latenessOf } from "../../assignment/policy";
import type { Manifest } from "../../assignment/manifest";
import type { Work } from "../../collect/work";
import type { WorkGrade } from "../../grading/grade";
import { rounded, sum, totalPoints } from "../../../checks/points";
import { exerciseText } from "../../reports/feedback";

interface GradescopeTest {
  name: string;
  score: number;
  max_score: number;
  status: "passed" | "failed";
  output: string;
  /** Nothing of a student's is taken for markup. */
  output_format: "text";
  visibility: "visible";
}

export interface GradescopeResults {
  score: number;
  execution_time: number;
  output: string;
  output_format: "text";
  visibility: "visible";
  /** What this program prints is for the instructor. */
  stdout_visibility: "hidden";
  tests: GradescopeTest[];
  extra_data: Record<string, unknown>;
}

/** What Gradescope knows of a submission, in submission_metadata.json. */
export interface Submitted {
  /** Milliseconds since 1970. */
  moment?: number;
  /** E-mail addresses and names of those whose it is. */
  people: string[];
}

const results = (
  fields: Pick<GradescopeResults, "score" | "output" | "tests" | "execution_time" | "extra_data">,
): GradescopeResults => ({
  ...fields,
  output_format: "text",
  visibility: "visible",
  stdout_visibility: "hidden",
});

/** What went wrong before there was anything to grade: no points, and a sentence why. */
export const ungraded = (why: string, seconds: number): GradescopeResults =>
  results({ score: 0, output: why, tests: [], execution_time: seconds, extra_data: { graded: false } });

export function resultsOf(
  manifest: Manifest,
  { exercises, sandbox }: WorkGrade,
  { answers, remarks }: Pick<Work, "answers" | "remarks">,
  submitted: Submitted,
  seconds: number,
): GradescopeResults {
  const { name, policy, due, questions } = manifest;
  const person = submitted.people.find((each) => Object.hasOwn(policy.extensions, each)) ?? "";
  const { daysLate, factor } = latenessOf(policy, due, person, submitted.moment);
  const earned = sum(exercises.map(({ score }) => score));
  const score = rounded(earned * factor);
  const toRead = questions.filter(({ id }) => id in answers).map(({ id }) => id);
  const lines = [
    sandbox === "none" ? "Graded without protection (UNSAFE=1): not to be relied on." : "",
    `${name}: ${score} of the ${totalPoints(exercises)} points for exercises.`,
    score < earned ? `${earned} earned, ${rounded(earned - score)} lost for ${daysLate} days late.` : "",
    questions.length > 0
      ? `Answers in words are not graded here: ${questions.length} questions, ${totalPoints(questions)} points. Handed in: ${toRead.join(", ") || "none"}.`
      : "",
    ...remarks.map((each) => `- ${each}`),
  ];
  return results({
    score,
    execution_time: seconds,
    output: lines.filter(Boolean).join("\n"),
    tests: exercises.map((grade) => ({
      name: grade.id,
      score: grade.score,
      max_score: grade.points,
      status: grade.status === "passed" ? "passed" : "failed",
      output: exerciseText(grade),
      output_format: "text",
      visibility: "visible",
    })),
    extra_data: {
      graded: true,
      sandbox,
      daysLate,
      exercises: exercises.map(({ id, status, seconds }) => ({ id, status, seconds })),
    },
  });
}
