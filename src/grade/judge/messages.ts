/** What the judge's thread and the one that holds the box say to each other. */
import type { MessagePort } from "node:worker_threads";
import type { CheckResult, ReportStatus } from "../../checks/report";
import type { BoxTask } from "../box/conversation";
import type { BoxEnd } from "../box/box";

/** What is to be judged: one exercise of one student. */
export interface JudgeJob {
  task: BoxTask;
  /** The check: its name in `checks`, or a file of the instructor's own that exports it as `check`. */
  check: { name: string } | { file: string };
  seed: number;
}

export interface JudgeReport {
  status: ReportStatus;
  /** 0 to 1 */
  score: number;
  results: CheckResult[];
  /** Why the box ended before its time. */
  end?: BoxEnd;
}

/** The thread asks for a frame to be sent to the box; the answer is a frame of the box, or why there is none. */
export interface Exchange {
  frame: Uint8Array;
}
export type ExchangeReply = { frame: Uint8Array } | { end: BoxEnd };

/** What a thread is given when it starts. */
export interface JudgeThreadData {
  /** Raised when a reply lies in `port`. */
  signal: Int32Array;
  port: MessagePort;
}
