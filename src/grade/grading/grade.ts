/** What grades are: `grades.json`, format `normlab-grade/1`. */
import type { CheckResult } from "../../checks/report";
import type { BoxEnd } from "../box/box";
import type { SandboxName } from "../box/sandbox";

export type ExerciseStatus =
  | "passed"
  | "failed"
  | "not done" // as it was handed out, or it still throws the exercise's own error
  | "missing" // its cell was not handed in
  | "ungraded" // through no fault of the student's; the next call tries again
  | "refused"; // the kernel would not run it either: types or syntax

export interface ExerciseGrade {
  id: string;
  notebook: string;
  /** What can be had, and what was earned of it. */
  points: number;
  score: number;
  status: ExerciseStatus;
  /** What was looked at. `message` has values in it: it is for the instructor, not for the student. */
  results: CheckResult[];
  /** Why nothing was looked at, or not all. */
  reason?: string;
  /** The box was ended, and why. */
  end?: BoxEnd;
  seed: number;
  seconds: number;
}

export interface QuestionGrade {
  id: string;
  notebook: string;
  points: number;
  /** null until a person has read it; 0 where nothing was written. */
  score: number | null;
  comment?: string;
}

/** What a submission earned, whenever it was handed in. */
export interface WorkGrade {
  exercises: ExerciseGrade[];
  remarks: string[];
  /** The sandbox in which it was judged; "none" can't be trusted. */
  sandbox: SandboxName;
}

export interface StudentGrade {
  student: string;
  firstName: string;
  lastName: string;
  email: string;
  lmsId: string;
  /** What was handed in, below the folder of submissions; nothing: an empty list. */
  paths: string[];
  /** SHA-256 of the zips that were handed in: what `submit` printed. */
  receipts: string[];
  /** When, as far as it is known, ISO 8601. */
  submitted?: string;
  daysLate: number;
  maxScore: number;
  /** Points earned; of questions, those that were read. */
  rawScore: number;
  /** What lateness takes of them. */
  latePenalty: number;
  score: number;
  /** Questions that were answered and are not read yet. */
  unread: number;
  exercises: ExerciseGrade[];
  questions: QuestionGrade[];
  remarks: string[];
}

/** grades.json */
export interface Grades {
  format: "normlab-grade/1";
  assignment: string;
  due?: string;
  /** "none": students' code was not shut in, so nothing here can be trusted. */
  sandbox: SandboxName;
  versions: { normlab: string; node: string };
  students: StudentGrade[];
}
