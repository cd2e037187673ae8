/** The glossary has each term that the lessons introduce, and names the lesson that does so first. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { lessonFiles } from "../../dist/cli/lessons/notebooks";

const text = (name: string) => readFileSync(resolve(__dirname, "../../lessons", name), "utf8");
const entries = [
  ...text("99-glossary.md").matchAll(/^- \*\*([^*]+)\*\* \(\[[^\]]+\]\(([^)]+)\)\): (.+)$/gm),
].map(([, term, lesson, meaning]) => ({ term, lesson, meaning }));
const lessons = lessonFiles().filter((name) => !/^(00-start|9)/.test(name));

/** What a lesson says: without head, code, formulas, folded solutions and the list of what to read. */
const prose = (name: string) =>
  text(name)
    .replace(/^---[^]*?^---$/m, "")
    .replace(/^## .*to read$[^]*/im, "")
    .replace(/^```[^]*?^```$/gm, "")
    .replace(/^:::why[^]*?^:::$/gm, "")
    .replace(/`[^`]*`|\$\$[^]*?\$\$|\$[^$]+\$/g, "")
    .replace(/\s+/g, " ");

/** The forms in which a term stands in a sentence. */
function forms(term: string): RegExp {
  const stem = term.replace(/(e|is|y)$/, "");
  return new RegExp(`(?<![\\w-])${stem}(${term.slice(stem.length)}|s|es|ed|ing|ies|ation)?s?(?![\\w-])`, "i");
}

describe("the glossary", () => {
  it("is sorted, and has each term once", () => {
    const terms = entries.map(({ term }) => term.toLowerCase());
    expect(terms.length).toBeGreaterThan(60);
    expect(terms).toEqual([...new Set(terms)].sort());
  });

  it.each(entries)("says of “$term” where it comes first: $lesson", ({ term, lesson, meaning }) => {
    expect(lessons.find((name) => forms(term).test(prose(name)))).toBe(lesson);
    expect(meaning).toMatch(/\.$/);
  });

  // A term that a lesson introduces is set in bold letters, in the singular or plural, and is no sentence.
  const emphasized =
    "and, every, one number, row of pixels, direction, sphere, stream, normalization, test, who shares, in training, padded".split(
      ", ",
    );
  it.each(lessons)("has what %s introduces", (name) => {
    const bold = [...prose(name).matchAll(/\*\*([\w -]{2,25})\*\*/g)].map(([, term]) => term);
    const lacking = bold.filter(
      (term) =>
        term.split(" ").length <= 3 &&
        !emphasized.includes(term.toLowerCase()) &&
        !entries.some((entry) => forms(entry.term).test(term)),
    );
    expect(lacking).toEqual([]);
  });
});
