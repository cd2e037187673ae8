/**
 * The thread in which checks run. It holds tests, seeds and expected values, and none of the student's code: of that it
 * sees answers alone, as plain data. The checks are synchronous, so it sleeps while the box works.
 */
import { readFileSync } from "node:fs";
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import * as checks from "../../checks";
import { runModule } from "../../kernel/project";
import { type BoxEnd, BoxEnded } from "../box/box";
import type { ExchangeReply, JudgeJob, JudgeReport, JudgeThreadData } from "./messages";
import { solutionIn, Stopped } from "./solution";

const { port, signal } = workerData as JudgeThreadData;

function exchange(frame: Buffer): ExchangeReply {
  Atomics.store(signal, 0, 0);
  port.postMessage({ frame });
  // Who answered so fast that nobody had to wait notifies only now, perhaps, and wakes this wait, which has no answer yet.
  while (Atomics.load(signal, 0) === 0) Atomics.wait(signal, 0, 0);
  return (receiveMessageOnPort(port) as { message: ExchangeReply }).message;
}

function checkOf(check: JudgeJob["check"]): checks.Check<unknown> {
  if ("name" in check) return (checks as unknown as Record<string, checks.Check<unknown>>)[check.name];
  const exported = runModule(readFileSync(check.file, "utf8"), check.file) as Record<string, unknown>;
  if (typeof exported.check !== "function") throw new Error(`${check.file} exports no function "check"`);
  return exported.check as checks.Check<unknown>;
}

function judge({ task, check, seed }: JudgeJob): JudgeReport {
  let end: BoxEnd | undefined;
  const hangUp = (why: BoxEnd): never => {
    end ??= why;
    throw new BoxEnded(end);
  };
  const line = {
    send(frame: Buffer) {
      const reply = end === undefined ? exchange(frame) : { end };
      return "end" in reply ? hangUp(reply.end) : Buffer.from(reply.frame);
    },
    refuse: () => hangUp("forged"),
  };
  let solution: unknown;
  try {
    solution = solutionIn(line, task);
  } catch (error) {
    if (error instanceof BoxEnded) return failed("", error.why);
    if (error instanceof Stopped) return failed(error.message);
    throw error;
  }
  const report = checkOf(check)(solution, { seed, cases: "hard" }).toJSON();
  return { status: report.status, score: report.score, results: [...report.results], ...(end && { end }) };
}

/** Nothing could be looked at. */
const failed = (message: string, end?: JudgeReport["end"]): JudgeReport => ({
  status: /^Exercise\b/.test(message) ? "not done" : "failed",
  score: 0,
  results: message ? [{ name: "the exercise's cell runs", passed: false, message, kind: "error" }] : [],
  ...(end && { end }),
});

parentPort!.on("message", (job: JudgeJob) => parentPort!.postMessage(judge(job)));
