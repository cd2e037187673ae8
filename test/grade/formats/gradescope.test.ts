import { describe, expect, it } from "vitest";
import { noPolicy } from "../../../dist/grade/assignment/policy";
import type { ExerciseGrade } from "../../../dist/grade/grading/grade";
import { resultsOf, ungraded } from "../../../dist/grade/formats/gradescope/results";
import { faultsOf } from "./gradescopeSchema";

const exercise: ExerciseGrade = {
  ...{ id: "a-b", notebook: "x.ipynb", points: 4, score: 3, status: "failed", seed: 4711, seconds: 1 },
  results: [
    { name: "a matrix", passed: true, message: "" },
    {
      name: "γ",
      passed: false,
      message: "expected 0.123",
      kind: "values",
      misconception: "you left out `γ`",
    },
  ],
};
const manifest = {
  ...{ format: "normlab-assignment/1" as const, name: "ps1", notebooks: [], exercises: [] },
  policy: { ...noPolicy, percentPerDay: 10, extensions: { "ada@x.org": "2027-01-20T00:00Z" } },
  due: "2027-01-15T00:00Z",
  questions: [
    { id: "why", notebook: "x.ipynb", points: 2, text: "", sample: "" },
    { id: "when", notebook: "x.ipynb", points: 1, text: "", sample: "" },
  ],
};
const results = (moment?: string, people: string[] = [], sandbox: "bubblewrap" | "none" = "bubblewrap") =>
  resultsOf(
    manifest,
    { exercises: [exercise], remarks: [], sandbox },
    { answers: { why: "so" }, remarks: ["x.ipynb: the cell c is gone"] },
    { people, ...(moment && { moment: Date.parse(moment) }) },
    2.5,
  );

describe("results.json", () => {
  it("says of each exercise what the student is told, and no value or seed", () => {
    const all = results();
    expect(faultsOf(all)).toEqual([]);
    expect(all).toMatchObject({ score: 3, execution_time: 2.5, stdout_visibility: "hidden" });
    expect(all.tests).toMatchObject([
      {
        ...{ name: "a-b", score: 3, max_score: 4, status: "failed", output_format: "text" },
        output: "1 of 2 tests passed\n✓ a matrix\n✗ γ: you left out `γ`",
      },
    ]);
    expect(JSON.stringify(all)).not.toMatch(/4711|0\.123/);
    expect(all.output).toContain("2 questions, 3 points. Handed in: why.");
    expect(all.output).toContain("- x.ipynb: the cell c is gone");
  });

  it("takes off what lateness costs, by Gradescope's time and the student's extension", () => {
    expect(results("2027-01-14T00:00Z").score).toBe(3);
    expect(results("2027-01-16T12:00:00.25-08:00").score).toBe(2.4);
    expect(results("2027-01-16T12:00:00.25-08:00").output).toContain("3 earned, 0.6 lost for 2 days late");
    expect(results("2027-01-16T12:00Z", ["Ada", "ada@x.org"]).score).toBe(3);
    expect(results("2027-01-16T12:00Z", ["constructor"]).score).toBe(2.4);
  });

  it("is marked where nothing shut the code in", () => {
    expect(results(undefined, [], "none").output).toMatch(/^Graded without protection/);
    expect(results().output).not.toContain("without protection");
  });

  it("of what could not be graded is valid and without points", () => {
    expect(faultsOf(ungraded("Not graded: …", 1))).toEqual([]);
    expect(ungraded("Not graded: …", 1)).toMatchObject({ score: 0, output: "Not graded: …", tests: [] });
  });

  it.each([
    [{ ...results(), scores: 1 }, /additional properties/],
    [{ ...results(), score: "3" }, /\.score should be number/],
    [{ ...results(), visibility: "shown" }, /\.visibility should be equal to one/],
    [
      { ...results(), tests: [{ ...results().tests[0], seed: 1 }] },
      /\.tests\[0\] should NOT have additional/,
    ],
    [{ ...results(), tests: [{ ...results().tests[0], status: "not done" }] }, /\.tests\[0\]\.status/],
    [{ output: "" }, /should have required property 'score'/],
    [{ tests: [{ name: "x" }] }, /should have required property 'score'/],
    [[], /should be object/],
  ])("is held against the documentation, which refuses %j", (wrong, fault) => {
    expect(faultsOf(wrong).join("; ")).toMatch(fault);
  });
});
