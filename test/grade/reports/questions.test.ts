import { describe, expect, it } from "vitest";
import type { QuestionEntry } from "../../../dist/grade/assignment/manifest";
import type { StudentGrade } from "../../../dist/grade/grading/grade";
import { questionsHtml } from "../../../dist/grade/reports/questions";
import { evil, gradesOf, question, studentOf, textOf, works } from "./classOf";

const entry = (id: string, fields: Partial<QuestionEntry> = {}): QuestionEntry => ({
  ...{ id, notebook: "02-x.ipynb", points: 2, text: `Ask ${id}: $x$?`, sample: `Sample of ${id}`, ...fields },
});
const page = (
  students: StudentGrade[],
  answers: Record<string, Record<string, string>>,
  entries = [entry("why")],
) =>
  questionsHtml(
    gradesOf(students),
    entries,
    works(Object.fromEntries(Object.entries(answers).map(([name, each]) => [name, { answers: each }]))),
  );

describe("the page of answers", () => {
  it("has each question with points and sample once, and then all answers to it", () => {
    const both = [question({ id: "why" }), question({ id: "how" })];
    const students = [studentOf("ada", { questions: both }), studentOf("bob", { questions: both })];
    const answers = { ada: { why: "ada-why", how: "ada-how" }, bob: { why: "bob-why", how: "bob-how" } };
    const text = textOf(page(students, answers, [entry("why"), entry("how", { points: 1 })]));
    const order = ["2 points", "Ask why", "Sample of why", "ada-why", "bob-why"];
    order.push("1 point", "Ask how", "Sample of how", "ada-how", "bob-how");
    const places = order.map((each) => text.indexOf(each));
    expect(
      places.every((place, i) => place > (places[i - 1] ?? -1)),
      String(places),
    ).toBe(true);
    expect(text.split("Sample of why")).toHaveLength(2);
  });

  it("names the row of manual.csv and what already stands there", () => {
    const read = question({ score: 1.5, comment: "nice: $x^2$" });
    const students = [
      studentOf("ada", { firstName: "Ada", lastName: "Lovelace", questions: [read] }),
      studentOf("bob"),
    ];
    const html = page(students, { ada: { why: "A" }, bob: { why: "B" } });
    const text = textOf(html);
    expect(text).toMatch(/Ada Lovelace ada why 1\.5 of 2\nA\nnice: x2/);
    expect(text).toMatch(/bob why not read yet\nB/);
    expect(text).toContain("2 of 2 answered, 1 not read yet");
    expect(html).toMatch(/nice: <math/);
  });

  it("says who wrote nothing, with what was thought of that, and when nobody wrote anything", () => {
    const silent = question({ score: 0 });
    const told = question({ score: 1, comment: "said it in class" });
    const students = [
      studentOf("ada"),
      studentOf("bob", { questions: [silent] }),
      studentOf("eve", { questions: [told] }),
    ];
    const text = textOf(page(students, { ada: { why: "A" } }));
    expect(text).toMatch(/eve why 1 of 2\nno answer\nsaid it in class/);
    expect(text).toContain("No answer: bob");
    expect(textOf(page([studentOf("bob", { questions: [silent] })], {}))).toMatch(
      /nobody answered[^]*Nobody answered this question/,
    );
  });

  it("draws Markdown and formulas, and keeps what was typed where that may differ", () => {
    const html = page([studentOf("ada"), studentOf("bob")], {
      ada: { why: "It is **bold**: $\\hat{x}$, but $\\frac{$" },
      bob: { why: "Plain." },
    });
    expect(html).toMatch(/<strong>bold<\/strong>: <math/);
    expect(html).toContain(">$\\frac{$</code>");
    expect(html).toContain('<pre class="typed">It is **bold**: $\\hat{x}$, but $\\frac{$</pre>');
    expect(html).not.toContain('<pre class="typed">Plain.');
  });

  it("holds nothing that runs or is loaded, whatever stands in names, answers and comments", () => {
    const hostile = studentOf(evil, { lastName: evil, questions: [question({ comment: evil })] });
    const html = page([hostile, studentOf("__proto__")], {
      [evil]: { why: `${evil}\n\n![x](http://x/y.png)` },
    });
    expect(html).not.toMatch(/<script|<img|src="\/\/x/);
    expect(html).toContain("default-src 'none'");
    expect(textOf(html)).toContain("a picture, not shown: x (http://x/y.png)");
  });
});
