import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Manifest } from "../../dist/grade/assignment/manifest";
import { noPolicy } from "../../dist/grade/assignment/policy";
import { csvText, readCsv } from "../../dist/grade/grading/csv";
import type { ExerciseGrade } from "../../dist/grade/grading/grade";
import type { GradedWork } from "../../dist/grade/grading/gradeAll";
import { addToManual, noReadings, readManual } from "../../dist/grade/grading/manual";
import { personOf, readRoster } from "../../dist/grade/grading/roster";
import { gradesOf } from "../../dist/grade/grading/students";
import { canvasCsv, gradesCsv, moodleCsv } from "../../dist/grade/reports/tables";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "normlab-tables-"));
  path = join(folder, "table.csv");
});
afterEach(() => rmSync(folder, { recursive: true }));
const file = (text: string): string => {
  writeFileSync(path, text);
  return path;
};

const names = ["=cmd()", "O'Brien, Zoë", "李", "+1", "@sum", 'a "b"', "-x"];

describe("CSV", () => {
  it("is read with commas, semicolons and tabs, with a byte-order mark and with short rows", () => {
    for (const delimiter of [",", ";", "\t"]) {
      const table = readCsv(file(`\uFEFFa${delimiter}b\r\n1${delimiter}"x;y,z"\r\n2\r\n`));
      expect(table).toEqual({
        delimiter,
        header: ["a", "b"],
        rows: [
          { a: "1", b: "x;y,z" },
          { a: "2", b: "" },
        ],
      });
    }
  });

  it("has in its first line what stands between its columns", () => {
    expect(readCsv(file("a;b\n1,2,3,4;5\n")).rows).toEqual([{ a: "1,2,3,4", b: "5" }]);
  });

  it("that is none is refused by name", () => {
    expect(() => readCsv(file('a,b\n"1'))).toThrow(/table\.csv can't be read as CSV: /);
    expect(() => readCsv(join(folder, "none.csv"))).toThrow(/none\.csv can't be read as CSV: ENOENT/);
  });

  it("holds every name, and none that a spreadsheet would run", () => {
    const text = csvText(
      ["name"],
      names.map((name) => ({ name })),
    );
    const read = parse(text, { columns: true }) as { name: string }[];
    expect(read.map(({ name }) => name.replace(/^'/, ""))).toEqual(names);
    for (const { name } of read) expect(name).not.toMatch(/^[=+\-@]/);
  });
});

describe("a roster", () => {
  it("is read under the usual names of its columns", () => {
    const text = 'Student ID;"First Name";Surname;Email address;Canvas ID;Submitted\n';
    const read = readRoster(
      file(text.replace("Student ID", "student_id") + "ada;Ada;Lovelace;a@x.org;4711;2027-01-15T22:00Z\n"),
    );
    const submitted = Date.parse("2027-01-15T22:00Z");
    expect(read).toEqual([
      { student: "ada", firstName: "Ada", lastName: "Lovelace", email: "a@x.org", lmsId: "4711", submitted },
    ]);
    expect(readRoster(file('student,name,identifier\nzoe,"O\'Brien, Zoë",Participant 815\n'))).toEqual([
      { student: "zoe", firstName: "Zoë", lastName: "O'Brien", email: "", lmsId: "815" },
    ]);
  });

  it("that can't be used is refused with what it has", () => {
    expect(() => readRoster(file("who\nada\n"))).toThrow('has no column "student"; it has who');
    expect(() => readRoster(file("student\nada\nada\n"))).toThrow('has two students "ada"');
    expect(() => readRoster(file("student,submitted\nada,yesterday\n"))).toThrow('submitted is "yesterday"');
  });

  it("says whose a submission is: by the LMS's number, by name, and not where it could be two", () => {
    const roster = readRoster(
      file(
        "student,first_name,last_name,email,lms_id\nal,Ada,Lovelace,,4711\nzo,Zoë,O'Brien,z@x.org,\nl1,Li,Na,,\nl2,Na,Li,,\n",
      ),
    );
    const whose = (student: string, lmsId?: string) =>
      personOf({ student, lmsId, paths: [] }, roster)?.student;
    expect(whose("somebody", "4711")).toBe("al");
    expect(whose("al")).toBe("al");
    expect(whose("lovelaceada", "1")).toBe("al");
    expect(whose("Ada Lovelace")).toBe("al");
    expect(whose("zoe obrien")).toBe("zo");
    expect(whose("z@x.org")).toBe("zo");
    expect(whose("li na")).toBeUndefined();
    expect(whose("nobody")).toBeUndefined();
  });
});

describe("manual.csv", () => {
  const answers = names.map((student) => ({ student, question: "why", points: 2 }));

  it("begins with a row for each answer, and adds those that are missing without touching what was typed", () => {
    addToManual(path, answers.slice(0, 2));
    expect(readManual(path).of("=cmd()", "why")).toBeUndefined();
    const typed = readFileSync(path, "utf8")
      .replace("'=cmd(),why,2,,", '\'=cmd(),why,2,1.5,"good,\nbut short"')
      .replace(/\n$/, "");
    writeFileSync(path, typed);
    addToManual(path, answers);
    const text = readFileSync(path, "utf8");
    expect(text.startsWith(typed)).toBe(true);
    expect(readCsv(path).rows.map(({ student }) => student.replace(/^'/, ""))).toEqual(names);
    expect(readManual(path).of("=cmd()", "why")).toEqual({ score: 1.5, comment: "good,\nbut short" });
    addToManual(path, answers);
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  it("may come back from a spreadsheet with semicolons, other columns and decimal commas", () => {
    const text = "Comment;Score;Points;Question;Student\nfine;1,5;2;why;ada\n";
    file(text);
    expect(readManual(path).of("ada", "why")).toEqual({ score: 1.5, comment: "fine" });
    addToManual(path, [{ student: "bob", question: "why", points: 2 }]);
    expect(readFileSync(path, "utf8")).toBe(`${text};;2;why;bob\n`);
  });

  it.each([
    [
      "student,question,score\nada,why,x\n",
      /row 2 \(ada, why\): the score is "x"; it must be a number from 0/,
    ],
    [
      "student,question,points,score\nada,why,2,3\n",
      /the score is "3"; it must be a number from 0 to 2, or empty/,
    ],
    ["student,question,points,score\nada,why,2,-1\n", /the score is "-1"/],
    ["student,question\nada,why\n", /has no column "score"/],
  ])("with %j is refused", (text, message) => {
    expect(() => readManual(file(text))).toThrow(message);
  });
});

describe("grades", () => {
  const manifest: Manifest = {
    ...{ format: "normlab-assignment/1", name: "ps1", due: "2027-01-15T22:00Z", notebooks: [] },
    policy: { ...noPolicy, percentPerDay: 10 },
    exercises: [
      {
        ...{ id: "a-b", notebook: "02-x.ipynb", points: 4, stub: "", sample: "", solution: "f" },
        ...{ check: { name: "aB" }, seed: 7, given: [], modules: [], forbidden: [] },
      },
    ],
    questions: [{ id: "why", notebook: "02-x.ipynb", points: 2, text: "", sample: "" }],
  };
  const work = (student: string, score: number, more: Partial<GradedWork> = {}): GradedWork => {
    const exercise: ExerciseGrade = {
      ...{ id: "a-b", notebook: "02-x.ipynb", points: 4, score, status: "passed", results: [] },
      ...{ seed: 7, seconds: 1 },
    };
    return {
      ...{
        exercises: [exercise],
        remarks: [],
        receipts: [],
        sandbox: "bubblewrap",
        sources: {},
        answers: {},
      },
      submission: { student, paths: [student] },
      ...more,
    };
  };
  const roster = [
    { student: "ada", firstName: "Ada", lastName: "Lovelace", email: "a@x.org", lmsId: "4711" },
    { student: "zoe", firstName: "Zoë", lastName: "O'Brien", email: "", lmsId: "" },
  ];
  const of = (works: GradedWork[], people: typeof roster | undefined = undefined, readings = noReadings) =>
    gradesOf(manifest, { graded: works, ungraded: [] }, people, readings, "bubblewrap").students;

  it("are exercises and the answers that were read; those that were not are counted", () => {
    const answered = work("ada", 3, { answers: { why: "Because." } });
    expect(of([answered, work("bob", 1)])).toMatchObject([
      { student: "ada", rawScore: 3, score: 3, maxScore: 6, unread: 1, questions: [{ score: null }] },
      { student: "bob", rawScore: 1, unread: 0, questions: [{ score: 0 }] },
    ]);
    const readings = readManual(file("student,question,score,comment\nada,why,1.5,nice\n"));
    expect(of([answered], undefined, readings)).toMatchObject([
      { rawScore: 4.5, unread: 0, questions: [{ score: 1.5, comment: "nice" }] },
    ]);
  });

  it("keep what was earned and what lateness takes apart", () => {
    const late = work("ada", 3, { timestamp: "2027-01-16 23:00:00.000000 UTC" });
    expect(of([late])).toMatchObject([
      { daysLate: 2, rawScore: 3, latePenalty: 0.6, score: 2.4, submitted: "2027-01-16T23:00:00.000Z" },
    ]);
    const listed = roster.map((person) => ({ ...person, submitted: Date.parse("2027-01-15T21:00Z") }));
    expect(of([late], listed)).toMatchObject([{ daysLate: 0, score: 3 }, {}]);
  });

  it("are each student's own, whatever their names are", () => {
    const strange = ["__proto__", "constructor", "toString"];
    const students = of(strange.map((name, i) => work(name, i + 1)));
    expect(students.map(({ student, score }) => [student, score])).toEqual([
      ["__proto__", 1],
      ["constructor", 2],
      ["toString", 3],
    ]);
  });

  it("are of everybody on the roster, and of others with a remark", () => {
    const students = of([work("eve", 4)], roster);
    expect(students.map(({ student, score, remarks }) => [student, score, remarks])).toEqual([
      ["ada", 0, ["nothing was handed in"]],
      ["eve", 4, ["eve is not on the roster"]],
      ["zoe", 0, ["nothing was handed in"]],
    ]);
  });

  it("of what could not be graded say so, and that nothing was handed in of nobody who did", () => {
    const failed = {
      submission: { student: "lovelaceada", paths: ["a.zip"] },
      error: new Error("no such luck"),
    };
    const { students } = gradesOf(
      manifest,
      { graded: [], ungraded: [failed] },
      roster,
      noReadings,
      "bubblewrap",
    );
    expect(students).toMatchObject([
      {
        ...{ student: "ada", paths: ["a.zip"], remarks: ["could not be graded: no such luck"] },
        exercises: [{ status: "ungraded" }],
      },
      { student: "zoe", remarks: ["nothing was handed in"], exercises: [{ status: "missing" }] },
    ]);
  });

  it("of two submissions are those of the better one, which is told", () => {
    for (const works of [
      [work("ada", 1), work("lovelaceada", 3)],
      [work("ada", 3), work("lovelaceada", 1)],
    ]) {
      const [ada] = of(works, roster);
      expect(ada.score).toBe(3);
      expect(ada.remarks).toEqual([
        "there are two submissions of this student (ada, lovelaceada); the better one counts",
      ]);
    }
  });

  it("are read back from the tables by another program", () => {
    const grades = gradesOf(
      manifest,
      { graded: [...names.map((name) => work(name, 2)), work("ada", 3)], ungraded: [] },
      roster,
      noReadings,
      "bubblewrap",
    );
    const rows = parse(gradesCsv(grades), { columns: true }) as Record<string, string>[];
    expect(Object.keys(rows[0]).join()).toBe(
      "assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,late_submission_penalty,score,max_score",
    );
    expect(rows.map((row) => row.student_id.replace(/^'(?=[=+\-@])/, "")).sort()).toEqual(
      [...names.filter((name) => !/^O/.test(name)), "ada", "zoe"].sort(),
    );
    const ada = rows.find((row) => row.student_id === "ada");
    expect(ada).toMatchObject({
      last_name: "Lovelace",
      score: "3",
      max_score: "6",
      late_submission_penalty: "0",
    });
    const moodle = parse(moodleCsv(grades), { columns: true }) as Record<string, string>[];
    expect(moodle.find((row) => row.Identifier === "Participant 4711")).toMatchObject({
      ...{ "Full name": "Ada Lovelace", Grade: "3", "Maximum grade": "6", "Feedback comments": "a-b 3/4" },
    });
  });

  it("fill in the instructor's own Canvas export, and no other cell of it", () => {
    const text =
      'Student,ID,SIS Login ID,Section,ps1 (99),ps2 (100)\n"    Points Possible",,,,6,10\n"Lovelace, Ada",4711,al,A,,7\n"O\'Brien, Zoë",12,zoe,A,1,8\n"Nobody, N",13,n,A,2,9\n';
    const grades = gradesOf(
      manifest,
      { graded: [work("ada", 3), work("zoe", 2), work("eve", 1)], ungraded: [] },
      roster,
      noReadings,
      "bubblewrap",
    );
    const filled = canvasCsv(grades, readCsv(file(text)));
    const rows = parse(filled.text) as string[][];
    expect(rows).toEqual([
      ["Student", "ID", "SIS Login ID", "Section", "ps1 (99)", "ps2 (100)"],
      ["    Points Possible", "", "", "", "6", "10"],
      ["Lovelace, Ada", "4711", "al", "A", "3", "7"],
      ["O'Brien, Zoë", "12", "zoe", "A", "2", "8"],
      ["Nobody, N", "13", "n", "A", "2", "9"],
    ]);
    expect(filled.missing).toEqual(["eve"]);
    const added = canvasCsv(grades, readCsv(file('Student,ID\n"Lovelace, Ada",4711\n')));
    expect(parse(added.text)).toEqual([
      ["Student", "ID", "ps1"],
      ["Lovelace, Ada", "4711", "3"],
    ]);
  });
});
