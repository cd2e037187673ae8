import { describe, expect, it } from "vitest";
import type { CheckResult } from "../../../dist/checks/report";
import type { StudentGrade } from "../../../dist/grade/grading/grade";
import { classFacts } from "../../../dist/grade/reports/classFacts";
import { studentsHtml } from "../../../dist/grade/reports/students";
import { summaryHtml } from "../../../dist/grade/reports/summary";
import { evil, exercise, gradesOf, question, studentOf, textOf, works } from "./classOf";

const bad = (
  misconception: string | undefined,
  kind: CheckResult["kind"] = "values",
  name = "t",
): CheckResult => ({
  ...{ name, passed: false, message: "secret 0.123", kind, ...(misconception && { misconception }) },
});
const failing = (name: string, results: CheckResult[], score = 1) =>
  studentOf(name, { exercises: [exercise({ status: "failed", score, results })] });
const nothing = (name: string) =>
  studentOf(name, {
    ...{ paths: [], remarks: ["nothing was handed in"], questions: [question({ score: 0 })] },
    exercises: [exercise({ status: "missing", score: 0 })],
  });
const ungraded = (name: string) =>
  studentOf(name, {
    ...{ remarks: ["could not be graded: no such luck"], questions: [question({ score: 0 })] },
    exercises: [exercise({ status: "ungraded", score: 0 })],
  });
const none = works({});
const facts = (students: StudentGrade[]) => classFacts(gradesOf(students), none);

describe("the facts of a class", () => {
  it("count who handed in, and leave out of means who did not or could not be graded", () => {
    const students = [studentOf("ada"), failing("bob", [bad("m")]), nothing("eve"), ungraded("zoe")];
    expect(facts(students)).toMatchObject({
      ...{ students: 4, handedIn: 3, nothing: 1, ungraded: 1, mean: 2.5, median: 2.5, maxScore: 6 },
      exercises: [
        {
          ...{ id: "a-b", points: 4, mean: 2.5 },
          counts: { passed: 1, failed: 1, refused: 0, "not done": 0, missing: 1, ungraded: 1 },
        },
      ],
    });
    expect(facts([nothing("eve")])).toMatchObject({ mean: undefined, median: undefined, handedIn: 0 });
    expect(facts([])).toMatchObject({ students: 0, exercises: [], mistakes: [] });
  });

  it("sort scores into tenths of the points, the full score into the last", () => {
    const scores = [0, 0.5, 0.6, 3, 5.9, 6];
    const students = scores.map((score, i) => studentOf(`s${i}`, { score }));
    expect(facts(students).tenths).toEqual([2, 1, 0, 0, 0, 1, 0, 0, 0, 2]);
  });

  it("have questions: who answered, what is unread, the mean of what was read", () => {
    const students = [
      studentOf("ada", { questions: [question({ score: 2 })] }),
      studentOf("bob", { questions: [question({ score: 0 })] }),
      studentOf("eve"),
      studentOf("zoe", { questions: [question({ score: 0 })] }),
    ];
    const answers = works(
      Object.fromEntries(["ada", "bob", "eve"].map((name) => [name, { answers: { why: "x" } }])),
    );
    expect(classFacts(gradesOf(students), answers).questions).toEqual([
      { id: "why", points: 2, answered: 3, unread: 1, mean: 1 },
    ]);
  });

  it("have each mistake once for a student and an exercise, of those whose solution was tested", () => {
    const students = [
      failing("ada", [bad("ε outside", "misconception", "one"), bad("ε outside", "misconception", "two")]),
      failing("bob", [bad("n − 1", "misconception"), bad("ε outside", "misconception", "two")]),
      studentOf("eve"),
      studentOf("kim", { exercises: [exercise({ status: "refused", score: 0 })] }),
      studentOf("zoe", { exercises: [exercise({ status: "not done", score: 0 })] }),
      nothing("li"),
    ];
    expect(facts(students).mistakes).toEqual([
      {
        exercise: "a-b",
        sentence: "ε outside",
        isKnown: true,
        students: 2,
        tested: 3,
        tests: ["two", "one"],
      },
      { exercise: "a-b", sentence: "n − 1", isKnown: true, students: 1, tested: 3, tests: ["t"] },
    ]);
  });

  it("name the kind only of those in whose work no misconception was found", () => {
    const students = [
      failing("ada", [bad("ε outside", "misconception"), bad(undefined, "values")]),
      failing("bob", [bad(undefined, "shape", "a"), bad(undefined, "shape", "b")]),
    ];
    expect(facts(students).mistakes).toEqual([
      { exercise: "a-b", sentence: "ε outside", isKnown: true, students: 1, tested: 2, tests: ["t"] },
      {
        ...{ exercise: "a-b", sentence: "the result has another shape than it must", isKnown: false },
        ...{ students: 1, tested: 2, tests: ["a", "b"] },
      },
    ]);
  });

  it("name why a box was ended, and keep exercises apart", () => {
    const ended = exercise({
      status: "failed",
      score: 0,
      end: "time",
      reason: "it takes longer than it may",
    });
    const other = exercise({
      id: "c-d",
      status: "failed",
      score: 0,
      results: [bad("ε outside", "misconception")],
    });
    const students = [studentOf("ada", { exercises: [ended, other] }), failing("bob", [bad("ε outside")])];
    expect(facts(students).mistakes.map((each) => [each.exercise, each.sentence, each.students])).toEqual([
      ["c-d", "ε outside", 1],
      ["a-b", "ε outside", 1],
      ["a-b", "it takes longer than it may", 1],
    ]);
  });
});

describe("the page of the class", () => {
  const page = (students: StudentGrade[]) => summaryHtml(gradesOf(students), none);

  it("says it all in words, not only by bars", () => {
    const students = [
      studentOf("ada"),
      failing("bob", [bad("ε stands `outside`", "misconception")]),
      nothing("eve"),
    ];
    const text = textOf(page(students));
    expect(text).toContain("3 students: 2 handed in, 1 did not.");
    expect(text).toMatch(/of the 6 points[^]*mean 2\.5, median 2\.5 points/);
    expect(text).toContain("ε stands outside a-b1 of 2 (50 %)");
    expect(page(students)).toMatch(
      /<th scope="row"><code>a-b<\/code><\/th><td class="number">4<\/td><td class="number">2\.5<\/td><td class="number">1<\/td><td class="number">1<\/td>/,
    );
  });

  it("draws bars as long as the counts are", () => {
    const students = [1, 2, 3].map((i) =>
      failing(`s${i}`, i < 3 ? [bad("two"), bad("three")] : [bad("three")]),
    );
    const widths = [
      ...page([...students, studentOf("ada")]).matchAll(/class="bar" style="width: ([\d.]+)%/g),
    ].map(([, width]) => width);
    expect(widths).toEqual(["100.0", "66.7"]);
  });

  it("has nobody's name and no message of a hidden test", () => {
    const grade = failing("Nemo", [bad(undefined, "error")]);
    Object.assign(grade, {
      firstName: "Nomen",
      lastName: "Nescio",
      remarks: ["Nomen did this"],
      email: "n@x.org",
    });
    expect(page([grade, nothing("Eve")])).not.toMatch(/Nemo|Nomen|Nescio|n@x|Eve|secret|0\.123/);
  });

  it("names the test where only the kind of a failure is known", () => {
    const text = textOf(
      page([
        failing("a", [
          bad(undefined, "other", "x"),
          bad(undefined, "other", "y"),
          bad(undefined, "other", "z"),
        ]),
      ]),
    );
    expect(text).toContain("the answer is not right in “x”, “y” and others a-b1 of 1 (100 %)");
  });

  it("leaves out the tail of a long list, and says so", () => {
    const students = Array.from({ length: 30 }, (_, i) =>
      failing(`s${i}`, [bad(`mistake ${i}.`), bad("of all")]),
    );
    const text = textOf(page(students));
    expect(text).toContain("And 6 more mistakes, each of at most 1 student.");
    expect(text).toContain("of all");
  });

  it("escapes what an instructor's own tests say, and stands for an empty class", () => {
    expect(page([failing("ada", [bad(`${evil} \`${evil}\``)])])).not.toMatch(/<script|<img/);
    expect(textOf(page([]))).toContain("0 students");
    expect(textOf(page([studentOf("ada")]))).toContain("No solution that was tested had one.");
    expect(textOf(summaryHtml(gradesOf([], { sandbox: "none" }), none))).toContain("not to be relied on");
  });
});

describe("the page of students to look at", () => {
  it("names who and why", () => {
    const late = studentOf("kim", {
      daysLate: 2,
      latePenalty: 0.6,
      unread: 1,
      lastName: "Kim",
      firstName: "Lee",
    });
    const forged = studentOf("mallory", { exercises: [exercise({ status: "failed", end: "forged" })] });
    const edited = studentOf("bob", {
      remarks: ["02-x.ipynb: the locked cell check-a-b was edited; it is not read"],
    });
    const text = textOf(studentsHtml(gradesOf([nothing("eve"), ungraded("zoe"), late, forged, edited])));
    expect(text).toMatch(/Handed in nothing 1\neve\n/);
    expect(text).toContain("zoe\ncould not be graded: no such luck");
    expect(text).toContain("Lee Kim kim\n2 days, which cost 0.6 points");
    expect(text).toContain("mallory\nthe solution of a-b said what it was not asked for");
    expect(text).toContain("bob\n02-x.ipynb: the locked cell check-a-b was edited");
  });

  it("escapes them, and says when there is nobody", () => {
    expect(studentsHtml(gradesOf([studentOf(evil, { lastName: evil, remarks: [evil] })]))).not.toMatch(
      /<script|<img/,
    );
    expect(textOf(studentsHtml(gradesOf([studentOf("ada")])))).toContain("nothing to say of anybody");
  });
});
