/**
 * All answers in words, question by question, so that whoever reads them compares like with like. It is for reading:
 * manual.csv is the one place where points and comments are typed.
 */
import type { QuestionEntry } from "../assignment/manifest";
import type { Grades, QuestionGrade, StudentGrade } from "../grading/grade";
import { formulaStyle } from "./formulas";
import { escapeHtml, pageHtml } from "./html";
import { markdownHtml, typedHtml } from "./markdown";
import { nameHtml } from "./names";
import type { WorksOf } from "./works";

const style = `
body { max-width: 84rem; }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0.2rem 1.4rem; }
.question { border-top: 3px solid #8886; padding-top: 0.8rem; margin-top: 2.5rem; }
.question > h2 { margin-top: 0; }
.asked h3 { font-size: 1rem; margin: 1.2rem 0 0.5rem; }
.reply { border-top: 1px solid #8884; padding: 0.7rem 0 1rem; break-inside: avoid; }
.reply:first-of-type { border-top: 0; }
.reply h3 { font-size: 1rem; font-weight: normal; margin: 0 0 0.5rem; display: flex; flex-wrap: wrap; gap: 0 0.8rem; }
.state { margin-left: auto; }
.unread { font-weight: 600; }
.comment { border-left: 3px solid #47a8; padding-left: 0.7rem; margin-top: 0.6rem; }
details.typed summary { font-size: 0.85rem; cursor: pointer; width: max-content; }
.points { font-weight: 600; margin-top: 0.7rem; }
.asked { margin-bottom: 1.5rem; }
@media print { details.typed { display: none; } }
@media screen and (min-width: 60rem) {
  .question { display: grid; grid-template-columns: minmax(20rem, 2fr) 3fr; column-gap: 2.5rem; }
  .question > h2 { grid-column: 1 / -1; }
  .asked { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; padding-bottom: 1rem; box-sizing: border-box; }
}`;

interface Reply {
  student: StudentGrade;
  grade: QuestionGrade;
  /** undefined: nothing was written. */
  answer: string | undefined;
}

export function questionsHtml(
  grades: Pick<Grades, "assignment" | "students">,
  questions: readonly QuestionEntry[],
  worksOf: WorksOf,
): string {
  const replies = (id: string): Reply[] =>
    grades.students.flatMap((student) => {
      const grade = student.questions.find((each) => each.id === id);
      return grade ? [{ student, grade, answer: worksOf(student).answers[id] }] : [];
    });
  const title = `${grades.assignment}: answers in words`;
  const all = questions.map((question) => ({ question, replies: replies(question.id) }));
  const contents = all.map(
    ({ question: { id }, replies }) =>
      `<li><a href="#${escapeHtml(id)}">${escapeHtml(id)}</a> <span class="quiet">${progressOf(replies)}</span></li>`,
  );
  const body = [
    `<h1>${escapeHtml(title)}</h1>`,
    '<p class="quiet">To be read here and marked in <code>manual.csv</code>, in the row of the student and the question: sorted by its column <code>question</code>, it has the order of this page. The next <code>grade</code> reads it, and this page shows it.</p>',
    `<nav aria-label="Questions"><ul>\n${contents.join("\n")}\n</ul></nav>`,
    ...all.map(({ question, replies }) => questionHtml(question, replies)),
  ].join("\n");
  return pageHtml(title, body, style + formulaStyle(body));
}

function progressOf(replies: readonly Reply[]): string {
  const answered = replies.filter(({ answer }) => answer !== undefined);
  const unread = answered.filter(({ grade }) => grade.score === null).length;
  if (answered.length === 0) return "nobody answered";
  return `${answered.length} of ${replies.length} answered, ${unread === 0 ? "all read" : `${unread} not read yet`}`;
}

function questionHtml(
  { id, notebook, points, text, sample }: QuestionEntry,
  replies: readonly Reply[],
): string {
  const answered = replies.filter(({ answer, grade }) => answer !== undefined || grade.comment);
  const silent = replies.filter((each) => !answered.includes(each)).map(({ student }) => nameHtml(student));
  const silence =
    answered.length === 0
      ? "<p>Nobody answered this question.</p>"
      : silent.length > 0
        ? `<p class="quiet reply">No answer: ${silent.join(", ")}</p>`
        : "";
  return `<section class="question" id="${escapeHtml(id)}">
<h2><code>${escapeHtml(id)}</code> <span class="quiet">${escapeHtml(notebook)} · ${progressOf(replies)}</span></h2>
<div class="asked">
<p class="points">${points === 1 ? "1 point" : `${points} points`}</p>
${markdownHtml(text)}
<h3>Sample answer</h3>
${sample.trim() ? markdownHtml(sample) : '<p class="quiet">The lesson has none.</p>'}
</div>
<div class="answers">
${answered.map(replyHtml).join("\n")}
${silence}
</div>
</section>`;
}

/** Where Markdown may have changed what is seen, what was typed stands below. */
const hasMarkup = (answer: string): boolean => /[\\$<`*_#[\]|>~&]/.test(answer);

function replyHtml({ student, grade: { id, points, score, comment }, answer }: Reply): string {
  const state =
    score === null
      ? '<span class="state unread">not read yet</span>'
      : `<span class="state">${score} of ${points}</span>`;
  const typed =
    answer !== undefined && hasMarkup(answer)
      ? `<details class="typed"><summary class="quiet">as it was typed</summary>${typedHtml(answer)}</details>`
      : "";
  return `<article class="reply">
<h3><span>${nameHtml(student)}</span> <span class="quiet">${escapeHtml(id)}</span> ${state}</h3>
${answer === undefined ? '<p class="quiet">no answer</p>' : markdownHtml(answer)}
${typed}
${comment ? `<div class="comment">${markdownHtml(comment)}</div>` : ""}
</article>`;
}
