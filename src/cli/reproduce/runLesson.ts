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

/** Draws a lesson's results; `onCell` is told before each cell. When `signal` is aborted it ends, and this rejects. */
export function runLesson(
  request: LessonRequest,
  { quick, trained = "", signal }: { quick: boolean; trained?: string; signal?: AbortSignal },
  onCell: (index: number, cells: number) => void,
): Promise<Extract<LessonReport, { kind: "done" }>> {
  return new Promise((done, fail) => {
    const child = fork(join(__dirname, "lessonProcess.js"), [JSON.stringify(request)], {
      cwd: projectRoot,
      env: { ...process.env, NORMLAB_QUICK: quick ? "1" : "", NORMLAB_TRAIN: trained },
      stdio: ["pipe", "ignore", "pipe", "ipc"],
      signal,
      killSignal: "SIGKILL",
    });
    let errors = "";
    let finished: Extract<LessonReport, { kind: "done" }> | undefined;
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (errors += text));
    child.on("message", (report: LessonReport) => {
      if (report.kind === "cell") onCell(report.index, report.cells);
      else finished = report;
    });
    child.on("error", (error) => signal?.aborted || fail(error));
    child.on("close", (status, ended) => {
      if (signal?.aborted) return fail(signal.reason as Error);
      if (finished && status === 0) return done(finished);
      const how = ended ?? `status ${status}`;
      fail(new ExpectedError(`${request.file} ended with ${how}:\n${errors.trim()}`));
    });
  });
}
