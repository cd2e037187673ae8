/** A kernel started as Jupyter starts it, and a client that speaks ZeroMQ with it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Dealer, Subscriber } from "zeromq";
import { fromFrames, type Message, messageFor, toFrames } from "../../src/kernel/protocol/message";

export const kernelMain: string = resolve(__dirname, "../../dist/kernel/main.js");
const key = "test";
const session = "test-session";
type Channel = "shell" | "control" | "stdin";
type Content = Record<string, unknown>;

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}

/** Everything that came because of one execute request. */
export interface CellRun {
  reply: Content;
  /** `stream`, `display_data`, `execute_result`, `error`, … in order */
  messages: Message[];
  stdout: string;
  stderr: string;
  /** `text/plain` of the result */
  result: string | undefined;
  /** the traceback of all errors, as one text */
  errors: string;
}

interface Started {
  id: string;
  done: Promise<CellRun>;
}

export class TestKernel {
  readonly folder: string;
  readonly published: Message[] = [];
  private readonly watchers = new Set<(message: Message) => void>();
  private readonly replies = new Map<string, (message: Message) => void>();
  private constructor(
    readonly process: ChildProcess,
    private readonly base: string,
    private readonly sockets: Record<Channel, Dealer>,
    private readonly iopub: Subscriber,
  ) {
    this.folder = join(base, "notebooks");
  }

  /** Starts `node main` in a new folder; `files` are written there first. */
  static async start({
    main = kernelMain,
    files = {},
    environment = {},
  }: {
    main?: string;
    files?: Record<string, string>;
    environment?: NodeJS.ProcessEnv;
  } = {}): Promise<TestKernel> {
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
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...environment },
    });
    const sockets = { shell: new Dealer(), control: new Dealer(), stdin: new Dealer() };
    // The kernel asks on stdin whoever asked on shell, so both have one identity.
    for (const socket of Object.values(sockets)) socket.routingId = session;
    const iopub = new Subscriber({ receiveHighWaterMark: 0 });
    iopub.subscribe();
    iopub.connect(`tcp://127.0.0.1:${iopub_port}`);
    sockets.shell.connect(`tcp://127.0.0.1:${shell_port}`);
    sockets.control.connect(`tcp://127.0.0.1:${control_port}`);
    sockets.stdin.connect(`tcp://127.0.0.1:${stdin_port}`);
    const kernel = new TestKernel(child, base, sockets, iopub);
    kernel.listen();
    await kernel.ready();
    return kernel;
  }

  private listen(): void {
    const read = async (socket: Dealer | Subscriber, receive: (message: Message) => void) => {
      for await (const frames of socket) receive(fromFrames(frames, key));
    };
    void read(this.iopub, (message) => {
      this.published.push(message);
      for (const watch of [...this.watchers]) watch(message);
    });
    const take = (message: Message) => this.replies.get(message.parent.msg_id)?.(message);
    void read(this.sockets.shell, take);
    void read(this.sockets.control, take);
    void read(this.sockets.stdin, (message) => {
      this.published.push(message);
      for (const watch of [...this.watchers]) watch(message);
    });
  }

  /** Asks until what the kernel publishes arrives here too: subscribing takes a moment. */
  private async ready(): Promise<void> {
    const { id } = await this.send("kernel_info_request", {});
    await this.replyTo(id);
    for (;;) {
      const again = await this.send("kernel_info_request", {});
      await this.replyTo(again.id);
      const seen = this.waitFor((m) => m.parent.msg_id === again.id).then(() => true);
      if (await Promise.race([seen, new Promise((next) => setTimeout(() => next(false), 500))])) return;
    }
  }

  private async send(
    type: string,
    content: Content,
    channel: Channel = "shell",
  ): Promise<Message & { id: string }> {
    const message = messageFor(undefined, type, content, session);
    await this.sockets[channel].send(toFrames(message, key));
    return { ...message, id: message.header.msg_id };
  }

  private replyTo(id: string): Promise<Message> {
    return new Promise((receive) => this.replies.set(id, receive));
  }

  /** A message published since the start, or the first one from now on, that satisfies a condition. */
  waitFor(condition: (message: Message) => boolean): Promise<Message> {
    const before = this.published.find(condition);
    if (before) return Promise.resolve(before);
    return new Promise((found) => {
      const watch = (message: Message) => {
        if (!condition(message)) return;
        this.watchers.delete(watch);
        found(message);
      };
      this.watchers.add(watch);
    });
  }

  /** Sends a request and answers with the content of its reply. */
  async request(type: string, content: Content = {}, channel: Channel = "shell"): Promise<Content> {
    const message = messageFor(undefined, type, content, session);
    const reply = this.replyTo(message.header.msg_id);
    await this.sockets[channel].send(toFrames(message, key));
    return (await reply).content;
  }

  /** Sends a cell without waiting. */
  async begin(code: string, options: Content = {}): Promise<Started> {
    const content = {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: false,
      ...options,
    };
    const message = messageFor(undefined, "execute_request", content, session);
    const id = message.header.msg_id;
    const reply = this.replyTo(id);
    const isIdle = (m: Message) =>
      m.parent.msg_id === id && m.header.msg_type === "status" && m.content.execution_state === "idle";
    const idle = this.waitFor(isIdle);
    await this.sockets.shell.send(toFrames(message, key));
    const done = Promise.all([reply, idle]).then(([{ content: replied }]) => this.runOf(id, replied));
    return { id, done };
  }

  private runOf(id: string, reply: Content): CellRun {
    const messages = this.messagesOf(id);
    const textOf = (name: string) =>
      messages
        .filter((m) => m.header.msg_type === "stream" && m.content.name === name)
        .map((m) => m.content.text as string)
        .join("");
    const of = (type: string) => messages.filter((m) => m.header.msg_type === type);
    const data = of("execute_result")[0]?.content.data as Record<string, string> | undefined;
    const errors = of("error").flatMap((m) => m.content.traceback as string[]);
    return {
      reply,
      messages,
      stdout: textOf("stdout"),
      stderr: textOf("stderr"),
      result: data?.["text/plain"],
      errors: errors.join("\n"),
    };
  }

  /** What was published because of a request, but for status and inputs. */
  messagesOf(id: string): Message[] {
    return this.published.filter(
      (m) => m.parent.msg_id === id && !["status", "execute_input"].includes(m.header.msg_type),
    );
  }

  /** Runs a cell to its end. */
  async run(code: string, options: Content = {}): Promise<CellRun> {
    return (await this.begin(code, options)).done;
  }

  async answerInput(value: string): Promise<void> {
    await this.send("input_reply", { status: "ok", value }, "stdin");
  }

  interrupt(): Promise<Content> {
    return this.request("interrupt_request", {}, "control");
  }

  async stop(): Promise<void> {
    const ended = this.process.exitCode !== null || this.process.signalCode !== null;
    if (!ended) {
      const closed = once(this.process, "close");
      await this.send("shutdown_request", { restart: false }, "control");
      await closed;
    }
    this.iopub.close();
    for (const socket of Object.values(this.sockets)) socket.close();
    rmSync(this.base, { recursive: true, force: true });
  }
}
