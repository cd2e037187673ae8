/** The runner, seen from the router: started, asked, interrupted, and replaced when it can't go on. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import {
  type CellError,
  type CellToRun,
  type FromRunner,
  messagesDescriptor,
  type ToRunner,
  watchdogDescriptor,
} from "../wire";

/**
 * What an interrupt tries, and when (ms after the request). A runner that answers takes over after the first step
 * and gets the longer time, because training may need a moment to end.
 */
const steps = { flag: 100, signal: 250, kill: 1000, killAnswering: 1500 };
/** How long the output of a process that has ended is still read (ms). */
const lastWordsMs = 200;

interface CellOutcome {
  assigned: string[];
  error?: CellError;
  /** the process ended, and with it all variables */
  isLost: boolean;
}

/** Who hears of what happens in the runner. */
export interface RunnerListener {
  /** gets all messages but the end of a cell */
  receive(message: FromRunner): void;
  /** gets what was written to the process's own stdout and stderr */
  writeRaw(name: "stdout" | "stderr", text: string): void;
  /** the process ended while no cell ran */
  lostBetweenCells(error: CellError): void;
}

interface Running {
  id: number;
  finish: (outcome: CellOutcome) => void;
  timers: NodeJS.Timeout[];
  wasInterrupted: boolean;
}

export class RunnerProcess {
  private child!: ChildProcess;
  private running: Running | undefined;
  private isClosed = false;
  /** what the process itself (not a cell) wrote last to its stderr: the reason, should it die */
  private lastWords = "";

  constructor(private readonly listener: RunnerListener) {
    this.start();
  }

  private start(): void {
    const stdio: ("ignore" | "pipe" | "ipc")[] = ["ignore", "pipe", "pipe", "ipc"];
    stdio[messagesDescriptor] = "pipe";
    stdio[watchdogDescriptor] = "pipe";
    const child = spawn(process.execPath, [join(__dirname, "../runner/main.js")], { stdio });
    this.child = child;
    this.lastWords = "";
    onLines(pipeOf<Readable>(child, messagesDescriptor), (line) =>
      this.onMessage(JSON.parse(line) as FromRunner),
    );
    child.stdout!.setEncoding("utf8").on("data", (text: string) => this.listener.writeRaw("stdout", text));
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      this.lastWords = (this.lastWords + text).slice(-10_000);
      if (!/FATAL ERROR|Last few GCs|Native stack trace/.test(this.lastWords))
        this.listener.writeRaw("stderr", text);
    });
    // A message to a process that has just ended; its "close" tells what that means.
    child.on("error", () => undefined);
    pipeOf<Writable>(child, watchdogDescriptor).on("error", () => undefined);
    // "close" comes when its pipes are read to their end, which a program that the cell started may keep open.
    child.on("exit", () => setTimeout(() => releasePipes(child), lastWordsMs));
    child.on("close", (code, signal) => this.onEnd(child, code, signal));
  }

  /** Runs a cell; one at a time. */
  run(cell: CellToRun): Promise<CellOutcome> {
    return new Promise((finish) => {
      this.running = { id: cell.id, finish, timers: [], wasInterrupted: false };
      this.send({ type: "run", cell });
    });
  }

  send(message: ToRunner): void {
    if (this.child.connected) this.child.send(message);
  }

  interrupt(): void {
    const { running } = this;
    if (!running || running.wasInterrupted) return;
    running.wasInterrupted = true;
    this.send({ type: "interrupt", cell: running.id });
    this.later(steps.flag, () => this.raiseFlag(running.id));
    // On Windows a signal would end the process; there the flag and the end of patience have to do.
    if (process.platform !== "win32") this.later(steps.signal, () => this.child.kill("SIGINT"));
    this.later(steps.kill, () => this.child.kill("SIGKILL"));
  }

  /** Does something after some time, if the cell still runs then. */
  private later(ms: number, action: () => void): void {
    this.running?.timers.push(setTimeout(action, ms));
  }

  private raiseFlag(id: number): void {
    pipeOf<Writable>(this.child, watchdogDescriptor).write(`${id}\n`);
  }

  private onMessage(message: FromRunner): void {
    if (message.type === "interrupting") {
      if (this.running?.id !== message.cell) return;
      this.clearTimers();
      const { id } = this.running;
      this.later(steps.killAnswering - steps.signal, () => {
        this.raiseFlag(id);
        if (process.platform !== "win32") this.child.kill("SIGINT");
      });
      this.later(steps.killAnswering, () => this.child.kill("SIGKILL"));
    } else if (message.type === "done") {
      this.finish({ assigned: message.assigned, error: message.error, isLost: false });
    } else {
      this.listener.receive(message);
    }
  }

  private clearTimers(): void {
    for (const timer of this.running?.timers.splice(0) ?? []) clearTimeout(timer);
  }

  private finish(outcome: CellOutcome): void {
    const { running } = this;
    this.clearTimers();
    this.running = undefined;
    running?.finish(outcome);
  }

  private onEnd(child: ChildProcess, code: number | null, signal: NodeJS.Signals | null): void {
    if (this.isClosed || child !== this.child) return;
    const wasInterrupted = this.running?.wasInterrupted ?? false;
    const error = wasInterrupted ? interruptedHard : processLost(code, signal, this.lastWords);
    this.start();
    if (this.running) this.finish({ assigned: [], error, isLost: true });
    else this.listener.lostBetweenCells(error);
  }

  close(): void {
    this.isClosed = true;
    this.clearTimers();
    this.child.kill("SIGKILL");
    releasePipes(this.child);
  }
}

const pipeOf = <Pipe>(child: ChildProcess, descriptor: number): Pipe =>
  (child.stdio as unknown as Record<number, Pipe>)[descriptor];

function releasePipes(child: ChildProcess): void {
  for (const pipe of child.stdio) pipe?.destroy();
}

/** Calls `receive` for each line. (`node:readline` also splits at U+2028, which JSON leaves as it is.) */
function onLines(stream: Readable, receive: (line: string) => void): void {
  let parts: string[] = [];
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    const [first, ...rest] = chunk.split("\n");
    parts.push(first);
    for (const part of rest) {
      receive(parts.join(""));
      parts = [part];
    }
  });
}

const consequence =
  "All variables are lost: run the notebook again from its first cell. The kernel itself goes on.";

const interruptedHard: CellError = lossError(
  "Interrupted",
  `the cell did not stop, so the process that runs the cells was ended. ${consequence}`,
);

function processLost(code: number | null, signal: string | null, lastWords: string): CellError {
  const why = /heap out of memory/.test(lastWords)
    ? "it ran out of memory"
    : signal
      ? `it was ended by ${signal}`
      : `it ended with status ${code}`;
  return lossError("ProcessEnded", `the process that runs the cells is gone: ${why}. ${consequence}`);
}

function lossError(ename: string, evalue: string): CellError {
  return { ename, evalue, traceback: [`${ename}: ${evalue}`] };
}
