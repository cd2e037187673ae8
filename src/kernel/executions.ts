/** `execute_request`: one cell after the other, each with an honest reply. */
import type { CellOutcome, CellProcess } from "./cellProcess";
import type { CellCompiler } from "./compiler/compiler";
import type { History } from "./history";
import { OutputJoiner } from "./outputs";
import type { Message } from "./protocol/message";
import type { CellError, FromRunner } from "./wire";

/** How cells reach the front end. */
export interface FrontEnd {
  publish(type: string, content: Record<string, unknown>, parent: Message | undefined): void;
  reply(request: Message, content: Record<string, unknown>): void;
  ask(content: { prompt: string; password: boolean }, parent: Message): void;
  status(state: "busy" | "idle", parent: Message): void;
}

interface Request {
  code: string;
  silent: boolean;
  storeHistory: boolean;
  userExpressions: Record<string, string>;
  allowStdin: boolean;
  stopOnError: boolean;
}

/** Cells whose late output can still be told apart; output of older ones is not shown. */
const remembered = 1000;

export class Executions {
  /** how many cells were counted */
  count = 0;
  private readonly queue: Message[] = [];
  private current: Message | undefined;
  private isInterrupted = false;
  private lastId = 0;
  /** the requests of the cells, and of their user expressions, by the number the runner knows them by */
  private readonly parents = new Map<number, Message>();
  private readonly joiner: OutputJoiner;
  /** what user expressions evaluated to */
  private readonly results = new Map<number, Record<string, unknown>>();
  private asking: number | undefined;

  constructor(
    private readonly frontEnd: FrontEnd,
    private readonly process: CellProcess,
    private readonly compiler: Promise<CellCompiler>,
    private readonly history: History,
  ) {
    this.joiner = new OutputJoiner(({ cell, name, text }) => this.publish("stream", { name, text }, cell));
    process.onLostBetweenCells = (error) => void this.forget(error);
  }

  /** The request of the cell that runs. */
  get running(): Message | undefined {
    return this.current;
  }

  add(request: Message): void {
    this.queue.push(request);
    if (!this.current) void this.work();
  }

  interrupt(): void {
    if (!this.current) return;
    this.isInterrupted = true;
    this.process.interrupt();
  }

  /** The reader's answer to what a cell asked. */
  answer(value: string): void {
    if (this.asking !== undefined) this.process.send({ type: "input", cell: this.asking, value });
    this.asking = undefined;
  }

  private async work(): Promise<void> {
    for (let request = this.queue.shift(); request; request = this.queue.shift()) {
      this.current = request;
      this.isInterrupted = false;
      this.frontEnd.status("busy", request);
      const options = optionsOf(request);
      const isOk = await this.execute(request, options);
      this.joiner.flushAll();
      // Requests that arrived with this one are read before it is decided what an error aborts.
      if (!isOk && options.stopOnError) await new Promise((next) => setImmediate(next));
      const aborted = !isOk && options.stopOnError ? this.queue.splice(0) : [];
      this.frontEnd.status("idle", request);
      for (const each of aborted) this.abort(each);
      this.current = undefined;
    }
    // A module that was imported for the first time makes the next type check slow: do that now.
    const compiler = await this.compiler;
    setImmediate(() => this.current ?? compiler.warm());
  }

  private abort(request: Message): void {
    this.frontEnd.status("busy", request);
    this.frontEnd.reply(request, { status: "aborted", execution_count: this.count });
    this.frontEnd.status("idle", request);
  }

  private async execute(request: Message, options: Request): Promise<boolean> {
    const { code, silent, storeHistory } = options;
    if (storeHistory) {
      this.history.add(++this.count, code);
    }
    const execution_count = this.count;
    if (!silent) this.frontEnd.publish("execute_input", { code, execution_count }, request);
    const id = ++this.lastId;
    this.remember(id, request);
    const label = storeHistory ? `Cell In [${execution_count}]` : "Cell";
    const error = await this.runCode(id, code, label, options);
    if (error) {
      this.frontEnd.reply(request, { status: "error", execution_count, ...error });
      return false;
    }
    const user_expressions = await this.evaluate(request, options.userExpressions);
    this.joiner.flushAll();
    this.frontEnd.reply(request, { status: "ok", execution_count, payload: [], user_expressions });
    return true;
  }

  /** Compiles and runs a cell; answers with its error, which has been published. */
  private async runCode(
    id: number,
    code: string,
    label: string,
    options: Request,
  ): Promise<CellError | undefined> {
    const compiler = await this.compiler;
    const quiet = options.silent;
    const tell = (error: CellError) => {
      this.joiner.flush();
      if (!quiet) this.publish("error", { ...error }, id);
      return error;
    };
    if (/\b(normlab|tensorflow)\b/.test(code)) this.process.send({ type: "preload", packages: ["normlab"] });
    const compiled = compiler.compile(code, label);
    if ("error" in compiled) return tell(compiled.error);
    // Messages that came while the compiler was busy are heard before the cell starts.
    await new Promise((next) => setImmediate(next));
    if (this.isInterrupted)
      return tell({ ename: "Interrupted", evalue: "before it started.", traceback: ["Interrupted"] });
    const cell = {
      ...compiled.cell,
      id,
      label,
      source: code,
      quiet,
      allowInput: options.allowStdin && !quiet,
    };
    const outcome: CellOutcome = await this.process.run(cell);
    if (outcome.isLost) {
      compiler.forget();
      return tell(outcome.error!);
    }
    compiler.accept(compiled.file, compiled.cell.names, outcome.assigned);
    return outcome.error;
  }

  /** `user_expressions`: values by name, after the cell has run. */
  private async evaluate(
    request: Message,
    expressions: Record<string, string>,
  ): Promise<Record<string, unknown>> {
    const values: Record<string, unknown> = {};
    for (const [name, code] of Object.entries(expressions)) {
      const id = ++this.lastId;
      this.remember(id, request);
      const options = { ...optionsOf(request), silent: true };
      const error = await this.runCode(id, `(${code})`, "Expression", options);
      const data = this.results.get(id) ?? { "text/plain": "undefined" };
      this.results.delete(id);
      values[name] = error ? { status: "error", ...error } : { status: "ok", data, metadata: {} };
    }
    return values;
  }

  /** What the runner says about a cell, but its end. */
  receive(message: FromRunner): void {
    switch (message.type) {
      case "stream":
        this.joiner.write(message);
        break;
      case "display":
        this.display(message);
        break;
      case "result":
        this.result(message);
        break;
      case "clear":
        this.joiner.flush();
        this.publish("clear_output", { wait: message.wait }, message.cell);
        break;
      case "error":
        this.joiner.flush();
        if (!optionsOf(this.parents.get(message.cell)).silent && !this.isExpression(message.cell)) {
          this.publish("error", { ...message.error }, message.cell);
        }
        break;
      case "input": {
        const parent = this.parents.get(message.cell);
        this.joiner.flush();
        this.asking = message.cell;
        if (parent) this.frontEnd.ask({ prompt: message.prompt, password: message.password }, parent);
      }
    }
  }

  private display({ cell, data, metadata, displayId, update }: FromRunner & { type: "display" }): void {
    const transient = displayId === undefined ? {} : { display_id: displayId };
    const send = (type: string) => {
      this.joiner.flush();
      this.publish(type, { data, metadata, transient }, cell);
    };
    if (update && displayId !== undefined) this.joiner.update(displayId, () => send("update_display_data"));
    else send("display_data");
  }

  private result({ cell, data }: FromRunner & { type: "result" }): void {
    this.joiner.flush();
    const parent = this.parents.get(cell);
    if (this.isExpression(cell) || optionsOf(parent).silent) {
      this.results.set(cell, data);
      return;
    }
    const text = data["text/plain"];
    if (optionsOf(parent).storeHistory && typeof text === "string") this.history.setOutput(this.count, text);
    this.publish("execute_result", { execution_count: this.count, data, metadata: {} }, cell);
  }

  /** Whether a number is not that of a request's cell but of one of its user expressions. */
  private isExpression(id: number): boolean {
    return this.parents.get(id - 1) === this.parents.get(id) && this.parents.get(id) !== undefined;
  }

  private remember(id: number, request: Message): void {
    this.parents.set(id, request);
    this.parents.delete(id - remembered);
  }

  private publish(type: string, content: Record<string, unknown>, cell: number): void {
    const parent = this.parents.get(cell);
    if (parent) this.frontEnd.publish(type, content, parent);
  }

  /** The runner ended while no cell ran: said in the cell that ran last, which most likely is the cause. */
  private async forget(error: CellError): Promise<void> {
    (await this.compiler).forget();
    this.joiner.flush();
    this.publish("error", { ...error }, this.lastId);
  }

  /** Output of the runner's process that no cell's code wrote through Node: of native libraries, say. */
  writeRaw(name: "stdout" | "stderr", text: string): void {
    this.joiner.write({ cell: this.lastId, name, text });
  }
}

function optionsOf(request: Message | undefined): Request {
  const content = request?.content ?? {};
  const flag = (key: string, otherwise: boolean) =>
    typeof content[key] === "boolean" ? content[key] : otherwise;
  const silent = flag("silent", false);
  return {
    code: typeof content.code === "string" ? content.code : "",
    silent,
    storeHistory: !silent && flag("store_history", true),
    userExpressions: (content.user_expressions ?? {}) as Record<string, string>,
    allowStdin: flag("allow_stdin", true),
    stopOnError: flag("stop_on_error", true),
  };
}
