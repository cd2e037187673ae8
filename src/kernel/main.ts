/**
 * The notebook kernel: tslab's own classes, started with what the protocol asks for and they leave out.
 * `node dist/kernel/main.js --config-path=CONNECTION_FILE`
 */
import { dirname } from "node:path";
import { format, inspect } from "node:util";
import { createConverter } from "tslab/dist/converter";
import { createExecutor, type Executor } from "tslab/dist/executor";
import { JupyterHandlerImpl, ZmqServer, type ExecuteReply } from "tslab/dist/jupyter";
import type { KernelHook } from "./hook";

const root = dirname(dirname(__dirname));

interface Failure {
  ename: string;
  evalue: string;
  traceback: string[];
}
interface Message {
  header: { msg_type: string };
  content: Record<string, unknown>;
  createReply(): Message;
  signAndSend(key: string, socket: unknown): void;
}
interface RunningCell {
  message: Message;
  count: number;
  failure?: Failure;
  pending: Promise<unknown>[];
}
/** The parts of tslab's classes that its declarations keep private. */
interface HandlerInternals {
  execCount: number;
  execQueue: { reset(delay?: number): void };
  handleExecuteImpl(...args: unknown[]): Promise<unknown>;
}

const configPath = process.argv
  .map(
    (argument, i, all) =>
      argument.match(/^--config-path=(.*)$/)?.[1] ?? (all[i - 1] === "--config-path" && argument),
  )
  .find(Boolean);
if (!configPath) {
  console.error("normlab's kernel: --config-path=FILE is missing; Jupyter passes it.");
  process.exit(1);
}

process.chdir(root);
let cell: RunningCell | undefined;
const cells = new Map<unknown, RunningCell>();

function publish(type: string, content: Record<string, unknown>): void {
  if (!cell) return;
  const reply = cell.message.createReply();
  reply.header.msg_type = type;
  reply.content = content;
  reply.signAndSend(server.connInfo.key, server.iopub);
}

const text = (value: unknown) => ({ "text/plain": typeof value === "string" ? value : inspect(value) });

const hook: KernelHook = {
  display(data, { metadata = {}, displayId, update = false }) {
    const transient = displayId === undefined ? {} : { display_id: displayId };
    publish(update ? "update_display_data" : "display_data", { data, metadata, transient });
  },
  clearOutput: (wait) => publish("clear_output", { wait }),
  input: () => Promise.reject(new Error("input: not offered yet.")),
  pending: (promise) => void cell?.pending.push(promise),
  inspect: text,
};
Object.assign(globalThis, { [Symbol.for("normlab.kernel")]: hook });

let abort = new AbortController();
Object.assign(globalThis, {
  [Symbol.for("normlab.cell")]: {
    get signal() {
      return abort.signal;
    },
  },
});

/** What the executor tells: the value of the last expression, and what went wrong. */
const cellConsole = {
  log(value: unknown): void {
    const method = (value as Record<symbol, unknown>)?.[Symbol.for("Jupyter.display")];
    const bundle: unknown = typeof method === "function" ? method.call(value) : text(value);
    const running = cell;
    const result = Promise.resolve(bundle).then((data) =>
      publish("execute_result", { execution_count: running?.count, data, metadata: {} }),
    );
    running?.pending.push(result);
  },
  error(...values: unknown[]): void {
    if (!cell) return console.error(...values);
    const [error] = values;
    if (error instanceof Error) {
      const traceback = String(error.stack)
        .split("\n")
        .filter((line) => !/node:|tslab.dist/.test(line));
      cell.failure = { ename: error.name, evalue: error.message, traceback };
    } else {
      const line = format(...values);
      const ename = typeof error === "string" && error.includes("%d:%d") ? "TypeScriptError" : "Error";
      cell.failure ??= { ename, evalue: line, traceback: [] };
      cell.failure.traceback.push(line);
    }
  },
};

const converter = createConverter({ isJS: false, isBrowser: false });
const executor: Executor = createExecutor(
  root,
  { node: converter, browser: converter, close: () => converter.close() },
  cellConsole as unknown as Console,
);
const handler = new JupyterHandlerImpl(executor, false);
const server = new ZmqServer(handler, configPath);

const internals = handler as unknown as HandlerInternals;
const execute = internals.handleExecuteImpl.bind(handler);
internals.handleExecuteImpl = async (...args) => {
  cell = cells.get(args[0])!;
  cell.count = internals.execCount + 1;
  abort = new AbortController();
  try {
    const result = await execute(...args);
    await Promise.all(cell.pending);
    return result;
  } finally {
    if (cell.failure) publish("error", { ...cell.failure });
  }
};
// tslab aborts every cell that arrives within 200 ms of an error; only those already waiting should be.
const reset = internals.execQueue.reset.bind(internals.execQueue);
internals.execQueue.reset = (delay) =>
  delay === undefined || cell?.message.content.stop_on_error === false ? reset() : reset(0);

const handleExecute = server.handleExecute.bind(server) as unknown as (
  socket: unknown,
  message: Message,
) => Promise<void>;
server.handleExecute = async (socket, incoming) => {
  const message = incoming as unknown as Message;
  const mine: RunningCell = { message, count: 0, pending: [] };
  cells.set(message.content, mine);
  const createReply = message.createReply.bind(message);
  message.createReply = () => {
    const reply = createReply();
    const send = reply.signAndSend.bind(reply);
    reply.signAndSend = (key, target) => {
      const content = reply.content as Partial<ExecuteReply>;
      if (content.status === "abort") content.status = "aborted";
      if (content.status === "error") Object.assign(content, mine.failure);
      send(key, target);
    };
    return reply;
  };
  await handleExecute(socket, message);
  cells.delete(message.content);
};

const handleShell = server.handleShellMessage.bind(server);
server.handleShellMessage = async (socket, ...frames) => {
  if (frames.some((frame) => frame.includes('"interrupt_request"'))) interrupt();
  await handleShell(socket, ...frames);
};

function interrupt(): void {
  abort.abort(new Error("Interrupted"));
  executor.interrupt();
}
process.on("SIGINT", interrupt);
process.on("uncaughtException", (error) => console.error("Uncaught exception:", error));
process.on("unhandledRejection", (error) => console.error("Unhandled rejection:", error));
void server.init();
