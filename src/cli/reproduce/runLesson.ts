/** One lesson in a process of its own (lessonProcess.ts), and what the two say to each other. */
import { fork } from "node:child_process";
import { join } from "node:path";
import { ExpectedError } from "../errors";
import { projectRoot } from "../jupyter";
import type { ResultRecord } from "./manifest";

export interface LessonRequest {
  /** The lesson's path. */
  path: string;
  /** The path that its errors name. */
  file: string;
  out: string;
}

/** What the process reports: before each cell, and at its end. */
export type LessonReport =
  | { kind: "cell"; index: number; cells: number }
  | { kind: "done"; results: ResultRecord[]; times: Record<string, unknown> };

/** Draws a lesson's results; `onCell` is told before each cell. */
export function runLesson(
  request: LessonRequest,
  quick: boolean,
  onCell: (index: number, cells: number) => void,
): Promise<Extract<LessonReport, { kind: "done" }>> {
  return new Promise((done, fail) => {
    const child = fork(join(__dirname, "lessonProcess.js"), [JSON.stringify(request)], {
      cwd: projectRoot,
      env: { ...process.env, NORMLAB_QUICK: quick ? "1" : "" },
      stdio: ["pipe", "ignore", "pipe", "ipc"],
    });
    let errors = "";
    let finished: Extract<LessonReport, { kind: "done" }> | undefined;
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (errors += text));
    child.on("message", (report: LessonReport) => {
      if (report.kind === "cell") onCell(report.index, report.cells);
      else finished = report;
    });
    child.on("error", fail);
    child.on("close", (status, signal) => {
      if (finished && status === 0) return done(finished);
      const how = signal ?? `status ${status}`;
      fail(new ExpectedError(`${request.file} ended with ${how}:\n${errors.trim()}`));
    });
  });
}
