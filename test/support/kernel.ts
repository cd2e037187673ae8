/** A kernel started as Jupyter starts it, with a client that speaks ZeroMQ with it. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { isIdleOf, KernelClient, key, patience, type Ports } from "./kernelClient";
import { freePorts } from "./ports";
import { shared } from "./shared";
import { within } from "./within";

export const kernelMain: string = resolve(__dirname, "../../dist/kernel/main.js");
/** How long a kernel that was asked to end may take (ms). */
const endPatience = 30_000;

interface KernelOptions {
  main?: string;
  /** written into the kernel's folder first */
  files?: Record<string, string>;
  /** how long it may take until it answers (ms) */
  startWithin?: number;
}

export class TestKernel extends KernelClient {
  /** its working folder */
  readonly folder: string;
  /** fulfilled when the process has ended */
  readonly ended: Promise<void>;
  private said = "";
  /** whether a test ended it, so that its end is no fault */
  private wasKilled = false;

  private constructor(
    readonly process: ChildProcess,
    private readonly base: string,
    ports: Ports,
  ) {
    super(ports);
    this.folder = join(base, "notebooks");
    for (const stream of [process.stdout!, process.stderr!]) {
      stream.setEncoding("utf8").on("data", (text: string) => (this.said = (this.said + text).slice(-4000)));
    }
    this.ended = new Promise((end) => {
      process.on("error", (error) => this.inbox.close(`the kernel could not be started (${error.message})`));
      process.on("close", () => {
        this.inbox.close(this.ending());
        end();
      });
    });
  }

  /** Starts `node main` in a new folder. A kernel that does not answer is ended, and its folder removed. */
  static async start({
    main = kernelMain,
    files = {},
    startWithin = patience,
  }: KernelOptions = {}): Promise<TestKernel> {
    const base = mkdtempSync(join(tmpdir(), "normlab-kernel-"));
    const folder = join(base, "notebooks");
    mkdirSync(folder);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const [shell_port, iopub_port, stdin_port, control_port, hb_port] = await freePorts(5);
    const ports = { shell_port, iopub_port, stdin_port, control_port, hb_port };
    const file = join(base, "connection.json");
    const connection = { ...ports, key, ip: "127.0.0.1", transport: "tcp", signature_scheme: "hmac-sha256" };
    writeFileSync(file, JSON.stringify(connection));
    const child = spawn(process.execPath, [main, `--config-path=${file}`], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      // The kernel ends with this process, however that ends.
      env: { ...process.env, JPY_PARENT_PID: String(process.pid) },
    });
    const kernel = new TestKernel(child, base, ports);
    try {
      const cameSoFar = () => `${kernel.inbox.summary()}; it said: ${kernel.said || "nothing"}`;
      await within(startWithin, "a kernel that answers", kernel.ready(), cameSoFar);
    } catch (error) {
      await kernel.discard();
      throw error;
    }
    return kernel;
  }

  /** Asks until what the kernel publishes arrives here too: subscribing takes a moment. */
  private async ready(): Promise<void> {
    for (;;) {
      const id = await this.send("kernel_info_request");
      await this.replyTo(id, "kernel_info_request");
      const isSeen = this.inbox.first("the end of kernel_info_request", isIdleOf(id), 500).then(
        () => true,
        () => false,
      );
      if (await isSeen) return;
    }
  }

  /** Asks the kernel to end. One that was dead before, or has to be killed, is an error. */
  async stop(): Promise<void> {
    try {
      if (this.isRunning) {
        await this.send("shutdown_request", { restart: false }, "control");
        await within(endPatience, "the kernel's end after shutdown_request", this.ended);
      } else if (!this.wasKilled && this.process.exitCode !== 0) {
        throw new Error(`${this.ending()}, though no test asked for it`);
      }
    } finally {
      await this.discard();
    }
  }

  /** Ends the kernel as a crash would. */
  async kill(): Promise<void> {
    if (!this.isRunning) return;
    this.wasKilled = true;
    this.process.kill("SIGKILL");
    await within(endPatience, "the kernel's end after SIGKILL", this.ended);
  }

  /** Leaves nothing of it behind: no process, no socket, no folder. */
  async discard(): Promise<void> {
    await this.kill();
    this.disconnect();
    rmSync(this.base, { recursive: true, force: true });
  }

  private get isRunning(): boolean {
    return (
      this.process.pid !== undefined && this.process.exitCode === null && this.process.signalCode === null
    );
  }

  /** How the kernel ended, and what it said last. */
  private ending(): string {
    const { exitCode, signalCode } = this.process;
    const how = signalCode ? `was ended by ${signalCode}` : `ended with status ${exitCode}`;
    return `the kernel ${how}${this.said && ` (it said: ${this.said.trim()})`}`;
  }
}

/** Gives the tests that follow a kernel to share: `take` gets each new one, and may run what the tests rely on. */
export function sharedKernel(
  take: (kernel: TestKernel) => void | Promise<void>,
  { forEachTest, ...options }: KernelOptions & { forEachTest?: boolean } = {},
): void {
  const start = async () => {
    const kernel = await TestKernel.start(options);
    try {
      await take(kernel);
    } catch (error) {
      await kernel.discard();
      throw error;
    }
    return kernel;
  };
  shared(start, (kernel) => kernel.stop(), { forEachTest });
}
