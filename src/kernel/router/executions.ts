/** `execute_request`: one cell after the other, each with an honest reply. */
import type { CellCompiler } from "../compiler/compiler";
import type { Message } from "../protocol/message";
import type { CellError, FromRunner } from "../wire";
import { type ExecuteOptions, optionsOf } from "./executeRequest";
import type { FrontEnd } from "./frontEnd";
import type { History } from "./history";
import { Outputs } from "./outputs";
import { RunnerProcess } from "./runnerProcess";

export class Executions {
  /** how many cells were counted */
  private count = 0;
  private readonly queue: Message[] = [];
  private current: Message | undefined;
  private isInterrupted = false;
  /** the cell that waits for an answer of the reader */
  private asking: number | undefined;
  private readonly outputs: Outputs;
  private readonly runner: RunnerProcess;

  constructor(
    private readonly frontEnd: FrontEnd,
    private readonly compiler: Promise<CellCompiler>,
    private readonly history: History,
  ) {
    this.outputs = new Outputs(frontEnd, history);
    this.runner = new RunnerProcess({
      receive: (message) => this.receive(message),
      writeRaw: (name, text) => this.outputs.writeRaw(name, text),
      lostBetweenCells: (error) => void this.forget(error),
    });
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
    this.runner.interrupt();
  }

  /** The reader's answer to what a cell asked. */
  answer(value: string): void {
    if (this.asking !== undefined) this.runner.send({ type: "input", cell: this.asking, value });
    this.asking = undefined;
  }

  close(): void {
    this.runner.close();
  }

  private async work(): Promise<void> {
    for (let request = this.queue.shift(); request; request = this.queue.shift()) {
      this.current = request;
      this.isInterrupted = false;
      this.frontEnd.status("busy", request);
      const options = optionsOf(request);
      const isOk = await this.execute(request, options);
      this.outputs.flush();
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

  /** Runs a request's cell and its user expressions, and replies; whether all went well. */
  private async execute(request: Message, options: ExecuteOptions): Promise<boolean> {
    const { code, silent, storeHistory } = options;
    if (storeHistory) this.history.add(++this.count, code);
    const execution_count = this.count;
    if (!silent) this.frontEnd.publish("execute_input", { code, execution_count }, request);
    const id = this.outputs.register({ request, executionCount: execution_count, isExpression: false });
    const label = storeHistory ? `Cell In [${execution_count}]` : "Cell";
    const error = await this.runCode(id, code, label, options);
    if (error) {
      this.frontEnd.reply(request, { status: "error", execution_count, ...error });
      return false;
    }
    const user_expressions = await this.evaluate(request, options);
    this.outputs.flush();
    this.frontEnd.reply(request, { status: "ok", execution_count, payload: [], user_expressions });
    return true;
  }

  /** Compiles and runs a cell; answers with its error, which has been published. */
  private async runCode(
    id: number,
    code: string,
    label: string,
    options: ExecuteOptions,
  ): Promise<CellError | undefined> {
    const compiler = await this.compiler;
    const tell = (error: CellError) => {
      this.outputs.error(id, error);
      return error;
    };
    if (/\b(normlab|tensorflow)\b/.test(code)) this.runner.send({ type: "preload", packages: ["normlab"] });
    const compiled = compiler.compile(code, label);
    if ("error" in compiled) return tell(compiled.error);
    // Messages that came while the compiler was busy are heard before the cell starts.
    await new Promise((next) => setImmediate(next));
    if (this.isInterrupted)
      return tell({ ename: "Interrupted", evalue: "before it started.", traceback: ["Interrupted"] });
    const quiet = options.silent;
    const allowInput = options.allowStdin && !quiet;
    const outcome = await this.runner.run({ ...compiled.cell, id, label, source: code, quiet, allowInput });
    if (outcome.isLost) {
      compiler.forget();
      return tell(outcome.error!);
    }
    compiler.accept(compiled.file, compiled.cell.names, outcome.assigned);
    return outcome.error;
  }

  /** `user_expressions`: values by name, after the cell has run. */
  private async evaluate(request: Message, options: ExecuteOptions): Promise<Record<string, unknown>> {
    const values: Record<string, unknown> = {};
    for (const [name, code] of Object.entries(options.userExpressions)) {
      const id = this.outputs.register({ request, executionCount: this.count, isExpression: true });
      const error = await this.runCode(id, `(${code})`, "Expression", { ...options, silent: true });
      const data = this.outputs.takeValue(id);
      values[name] = error ? { status: "error", ...error } : { status: "ok", data, metadata: {} };
    }
    return values;
  }

  /** What the runner says about a cell, but its end. */
  private receive(message: FromRunner): void {
    if (message.type === "input") this.asking = message.cell;
    this.outputs.receive(message);
  }

  /** The runner ended while no cell ran. */
  private async forget(error: CellError): Promise<void> {
    (await this.compiler).forget();
    this.outputs.lost(error);
  }
}
