/** Judges exercises one after the other: a thread for the checks, a new box for each exercise. */
import { once } from "node:events";
import { join } from "node:path";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { Box, BoxEnded } from "../box/box";
import type { BoxLimits, BoxProgram, Sandbox } from "../box/sandbox";
import type { Exchange, ExchangeReply, JudgeJob, JudgeReport, JudgeThreadData } from "./messages";

/** What an exercise of one student may use. */
export const exerciseLimits: BoxLimits = { cpuSeconds: 10, megabytes: 1000, seconds: 60 };

export class Judge {
  private readonly signal = new Int32Array(new SharedArrayBuffer(4));
  private readonly port: MessagePort;
  private readonly thread: Worker;

  constructor(private readonly limits: BoxLimits = exerciseLimits) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    const workerData: JudgeThreadData = { signal: this.signal, port: port2 };
    this.thread = new Worker(join(__dirname, "thread.js"), { workerData, transferList: [port2] });
  }

  /** @param build the student's build that the job's exercise gets, as the box sees it */
  async judge(job: JudgeJob, sandbox: Sandbox, build: Omit<BoxProgram, "limits">): Promise<JudgeReport> {
    const box = new Box(sandbox, { ...build, limits: this.limits });
    const pass = async ({ frame }: Exchange) => this.reply(await answerOf(box, frame));
    const listener = (exchange: Exchange) => void pass(exchange);
    this.port.on("message", listener);
    try {
      this.thread.postMessage(job);
      const [report] = (await once(this.thread, "message")) as [JudgeReport];
      const end = await box.close();
      return counted({ ...report, ...(end && { end }) });
    } finally {
      this.port.off("message", listener);
      // Also that of a check that can't be used.
      await box.close();
    }
  }

  async close(): Promise<void> {
    this.port.close();
    await this.thread.terminate();
  }

  private reply(reply: ExchangeReply): void {
    this.port.postMessage(reply);
    Atomics.store(this.signal, 0, 1);
    Atomics.notify(this.signal, 0);
  }
}

async function answerOf(box: Box, frame: Uint8Array): Promise<ExchangeReply> {
  try {
    return { frame: await box.exchange(Buffer.from(frame)) };
  } catch (error) {
    if (error instanceof BoxEnded) return { end: error.why };
    throw error;
  }
}

/**
 * What had passed before the time or the memory ran out counts. A box that ended by itself or said what it wasn't asked
 * for earns nothing: what else it said can't be believed.
 */
function counted(report: JudgeReport): JudgeReport {
  if (report.end === undefined) return report;
  const isHonest = report.end === "time" || report.end === "memory";
  return { ...report, status: "failed", score: isHonest ? report.score : 0 };
}
