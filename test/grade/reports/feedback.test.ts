import { describe, expect, it } from "vitest";
import type { ExerciseGrade, StudentGrade } from "../../../dist/grade/grading/grade";
import { feedbackHtml, fileNameOf } from "../../../dist/grade/reports/feedback";
import { student } from "./student";

const page = (grade: StudentGrade, answers: Record<string, string> = {}) =>
  feedbackHtml({ assignment: "ps1", due: "2027-01-15T22:00Z", sandbox: "bubblewrap" }, grade, answers);

/** The page's text, without tags. */
const textOf = (html: string) => html.replace(/<style>[^]*<\/style>/, "").replace(/<[^>]+>/g, "");

const withExercise = (fields: Partial<ExerciseGrade>) =>
  textOf(page({ ...student, exercises: [{ ...student.exercises[0], ...fields }] }));

describe("a student's feedback", () => {
  it("names what was earned, and what of it lateness took", () => {
    expect(textOf(page(student))).toMatch(
      /ps1[^]*Ada Lovelace · due 2027[^]*3 of 6 points\. One answer is not read yet\./,
    );
    const late = { ...student, rawScore: 3, latePenalty: 0.6, score: 2.4, daysLate: 2, unread: 0 };
    expect(textOf(page(late))).toContain("2.4 of 6 points (3 earned, 0.6 lost for 2 days late).");
  });

  it("says of a failed test its kind and the mistake, and nothing that the message says beside", () => {
    const text = textOf(page(student));
    expect(text).toMatch(/a-b · 3 of 4 points[^]*1 of 4 tests passed/);
    expect(text).toContain("✓ a matrix");
    expect(text).toContain("✗ a constant column: ε stands outside the root");
    expect(text).toContain("✗ a batch of one: NaN or infinity stands where a number must");
    expect(text).toContain("✗ a large mean: it stops with an error");
    expect(text).not.toMatch(/0\.123|secret|4711/);
  });

  it("says a mistake once, however many tests show it", () => {
    const failed = (name: string, misconception: string) => ({
      name,
      passed: false,
      message: "",
      misconception,
    });
    const results = [failed("a", "ε is missing"), failed("b", "n − 1"), failed("c", "ε is missing")];
    expect(withExercise({ results })).toMatch(/✗ a: ε is missing\n✗ b: n − 1\n✗ c: as above/);
  });

  it.each([
    ["misconception", /there is a mistake in the formula/],
    ["type", /of another type/],
    ["shape", /another shape/],
    ["factor", /same factor/],
    ["values", /values are not right/],
    ["inputs", /changes its inputs/],
    ["other", /answer is not right/],
    [undefined, /answer is not right/],
  ] as const)("has a sentence for the kind %s", (kind, sentence) => {
    const result = { name: "n", passed: false, message: "0.123", ...(kind && { kind }) };
    expect(withExercise({ results: [result] })).toMatch(sentence);
  });

  it.each([
    ["not done", undefined, /not done: it is as it was handed out/],
    ["missing", "its cell was not handed in", /not handed in\. its cell/],
    ["refused", "Cannot find name 'f'.", /the kernel refuses this cell[^]*Cannot find name &#39;f&#39;/],
    ["failed", "it takes longer than it may", /it takes longer than it may/],
  ] as const)("says why nothing could be looked at: %s", (status, reason, sentence) => {
    expect(withExercise({ status, results: [], score: 0, ...(reason && { reason }) })).toMatch(sentence);
  });

  it("shows answers with what was thought of them, and remarks", () => {
    const read = {
      ...student,
      questions: [{ ...student.questions[0], score: 1.5, comment: "nice <b>" }],
      remarks: ["02-x.ipynb: the locked cell check-a-b was edited; it is not read"],
    };
    const text = textOf(page(read, { why: "Because 1 < 2." }));
    expect(text).toMatch(/Question why · 1\.5 of 2 points[^]*Because 1 &lt; 2\.[^]*nice &lt;b&gt;/);
    expect(text).toContain("the locked cell check-a-b was edited");
    expect(textOf(page(student))).toMatch(/Question why · not read yet[^]*no answer/);
    expect(textOf(page(student))).toContain("Graded was the file of receipt 5ea1.");
  });

  it("draws the Markdown and the formulas of answers and comments", () => {
    const questions = [{ ...student.questions[0], score: 1, comment: "see $\\sigma^2$" }];
    const html = page({ ...student, questions }, { why: "**So** $\\hat{x}$" });
    expect(html).toMatch(/<strong>So<\/strong> <math[^]*see <math/);
    expect(html).toContain("math.tml-display");
    expect(page(student, { why: "So" })).not.toContain("math.tml-display");
  });

  it("is one file that loads and runs nothing, whatever a student wrote", () => {
    const evil = '</pre><script src="//x">alert(1)</script><img src=x onerror=alert(1)>';
    const grade = { ...student, student: evil, firstName: "", lastName: evil, remarks: [evil] };
    grade.exercises = [
      {
        ...student.exercises[0],
        reason: `${evil} \`${evil}\``,
        results: [{ name: evil, passed: true, message: "" }],
      },
    ];
    const html = page(grade, { why: evil });
    expect(html).not.toMatch(/<script|<img/);
    expect(html).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`,
    );
    expect(html).not.toMatch(/https?:|\/\/x"/);
  });

  it("is marked when nothing shut the code in", () => {
    expect(feedbackHtml({ assignment: "ps1", sandbox: "none" }, student, {})).toContain(
      "not to be relied on",
    );
    expect(page(student)).not.toContain("not to be relied on");
  });
});

describe("a student's file", () => {
  it("has a name that is one, and another than those before", () => {
    const none = new Set<string>();
    expect(fileNameOf("O'Brien, Zoë", none)).toBe("O'Brien, Zoë.html");
    expect(fileNameOf("李", none)).toBe("李.html");
    expect(fileNameOf("../../etc/passwd", none)).toBe("__.._etc_passwd.html");
    expect(fileNameOf("a/b\\c:d\n", none)).toBe("a_b_c_d_.html");
    expect(fileNameOf("", none)).toBe("_.html");
    expect(fileNameOf("x".repeat(300), none)).toHaveLength(105);
    expect(fileNameOf("a:b", new Set(["a_b.html", "a_b-2.html"]))).toBe("a_b-3.html");
  });
});
