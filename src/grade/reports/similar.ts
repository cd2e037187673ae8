/** Similar solutions side by side, for a person to read: evidence, and no score is made of it. */
import type { ExerciseEntry } from "../assignment/manifest";
import type { Grades, StudentGrade } from "../grading/grade";
import { commonAt, settings, type SimilarPair, similarPairs } from "../similarity/pairs";
import { escapeHtml, pageHtml } from "./html";
import { nameHtml } from "./names";
import type { WorksOf } from "./works";

const style = `
body { max-width: 84rem; }
h3 { font-weight: normal; font-size: 1rem; margin: 0 0 0.3rem; }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
.sides > div { min-width: 0; }
.source { font: 0.82rem/1.45 ui-monospace, monospace; margin: 0; padding: 0.5rem 0; white-space: pre-wrap; }
.source span { display: block; padding: 0 0.6rem 0 2.2rem; text-indent: -1.6rem; border-left: 4px solid transparent; }
.source .shared { background: #c802; border-color: #c80; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.pairs > li { margin-bottom: 0.6rem; }
.pairs ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0 1.6rem; }
summary { cursor: pointer; margin-bottom: 1rem; }
@media (max-width: 50rem) { .sides { grid-template-columns: 1fr; } }`;

/** What of a page is no help any more: pairs, lines of a source, characters of a line. */
const most = { pairs: 200, lines: 400, length: 400 };

/** All pairs of the class, those first who share most in all exercises together. */
export function pairsOf(
  students: readonly StudentGrade[],
  exercises: readonly Pick<ExerciseEntry, "id" | "stub" | "sample">[],
  works: WorksOf,
): SimilarPair[] {
  const pairs = exercises.flatMap((exercise) => {
    const solutions = students.flatMap((student): [string, string][] => {
      const source = works(student).sources[exercise.id];
      return source === undefined ? [] : [[student.student, source]];
    });
    return similarPairs(exercise, new Map(solutions));
  });
  const keyOf = ({ students }: SimilarPair) => JSON.stringify(students);
  const totals = new Map<string, number>();
  for (const pair of pairs) totals.set(keyOf(pair), (totals.get(keyOf(pair)) ?? 0) + pair.tokens);
  const total = (pair: SimilarPair) => totals.get(keyOf(pair))!;
  return pairs.sort(
    (a, b) =>
      total(b) - total(a) || (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : b.tokens - a.tokens),
  );
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

export function similarHtml(
  { assignment, students }: Pick<Grades, "assignment" | "students">,
  pairs: readonly SimilarPair[],
  works: WorksOf,
): string {
  const title = `${assignment}: similar solutions`;
  const named = new Map(students.map((student) => [student.student, student]));
  const shown = pairs.slice(0, most.pairs);
  const rest = pairs.length - shown.length;
  const found =
    pairs.length === 0
      ? ["<p><strong>No two solutions share a long and rare part.</strong></p>"]
      : [
          `<ol class="pairs">\n${listed(shown, named).join("\n")}\n</ol>`,
          rest > 0 ? `<p>${rest} more pairs share less and are not shown.</p>` : "",
          ...shown.map((pair, i) => pairHtml(pair, i + 1, named, works)),
        ];
  const body = [`<h1>${escapeHtml(title)}</h1>`, meaning(students.length), ...found];
  return pageHtml(title, body.filter(Boolean).join("\n"), style);
}

/** A line for each two students: the exercises in which they share something, which stand one after the other. */
function listed(pairs: readonly SimilarPair[], named: ReadonlyMap<string, StudentGrade>): string[] {
  const lines = new Map<string, string[]>();
  for (const [i, { students, exercise, tokens, share }] of pairs.entries()) {
    const who = students.map((student) => nameHtml(named.get(student)!)).join(" and ");
    const what = `<a href="#pair-${i + 1}"><code>${escapeHtml(exercise)}</code></a> <span class="quiet">${tokens} tokens, ${percent(share)}</span>`;
    lines.set(who, [...(lines.get(who) ?? []), `<li>${what}</li>`]);
  }
  return [...lines].map(([who, items]) => `<li>${who}\n<ul>${items.join("\n")}</ul></li>`);
}

/** What the numbers mean, and what they do not. */
const meaning = (
  students: number,
): string => `<p><strong>Short exercises look alike: read before you ask.</strong>
Nothing here changes a grade.</p>
<details><summary>How they were found</summary>
<p>Solutions are compared as rows of tokens, without comments, spaces and the names that a student chose. What was handed out, what the lesson's own solution has, and what more than ${commonAt(students)} students wrote is left out: it has a reason. A pair is listed when what is left in both shares ${settings.leastTokens} tokens or more (a token is a name, a number, a sign), and they are half or more of what is left of the shorter one: that is the <em>share</em>.</p>
<p>Two students who learned from the same page, or worked together as you allowed, look like this as well; and a solution of few tokens never stands here, copied or not.</p></details>`;

function pairHtml(
  { exercise, students, tokens, share, lines }: SimilarPair,
  number: number,
  named: ReadonlyMap<string, StudentGrade>,
  works: WorksOf,
): string {
  const sides = students.map((name, i) => {
    const student = named.get(name)!;
    return `<div><h3>${nameHtml(student)}</h3>\n${sourceHtml(works(student).sources[exercise], new Set(lines[i]))}</div>`;
  });
  return `<section id="pair-${number}">
<h2><code>${escapeHtml(exercise)}</code> <span class="quiet">${tokens} tokens shared, ${percent(share)}</span></h2>
<div class="sides">
${sides.join("\n")}
</div>
</section>`;
}

/** Shared lines have a bar beside them, as colour alone is lost on some readers and printers. */
function sourceHtml(source: string, shared: ReadonlySet<number>): string {
  const lines = source.split("\n");
  const shown = lines.slice(0, most.lines).map((line, i) => {
    const text = line.length > most.length ? `${line.slice(0, most.length)}…` : line;
    return `<span${shared.has(i) ? ' class="shared"' : ""}>${escapeHtml(text) || " "}</span>`;
  });
  const rest = lines.length - most.lines;
  return `<pre class="source">${shown.join("")}</pre>${rest > 0 ? `<p class="quiet">${rest} more lines are not shown.</p>` : ""}`;
}
