/**
 * What a student reads of their grade. Of hidden tests it tells what kind of thing went wrong and which mistake it is, and
 * no test, seed, input or expected value: those stand in `message`, which is not shown here.
 */
import type { CheckResult } from "../../checks/report";
import type { FindingKind } from "../../checks/finding";
import type { ExerciseGrade, ExerciseStatus, Grades, QuestionGrade, StudentGrade } from "../grading/grade";
import { formulaStyle } from "./formulas";
import { escapeHtml, pageHtml, sentenceHtml } from "./html";
import { markdownHtml } from "./markdown";
import { fullName } from "./names";

const kinds: Record<FindingKind, string> = {
  misconception: "there is a mistake in the formula",
  type: "it returns nothing, or something of another type than it must",
  shape: "the result has another shape than it must",
  "not finite":
    "NaN or infinity stands where a number must: is there a division by 0, or the root of a negative number?",
  factor: "every value is off by the same factor, or has the wrong sign",
  values: "the values are not right",
  error: "it stops with an error",
  inputs: "it changes its inputs",
  other: "the answer is not right",
};

const statuses: Record<ExerciseStatus, string> = {
  passed: "all tests passed",
  failed: "",
  "not done": "not done: it is as it was handed out, or still throws the exercise's own error",
  missing: "not handed in",
  ungraded: "not graded yet",
  refused: "the kernel refuses this cell, so it could not be tested",
};

/** What may be said of a test that failed. */
export const toldOf = ({ misconception, kind = "other" }: CheckResult): string =>
  misconception ?? kinds[kind];

const line = (sign: string, text: string, told = "") =>
  `<li>${sign} ${sentenceHtml(text)}${told && `: ${sentenceHtml(told)}`}</li>`;

/** What a student is told of an exercise: a sentence, and of each test whether it passed and what went wrong. */
function toldOfExercise({ status, results, reason }: ExerciseGrade): {
  said: string[];
  tests: { passed: boolean; name: string; told: string }[];
} {
  const passed = results.filter((result) => result.passed).length;
  const said =
    status === "failed" && results.length > 0
      ? `${passed} of ${results.length} tests passed`
      : statuses[status];
  const told = results.map((result) => (result.passed ? "" : toldOf(result)));
  return {
    said: [said, reason ?? ""].filter(Boolean),
    tests: results.map(({ passed, name }, i) => ({
      ...{ passed, name },
      told: !passed && told.indexOf(told[i]) < i ? "as above" : told[i],
    })),
  };
}

export function exerciseHtml(grade: ExerciseGrade): string {
  const { said, tests } = toldOfExercise(grade);
  const lines = tests.map(({ passed, name, told }) => line(passed ? "✓" : "✗", name, told));
  return `<section>
<h2><code>${escapeHtml(grade.id)}</code> · ${grade.score} of ${grade.points} points</h2>
<p>${said.map(sentenceHtml).join(". ")}</p>
${lines.length > 0 ? `<ul style="list-style: none; padding-left: 0">\n${lines.join("\n")}\n</ul>` : ""}
</section>`;
}

/** The same as plain text. */
export function exerciseText(grade: ExerciseGrade): string {
  const { said, tests } = toldOfExercise(grade);
  const lines = tests.map(({ passed, name, told }) => `${passed ? "✓" : "✗"} ${name}${told && `: ${told}`}`);
  return [said.join(". "), ...lines].filter(Boolean).join("\n");
}

function questionHtml({ id, points, score, comment }: QuestionGrade, answer: string | undefined): string {
  const told = score === null ? "not read yet" : `${score} of ${points} points`;
  return `<section>
<h2>Question <code>${escapeHtml(id)}</code> · ${told}</h2>
${answer === undefined ? '<p class="quiet">no answer</p>' : `<div class="answer">${markdownHtml(answer)}</div>`}
${comment ? markdownHtml(comment) : ""}
</section>`;
}

/** @param answers the student's answers to questions */
export function feedbackHtml(
  { assignment, due, sandbox }: Pick<Grades, "assignment" | "due" | "sandbox">,
  student: StudentGrade,
  answers: Readonly<Record<string, string>>,
): string {
  const { score, rawScore, latePenalty, maxScore, daysLate, unread, remarks, receipts } = student;
  const name = fullName(student);
  const late = latePenalty > 0 ? ` (${rawScore} earned, ${latePenalty} lost for ${daysLate} days late)` : "";
  const open = unread > 0 ? ` ${unread === 1 ? "One answer is" : `${unread} answers are`} not read yet.` : "";
  const remark = remarks.map((text) => `<li>${escapeHtml(text)}</li>`).join("\n");
  const body = [
    `<h1>${escapeHtml(assignment)}</h1>`,
    `<p class="quiet">${escapeHtml(name)}${due ? ` · due ${escapeHtml(due)}` : ""}</p>`,
    `<p><span class="score">${score} of ${maxScore} points</span>${late}.${open}</p>`,
    sandbox === "none"
      ? "<p><strong>Graded without protection (--unsafe): not to be relied on.</strong></p>"
      : "",
    remark && `<h2>About what you handed in</h2>\n<ul>\n${remark}\n</ul>`,
    ...student.exercises.map(exerciseHtml),
    ...student.questions.map((question) => questionHtml(question, answers[question.id])),
    '<p class="quiet">Each test counts the same within its exercise. Some of them you have seen in the notebook: the cell below the exercise says more about those.</p>',
    ...receipts.map(
      (receipt) => `<p class="quiet">Graded was the file of receipt <code>${receipt}</code>.</p>`,
    ),
  ].filter(Boolean);
  const html = body.join("\n");
  return pageHtml(`${assignment}: ${name}`, html, formulaStyle(html));
}

/** A file name made of a student's name, which may hold anything. */
export function fileNameOf(student: string, taken: ReadonlySet<string>): string {
  const safe =
    student
      .replace(/[\u0000-\u001f/\\:*?"<>|]/g, "_")
      .replace(/^\.+/, "_")
      .slice(0, 100) || "_";
  for (let i = 1; ; i++) {
    const name = `${safe}${i === 1 ? "" : `-${i}`}.html`;
    if (!taken.has(name)) return name;
  }
}
