import type { StudentGrade } from "../../../dist/grade/grading/grade";

/** A student with one exercise, of which one test of four passed, and one answer that nobody has read. */
export const student: StudentGrade = {
  ...{ student: "ada", firstName: "Ada", lastName: "Lovelace", email: "a@x.org", lmsId: "", paths: ["ada"] },
  ...{
    daysLate: 0,
    rawScore: 3,
    latePenalty: 0,
    score: 3,
    maxScore: 6,
    unread: 1,
    remarks: [],
    receipts: ["5ea1"],
  },
  exercises: [
    {
      ...{ id: "a-b", notebook: "02-x.ipynb", points: 4, score: 3, status: "failed", seed: 4711, seconds: 1 },
      results: [
        { name: "a matrix", passed: true, message: "" },
        {
          ...{ name: "a constant column", passed: false, kind: "misconception" },
          ...{ message: "`y[0]` is 0.123", misconception: "ε stands outside the root" },
        },
        {
          name: "a batch of one",
          passed: false,
          kind: "not finite",
          message: "`y[0]` is NaN; it must be 0.123",
        },
        {
          name: "a large mean",
          passed: false,
          kind: "error",
          message: "your function stopped: secret 0.123",
        },
      ],
    },
  ],
  questions: [{ id: "why", notebook: "02-x.ipynb", points: 2, score: null }],
};
