/** The process that runs the cells. It knows no protocol and no types; the router tells it what to run. */
import { AsyncLocalStorage } from "node:async_hooks";
import { getEventListeners } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { inspect } from "node:util";
import { Script } from "node:vm";
import { Worker } from "node:worker_threads";
import { bundleMetadata, type Displayable, jupyterDisplay, type MimeBundle } from "../../display/displayable";
import { type KernelHook, kernelSymbol } from "../../display/hook";
import type { CellToRun, ToRunner } from "../wire";
import { asInterrupted, Interrupted, RunningCell } from "./cell";
import { send } from "./channel";
import { forgetThrown } from "./errors";
import { readable, registerCell } from "./frames";
import { addFiles, moduleOf, noteLoaded, requireFrom, unloadIfEdited } from "./modules";
import { guardTimers } from "./timers";
import { hearUncaught } from "./uncaught";
import { Variables } from "./variables";

/** How long code that listens to the cell's signal (training) may take to end by itself. */
const graceMs = 1000;
const enterSymbol = Symbol.for("normlab.enter");
const globals = globalThis as unknown as Record<symbol, unknown>;

const cells = new AsyncLocalStorage<RunningCell>();
const variables = new Variables();
/** The notebook's folder, and the file that cells find themselves in. */
const folder = process.cwd();
const cellFile = join(folder, "__cell__.ts");
const cellRequire = requireFrom(cellFile, (id) => {
  if (id === "tslab") connectTslab();
});
const cellModule = moduleOf(cellFile, cellRequire, variables.exports);
const stopFlag = new Int32Array(new SharedArrayBuffer(4));
let latest: RunningCell | undefined;
let inputs: { cell: number; answer: (value: string) => void }[] = [];
/** Promises that `display` gave back: no results to show. */
const displayed = new WeakSet<Promise<unknown>>();

/** The cell that the present code belongs to, however long ago it started. */
const currentCell = (): RunningCell | undefined => cells.getStore() ?? latest;

// ─── Running ───

async function run(request: CellToRun): Promise<void> {
  const cell = new RunningCell(request, variables, stopFlag);
  latest = cell;
  forgetThrown();
  Atomics.store(stopFlag, 0, 0);
  const file = `cell-${request.id}`;
  registerCell(file, request.label, request.source, request.map);
  addFiles(request.files);
  if (request.imports) unloadIfEdited();
  await cells.run(cell, async () => {
    try {
      await start(cell, file);
      await settlePending(cell);
      if (!cell.abort.signal.aborted) await showResult(cell);
    } catch (error) {
      const interrupted = asInterrupted(error);
      if (interrupted) cell.abort.abort(interrupted);
      cell.fail(interrupted ?? error);
    }
    // A rejection that nobody handles is known only after this turn of the event loop.
    await new Promise((next) => originalSetImmediate(next));
    if (cell.abort.signal.aborted || cell.isFlagged) {
      if (!cell.firstError) cell.fail(new Interrupted());
      cell.halt();
    }
  });
  if (request.imports) noteLoaded();
  cell.end();
}

/** Starts the cell's code, where Ctrl-C (SIGINT) stops a loop in code that is not the cell's. */
function start(cell: RunningCell, file: string): Promise<unknown> {
  const parameters = "exports, require, module, __dirname, __filename, $global, $cells, $cell, $stop";
  const script = new Script(`(function (${parameters}) {\n${cell.request.code}\n})`, {
    filename: file,
    lineOffset: -1,
  });
  const prepare = script.runInThisContext() as (...values: unknown[]) => () => Promise<unknown>;
  const code = prepare(
    ...[variables.exports, cellRequire, cellModule, folder, cellFile],
    ...[globalThis, variables.values, cell, stopFlag],
  );
  let ended: Promise<unknown> = Promise.resolve();
  globals[enterSymbol] = () => {
    ended = code();
  };
  enter.runInThisContext({ breakOnSigint: true });
  return ended;
}
const enter = new Script(`globalThis[Symbol.for("normlab.enter")]()`, { filename: "node:normlab" });

async function settlePending(cell: RunningCell): Promise<void> {
  while (cell.pending.size > 0) await cell.guard(Promise.all([...cell.pending]));
}

async function showResult(cell: RunningCell): Promise<void> {
  const { value } = cell;
  if (value === undefined || displayed.has(value as Promise<unknown>)) return;
  if (value instanceof Promise) value.catch(() => undefined);
  const method: unknown =
    typeof value === "object" && value !== null && (value as Partial<Displayable>)[jupyterDisplay];
  const bundle = (
    typeof method === "function" ? await cell.guard(method.call(value)) : textBundle(value)
  ) as MimeBundle;
  const data = cell.budget.takeBundle(bundle);
  send({ type: "result", cell: cell.id, data, metadata: bundle[bundleMetadata] ?? {} });
}

const textBundle = (value: unknown): MimeBundle => ({
  "text/plain": readable(inspect(value, { depth: 4, maxArrayLength: 100, maxStringLength: 10_000 })),
});

async function interrupt(id: number): Promise<void> {
  const cell = latest;
  if (!cell || cell.id !== id || cell.isOver) return;
  send({ type: "interrupting", cell: id });
  const isHeard = getEventListeners(cell.abort.signal, "abort").length > 0;
  cell.abort.abort(new Interrupted());
  if (isHeard) {
    await new Promise((next) => {
      originalSetTimeout(next, graceMs).unref();
    });
  }
  cell.halt();
}

// ─── What cells find in this process ───

const originalSetTimeout = setTimeout;
const originalSetImmediate = setImmediate;
guardTimers(() => {
  const cell = cells.getStore();
  return () => cell !== undefined && cell.isStopped;
});

const hook: KernelHook = {
  display: (bundle, options) => currentCell()?.display({ bundle, ...options }),
  clearOutput: (wait) => currentCell()?.clear(wait),
  input(prompt, password) {
    const cell = currentCell();
    if (!cell?.request.allowInput || cell.isOver) {
      return Promise.reject(new Error("input: this front end asks no questions (allow_stdin is false)."));
    }
    send({ type: "input", cell: cell.id, prompt, password });
    return new Promise((answer) => inputs.push({ cell: cell.id, answer }));
  },
  pending(promise) {
    displayed.add(promise);
    const cell = currentCell();
    if (!cell || cell.isOver) return;
    cell.pending.add(promise);
    const remove = () => void cell.pending.delete(promise);
    promise.then(remove, remove);
  },
  inspect: textBundle,
};
globals[kernelSymbol] = hook;
globals[Symbol.for("normlab.cell")] = {
  get signal(): AbortSignal | undefined {
    return currentCell()?.abort.signal;
  },
};

// AsyncLocalStorage marks every promise; printed, the marks would be noise.
Reflect.defineProperty(Promise.prototype, inspect.custom, {
  configurable: true,
  writable: true,
  value: function (this: Promise<unknown>) {
    for (const key of Object.getOwnPropertySymbols(this))
      Reflect.defineProperty(this, key, { enumerable: false });
    return this;
  },
});

for (const name of ["stdout", "stderr"] as const) {
  const decoder = new TextDecoder();
  process[name].write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    currentCell()?.write(name, typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }));
    const callback = rest.find((value) => typeof value === "function") as (() => void) | undefined;
    if (callback) process.nextTick(callback);
    return true;
  }) as typeof process.stdout.write;
}

/** `import … from "tslab"` finds tslab's display functions working. */
function connectTslab(): void {
  const path = createRequire(join(__dirname, "../main.js")).resolve("tslab/dist/jupyter.js");
  const tslab = require.cache[path]?.exports as { lastWriteDisplayData?: unknown } | undefined;
  if (!tslab) return;
  tslab.lastWriteDisplayData = (
    {
      data,
      metadata,
      transient,
    }: { data: MimeBundle; metadata: Record<string, unknown>; transient?: { display_id?: string } },
    update?: boolean,
  ) =>
    currentCell()?.display({
      bundle: data,
      metadata,
      displayId: transient?.display_id,
      update: update ?? false,
    });
}

const refuseExit = (name: string) =>
  function (this: unknown, code?: number | string): never {
    throw new Error(
      `process.${name}(${code ?? ""}) was called; a cell can't end the kernel. Use Jupyter's menu to shut it down.`,
    );
  };
process.exit = refuseExit("exit");
process.abort = refuseExit("abort");
(process as unknown as { reallyExit: unknown }).reallyExit = refuseExit("reallyExit");

hearUncaught((thrown) => {
  const cell = currentCell();
  if (!(cell?.abort.signal.aborted && asInterrupted(thrown))) cell?.fail(thrown);
});
process.on("SIGINT", () => undefined); // the router tells this process what to interrupt
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));

process.on("message", (message: ToRunner) => {
  switch (message.type) {
    case "run":
      void run(message.cell);
      break;
    case "interrupt":
      void interrupt(message.cell);
      break;
    case "preload":
      for (const name of message.packages) cellRequire(name);
      break;
    case "input":
      inputs = inputs.filter(({ cell, answer }) => {
        if (cell === message.cell) answer(message.value);
        return cell !== message.cell;
      });
  }
});

new Worker(join(__dirname, "watchdog.js"), { workerData: stopFlag }).unref();
