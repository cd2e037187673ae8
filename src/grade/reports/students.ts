/** Which students the instructor should look at, and why: names, so it is not for the class. */
import type { Grades, StudentGrade } from "../grading/grade";
import { handedInNothing, isUngraded } from "./classFacts";
import { escapeHtml, pageHtml } from "./html";
import { nameHtml } from "./names";

/** What ended a box is worth a look where a student must have meant it. */
const ends: Partial<Record<string, string>> = {
  forged: "said what it was not asked for",
  ended: "ended the process that runs it",
};

function remarksOf({ remarks, exercises }: StudentGrade): string[] {
  const ended = exercises.flatMap(({ id, end }) =>
    end && ends[end] ? [`the solution of ${id} ${ends[end]}`] : [],
  );
  return [...remarks, ...ended];
}

export function studentsHtml({ assignment, students }: Pick<Grades, "assignment" | "students">): string {
  const nothing = students.filter(handedInNothing);
  const ungraded = students.filter(isUngraded);
  const others = students.filter((each) => !nothing.includes(each) && !ungraded.includes(each));
  const sections = [
    section("Handed in nothing", nothing, () => []),
    section("Could not be graded", ungraded, ({ remarks }) => remarks),
    section(
      "Late",
      others.filter(({ daysLate }) => daysLate > 0),
      ({ daysLate, latePenalty }) => [
        `${daysLate} ${daysLate === 1 ? "day" : "days"}, which cost ${latePenalty} points`,
      ],
    ),
    section(
      "Remarks",
      others.filter((each) => remarksOf(each).length > 0),
      remarksOf,
    ),
  ].filter(Boolean);
  const body = [
    `<h1>${escapeHtml(assignment)}: students to look at</h1>`,
    '<p class="quiet">With names: not for the class.</p>',
    ...(sections.length > 0 ? sections : ["<p>There is nothing to say of anybody.</p>"]),
  ];
  return pageHtml(`${assignment}: students to look at`, body.join("\n"));
}

function section(
  title: string,
  students: readonly StudentGrade[],
  told: (student: StudentGrade) => readonly string[],
): string {
  if (students.length === 0) return "";
  const items = students.map((each) => {
    const texts = told(each).map((text) => `<li>${escapeHtml(text)}</li>`);
    return `<li>${nameHtml(each)}${texts.length > 0 ? `\n<ul>\n${texts.join("\n")}\n</ul>` : ""}</li>`;
  });
  return `<section>\n<h2>${title} <span class="quiet">${students.length}</span></h2>\n<ul>\n${items.join("\n")}\n</ul>\n</section>`;
}
