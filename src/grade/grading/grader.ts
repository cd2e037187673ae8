/** Grades the exercises of one submission after the other: compiles them in a box, and has them judged. */
import { join } from "node:path";
import type { BoxEnd } from "../box/box";
import type { Sandbox } from "../box/sandbox";
import { BoxedCompiler } from "../compile/compiler";
import { Judge } from "../judge/judge";
import type { JudgeReport } from "../judge/messages";
import type { ExerciseEntry, Manifest } from "../assignment/manifest";
import type { Work } from "../collect/work";
import { rounded } from "../../checks/points";
import type { Builds } from "./builds";
import type { ExerciseGrade, WorkGrade } from "./grade";

/** A name that is not there may be there in the notebook. */
const explained = (message: string): string =>
  /Cannot find name/.test(message)
    ? `${message} An exercise is graded with its own cell and what the lesson defines before it.`
    : message;

/** Why the box was ended, in a sentence for the student. */
export const endings: Record<BoxEnd, string> = {
  time: "it takes longer than it may: is there a loop that doesn't end?",
  memory: "it needs more memory than it may",
  ended: "it ends the process that runs it, so nothing that it answered counts",
  output: "it prints without end",
  forged: "it says what it was not asked for, so nothing that it answered counts",
};

export class Grader {
  private readonly judge = new Judge();

  constructor(
    private readonly manifest: Manifest,
    /** The folder grader/. */
    private readonly folder: string,
    private readonly sandbox: Sandbox,
    private readonly builds: Builds,
  ) {}

  async grade(work: Work): Promise<WorkGrade> {
    // One for each submission: what one student's types do to it is no other's.
    const compiler = new BoxedCompiler(this.sandbox);
    try {
      const exercises: ExerciseGrade[] = [];
      for (const exercise of this.manifest.exercises) {
        exercises.push(await this.gradeOne(exercise, work.exercises[exercise.id], compiler));
      }
      return { exercises, remarks: work.remarks, sandbox: this.sandbox.name };
    } finally {
      await compiler.close();
    }
  }

  close(): Promise<void> {
    return this.judge.close();
  }

  private async gradeOne(
    exercise: ExerciseEntry,
    source: string | undefined,
    compiler: BoxedCompiler,
  ): Promise<ExerciseGrade> {
    const { id, notebook, points, stub, given, seed } = exercise;
    const begun = performance.now();
    const grade = (fields: Pick<ExerciseGrade, "status"> & Partial<ExerciseGrade>): ExerciseGrade => ({
      ...{ id, notebook, points, score: 0, results: [], seed },
      seconds: rounded((performance.now() - begun) / 1000),
      ...fields,
    });
    if (source === undefined) return grade({ status: "missing", reason: "its cell was not handed in" });
    if (source.trim() === stub.trim()) return grade({ status: "not done" });
    const compiled = await compiler.compile({ given, source });
    if (compiled.type === "refused") return grade({ status: "refused", reason: explained(compiled.message) });
    const report = await this.judgeOne(exercise, [...compiled.given, compiled.code]);
    return grade({
      status: report.status,
      score: rounded(points * report.score),
      results: report.results,
      ...(report.end && { end: report.end, reason: endings[report.end] }),
    });
  }

  private judgeOne(
    { check, seed, solution, modules, forbidden }: ExerciseEntry,
    codes: string[],
  ): Promise<JudgeReport> {
    const cells = codes.map((code, i) => ({
      code,
      file: i < codes.length - 1 ? `given-${i}.js` : "cell.js",
    }));
    const task = { cells, name: solution, modules, forbidden };
    const ours = "file" in check ? { file: join(this.folder, check.file) } : check;
    return this.judge.judge({ task, check: ours, seed }, this.sandbox, this.builds.with(modules));
  }
}
