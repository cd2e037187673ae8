import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Manifest } from "../../../dist/grade/assignment/manifest";
import { noPolicy } from "../../../dist/grade/assignment/policy";
import type { GradedWork } from "../../../dist/grade/grading/gradeAll";
import { noReadings, readManual } from "../../../dist/grade/grading/manual";
import { gradesOf } from "../../../dist/grade/grading/students";
import { writeReports } from "../../../dist/grade/reports/write";
import { exercise } from "./classOf";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "normlab-reports-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const manifest: Manifest = {
  ...{ format: "normlab-assignment/1", name: "ps1", notebooks: [], policy: noPolicy },
  exercises: [
    {
      ...{ id: "a-b", notebook: "02-x.ipynb", points: 4, stub: "", sample: "", solution: "f" },
      ...{ check: { name: "aB" }, seed: 7, given: [], modules: [], forbidden: [] },
    },
  ],
  questions: [{ id: "why", notebook: "02-x.ipynb", points: 2, text: "Why?", sample: "So." }],
};
const code = Array.from({ length: 20 }, (_, i) => `f(${i}, g[${i}] * h.exp());`).join("\n");
const work = (student: string): GradedWork => ({
  ...{ exercises: [exercise()], remarks: [], receipts: [], sandbox: "bubblewrap", sources: { "a-b": code } },
  ...{ answers: { why: `The answer of ${student}.` }, submission: { student, paths: [student] } },
});
const write = (assigned: Manifest, students: string[], readings = noReadings) => {
  const graded = students.map(work);
  const grades = gradesOf(assigned, { graded, ungraded: [] }, undefined, readings, "bubblewrap");
  return writeReports(folder, assigned, grades, graded, undefined);
};
const read = (name: string) => readFileSync(join(folder, name), "utf8");

describe("what grading writes", () => {
  it("is a file for each who reads, made of the same grades and what was handed in", () => {
    write(manifest, ["ada", "bob"]);
    expect(readdirSync(folder).sort()).toEqual(
      [
        ...["feedback", "grades.csv", "grades.json", "manual.csv", "moodle.csv", "questions.html"],
        ...["similar.html", "students.html", "summary.html"],
      ].sort(),
    );
    expect(read("questions.html")).toContain("The answer of bob.");
    expect(read("feedback/ada.html")).toContain("The answer of ada.");
    expect(read("similar.html")).toContain("f(19, g[19] * h.exp());");
    expect(read("summary.html")).toContain("2 students");
    write(manifest, ["ada"]);
    expect(readdirSync(join(folder, "feedback"))).toEqual(["ada.html"]);
  });

  it("shows what was typed into manual.csv, and changes nothing of it", () => {
    write(manifest, ["ada"]);
    const typed = read("manual.csv").replace("ada,why,2,,", "ada,why,2,1.5,well said");
    writeFileSync(join(folder, "manual.csv"), typed);
    write(manifest, ["ada", "bob"], readManual(join(folder, "manual.csv")));
    expect(read("manual.csv")).toBe(`${typed}bob,why,2,,\n`);
    expect(read("questions.html")).toMatch(/1\.5 of 2[^]*well said/);
  });

  it("has no page of answers where nothing is asked, nor one that an earlier call left", () => {
    write(manifest, ["ada"]);
    write({ ...manifest, questions: [] }, ["ada"]);
    expect(readdirSync(folder)).not.toContain("questions.html");
  });
});
