/** A running box, seen from outside: frames go in and come out until it ends or breaks a rule. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { FrameReader } from "./frames";
import type { BoxCommand, BoxProgram, Sandbox } from "./sandbox";

/** Why there is no answer. */
export type BoxEnd =
  | "time" // it took longer than it may
  | "memory" // it needed more than it may
  | "ended" // the process ended by itself
  | "output" // it printed without end
  | "forged"; // it said something that it wasn't asked for

/** The box is no more; what it has answered before may still count. */
export class BoxEnded extends Error {
  constructor(
    readonly why: BoxEnd,
    /** The beginning of what it printed: of a box that doesn't start, the reason. */
    readonly printed: string = "",
  ) {
    super(`the box is no more: ${why}`);
  }
}

/** What a solution may print: it is thrown away, but has to be read. */
const printedBytes = 20e6;

/** How long a box may take to end when nothing is asked any more. */
const closingSeconds = 5;

/** 128 + the signal: aborted (V8 out of memory); killed, or out of processor time. */
const whyOfStatus: Record<number, BoxEnd> = { 134: "memory", 133: "memory", 137: "time", 152: "time" };

export class Box {
  private readonly process: ChildProcess;
  private readonly requests: Writable;
  private readonly remove: BoxCommand["remove"];
  private readonly reader = new FrameReader();
  private waiting: { resolve: (frame: Buffer) => void; reject: (why: BoxEnded) => void } | undefined;
  private end: BoxEnd | undefined;
  private isClosing = false;
  private printed = 0;
  private beginning = "";
  private readonly timer: NodeJS.Timeout;
  private readonly closed: Promise<void>;

  constructor(sandbox: Sandbox, program: BoxProgram) {
    const { file, args, env, user, pipes, extra, remove } = sandbox.command(program);
    this.remove = remove;
    const passed = extra === undefined ? undefined : openSync(extra, "r");
    try {
      this.process = spawn(file, args, {
        env,
        cwd: "/",
        ...(user !== undefined && { uid: user, gid: user }),
        stdio: ["pipe", "pipe", "pipe", "pipe", "pipe", ...(passed === undefined ? [] : [passed])],
      });
    } finally {
      if (passed !== undefined) closeSync(passed);
    }
    this.timer = setTimeout(() => this.kill("time"), program.limits.seconds * 1000);
    const { stdio } = this.process;
    this.requests = stdio[pipes[0]] as Writable;
    const replies = stdio[pipes[1]] as Readable;
    for (const stream of [stdio[1], stdio[2], stdio[4]] as Readable[]) {
      stream.on("data", (part: Buffer) => (stream === replies ? this.take(part) : this.count(part)));
    }
    // It ended; "close" tells.
    for (const stream of stdio) stream?.on("error", () => undefined);
    this.closed = new Promise((resolve) => {
      this.process.on("error", () => this.finish("ended", resolve));
      this.process.on("close", (status) => this.finish(whyOfStatus[status ?? 137] ?? "ended", resolve));
    });
  }

  /**
   * Sends a frame and waits for the next one.
   * @throws BoxEnded
   */
  exchange(frame: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.end !== undefined) return reject(this.ended(this.end));
      this.waiting = { resolve, reject };
      this.requests.write(frame);
    });
  }

  /** Lets the box end. Answers why it can't be trusted when it said more than it was asked, or ended before. */
  async close(): Promise<BoxEnd | undefined> {
    this.isClosing = true;
    clearTimeout(this.timer);
    this.requests.end();
    // Whatever holds it up: it has answered.
    const impatient = setTimeout(() => this.stop(), closingSeconds * 1000);
    await this.closed;
    clearTimeout(impatient);
    return this.reader.isInMidst ? "forged" : this.end;
  }

  /** A frame answers what was asked; one that nobody asked for ends the conversation. */
  private take(part: Buffer): void {
    try {
      for (const frame of this.reader.push(part)) {
        const { waiting } = this;
        this.waiting = undefined;
        if (waiting) waiting.resolve(frame);
        else this.kill("forged");
      }
    } catch {
      this.kill("forged");
    }
  }

  private count(part: Buffer): void {
    this.printed += part.length;
    if (this.beginning.length < 300) this.beginning += part.toString("utf8", 0, 300);
    if (this.printed > printedBytes) this.kill("output");
  }

  private ended(why: BoxEnd): BoxEnded {
    return new BoxEnded(why, this.beginning.trim());
  }

  private kill(why: BoxEnd): void {
    this.end ??= why;
    this.stop();
  }

  private stop(): void {
    this.process.kill("SIGKILL");
    // A container outlives the program that started it.
    if (this.remove)
      spawn(this.remove.file, this.remove.args, { stdio: "ignore" }).on("error", () => undefined);
  }

  private finish(why: BoxEnd, resolve: () => void): void {
    clearTimeout(this.timer);
    if (!this.isClosing) this.end ??= why;
    this.waiting?.reject(this.ended(this.end ?? why));
    this.waiting = undefined;
    resolve();
  }
}
