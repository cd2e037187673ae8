// A peer is a process that answers one line of JSON for each it is sent, so that peers can take turns.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export class Peer {
  /** `label` names it in tables; `command` is [program, …arguments]. */
  constructor(label, command, { env = {} } = {}) {
    this.label = label;
    this.waiting = [];
    this.errors = "";
    this.child = spawn(command[0], command.slice(1), {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    this.child.stderr.on("data", (text) => (this.errors = `${this.errors}${text}`.slice(-2000)));
    // Answers begin with a control character: libraries print what they like around them.
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      const start = line.indexOf("\x1e");
      if (start >= 0) this.waiting.shift()?.resolve(JSON.parse(line.slice(start + 1)));
    });
    const end = (why) => {
      this.ended = new Error(`${label}: ${why}; ${this.errors.trim().split("\n").at(-1)}`);
      this.waiting.splice(0).forEach(({ reject }) => reject(this.ended));
    };
    this.child.on("error", (error) => end(error.message));
    this.child.on("exit", (code, signal) => end(`ended with ${signal ?? `status ${code}`}`));
    this.child.stdin.on("error", () => {});
  }

  /** Sends a request and waits for its answer; a task that fails is an error. */
  async ask(task, request = {}) {
    if (this.ended) throw this.ended;
    const answer = await new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.child.stdin.write(`${JSON.stringify({ task, ...request })}\n`);
    });
    if (answer.error !== undefined) throw new Error(`${this.label}: ${answer.error}`);
    return answer;
  }

  async close() {
    if (this.ended) return;
    const exited = new Promise((resolve) => this.child.on("exit", resolve));
    this.child.stdin.end();
    await exited;
  }
}
