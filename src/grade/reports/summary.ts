/**
 * The class on one page, to be shown in class or printed: it has no names. Who handed in nothing and the like is a page of
 * its own (students.ts): a section at the end of this one would go along when it is shown or sent.
 */
import type { ExerciseStatus, Grades } from "../grading/grade";
import {
  type ClassFacts,
  classFacts,
  type ExerciseFacts,
  type Mistake,
  type QuestionFacts,
} from "./classFacts";
import { escapeHtml, pageHtml, sentenceHtml } from "./html";
import type { WorksOf } from "./works";

const style = `
body { max-width: 60rem; }
.bar { print-color-adjust: exact; -webkit-print-color-adjust: exact; background: #4477aa; }
.bar.kind { background: #8a8a8a; }
figure { margin: 1rem 0 2rem; }
figcaption { margin-bottom: 0.6rem; }
.mistakes td { padding: 0.45rem 0.8rem 0.45rem 0; vertical-align: middle; }
.mistakes code, .mistakes .quiet { font-size: 0.9em; }
.mistakes .id { white-space: nowrap; }
.mistakes .track { width: 32%; min-width: 6rem; }
.mistakes .track .bar { height: 1rem; }
.histogram { table-layout: fixed; max-width: 40rem; }
.histogram thead { display: table-footer-group; }
.histogram th, .histogram td { border: 0; padding: 0 0.15rem; text-align: center; font-weight: normal; }
.histogram td { vertical-align: bottom; height: 9rem; border-bottom: 1px solid; }
.histogram th { font-size: 0.8rem; white-space: nowrap; }
th code { white-space: nowrap; }
.key { display: inline-block; width: 0.8rem; height: 0.8rem; vertical-align: -0.05rem; }
@media (max-width: 40rem) {
  .mistakes tr { display: grid; grid-template-columns: 1fr auto; padding: 0.5rem 0; border-bottom: 1px solid #8884; }
  .mistakes thead { display: none; }
  .mistakes td { border: 0; padding: 0.1rem 0.8rem 0.1rem 0; }
  .mistakes .sentence { grid-column: 1 / -1; }
  .mistakes .track { width: auto; }
  .histogram th { font-size: 0.62rem; }
}
@media print { tr, .histogram { break-inside: avoid; } }`;

/** Mistakes that the figure shows: it is of the commonest, and grades.json has them all. */
const longest = 25;

export function summaryHtml(grades: Grades, works: WorksOf): string {
  const facts = classFacts(grades, works);
  const { students, handedIn, nothing, ungraded } = facts;
  const missing = nothing === 0 ? "everybody handed in" : `${handedIn} handed in, ${nothing} did not`;
  const open = ungraded > 0 ? ` ${ungraded} could not be graded and are left out of all means.` : "";
  const body = [
    `<h1>${escapeHtml(grades.assignment)}: the class</h1>`,
    `<p>${counted(students, "student")}: ${missing}.${open}</p>`,
    grades.sandbox === "none"
      ? "<p><strong>Graded without protection (--unsafe): not to be relied on.</strong></p>"
      : "",
    histogramHtml(facts),
    mistakesHtml(facts.mistakes),
    exercisesHtml(facts.exercises),
    questionsHtml(facts.questions),
  ];
  return pageHtml(`${grades.assignment}: the class`, body.filter(Boolean).join("\n"), style);
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
const number = (value: number | string | undefined): string => `<td class="number">${value ?? "–"}</td>`;
const heads = (names: readonly string[]): string =>
  names.map((name, i) => `<th scope="col"${i > 0 ? ' class="number"' : ""}>${name}</th>`).join("");

function histogramHtml({ tenths, mean, median, maxScore, questions }: ClassFacts): string {
  if (mean === undefined) return "";
  const most = Math.max(...tenths);
  const bars = tenths.map((count) => {
    const height = ((7 * count) / most).toFixed(2);
    return `<td>${count || ""}${count ? `<div class="bar" style="height: ${height}rem"></div>` : ""}</td>`;
  });
  const unread = questions.reduce((sum, each) => sum + each.unread, 0);
  const note = unread > 0 ? ` ${counted(unread, "answer")} in words not read yet count 0.` : "";
  return `<h2>Scores</h2>
<figure>
<figcaption>How many students reached which percentage of the ${maxScore} points, of those who handed in: mean ${mean}, median ${median} points. Lateness is taken off.${note}</figcaption>
<table class="histogram">
<thead><tr>${tenths.map((_, i) => `<th scope="col">${10 * i}–${10 * i + 10}</th>`).join("")}</tr></thead>
<tbody><tr>${bars.join("")}</tr></tbody>
</table>
</figure>`;
}

function mistakesHtml(mistakes: readonly Mistake[]): string {
  if (mistakes.length === 0)
    return "<h2>Commonest mistakes</h2>\n<p>No solution that was tested had one.</p>";
  const [shown, rest] = [mistakes.slice(0, longest), mistakes.slice(longest)];
  const most = shown[0].students;
  const rows = shown.map(({ exercise, sentence, isKnown, students, tested, tests }) => {
    // A kind says little without the test that failed.
    const named = tests.slice(0, 2).map((name) => `“${sentenceHtml(name)}”`);
    const where =
      isKnown || named.length === 0
        ? ""
        : ` <span class="quiet">in ${named.join(", ")}${tests.length > 2 ? " and others" : ""}</span>`;
    const percent = Math.round((100 * students) / tested);
    const bar = `<div class="bar${isKnown ? "" : " kind"}" style="width: ${((100 * students) / most).toFixed(1)}%"></div>`;
    return `<tr><td class="sentence">${sentenceHtml(sentence)}${where} <span class="quiet id">${escapeHtml(exercise)}</span></td><td class="track">${bar}</td><td class="number">${students} of ${tested} (${percent} %)</td></tr>`;
  });
  const more =
    rest.length > 0
      ? `<p class="quiet">And ${counted(rest.length, "more mistake")}, each of at most ${counted(rest[0].students, "student")}.</p>`
      : "";
  return `<h2>Commonest mistakes</h2>
<figure>
<figcaption>How many students made a mistake, of those whose solution of that exercise could be tested.
<span class="bar key"></span> a misconception by name, <span class="bar kind key"></span> the kind of what failed, where none was recognized.</figcaption>
<table class="mistakes">
<thead><tr><th scope="col">mistake</th><th></th><th scope="col" class="number">students</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>
${more}
</figure>`;
}

const columns: readonly ExerciseStatus[] = ["passed", "failed", "refused", "not done", "missing", "ungraded"];

function exercisesHtml(exercises: readonly ExerciseFacts[]): string {
  if (exercises.length === 0) return "";
  // "ungraded" is the machine's fault and rare.
  const used = columns.filter(
    (each) => each !== "ungraded" || exercises.some(({ counts }) => counts[each] > 0),
  );
  const rows = exercises.map(
    ({ id, points, mean, counts }) =>
      `<tr><th scope="row"><code>${escapeHtml(id)}</code></th>${[points, mean, ...used.map((status) => counts[status] || "")].map(number).join("")}</tr>`,
  );
  return `<h2>Exercises</h2>
<div class="wide"><table>
<thead><tr>${heads(["exercise", "points", "mean", ...used])}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table></div>
<p class="quiet">Students by what became of their solution. <b>failed</b>: a test or more; <b>refused</b>: the kernel would not run it either; <b>not done</b>: as it was handed out; <b>missing</b>: not handed in.</p>`;
}

function questionsHtml(questions: readonly QuestionFacts[]): string {
  if (questions.length === 0) return "";
  const rows = questions.map(
    ({ id, points, answered, unread, mean }) =>
      `<tr><th scope="row"><code>${escapeHtml(id)}</code></th>${[points, mean, answered, unread].map(number).join("")}</tr>`,
  );
  return `<h2>Questions</h2>
<div class="wide"><table>
<thead><tr>${heads(["question", "points", "mean of those read", "answered", "not read yet"])}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table></div>`;
}
