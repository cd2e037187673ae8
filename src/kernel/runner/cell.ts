/** A running cell: what its code calls (`$cell`), and what becomes of it when it is interrupted. */
import { inspect } from "node:util";
import type { CellError, CellToRun } from "../wire";
import { send } from "./channel";
import { describeError, noteThrown } from "./errors";
import { readable } from "./frames";
import { inMegabytes, limits, OutputBudget } from "./limits";
import type { DisplayRequest, Variables } from "./variables";

/** What an interrupted cell's code meets at its next `await` or loop. */
export class Interrupted extends Error {
  override name = "Interrupted";
  constructor() {
    super("the cell was interrupted; what it had assigned before is kept.");
  }
}

/** What an interrupt threw, the kernel's or Node's at SIGINT; `undefined` for everything else. Asking a Proxy may throw. */
export function asInterrupted(thrown: unknown): Interrupted | undefined {
  try {
    if (thrown instanceof Interrupted) return thrown;
    const { code } = (thrown ?? {}) as { code?: unknown };
    return code === "ERR_SCRIPT_EXECUTION_INTERRUPTED" ? new Interrupted() : undefined;
  } catch {
    return undefined;
  }
}

export class RunningCell {
  readonly abort: AbortController = new AbortController();
  readonly budget: OutputBudget = new OutputBudget();
  /** what has to settle before the cell has ended */
  readonly pending: Set<Promise<unknown>> = new Set();
  value: unknown = undefined;
  /** its code goes no further */
  isStopped = false;
  /** the reply has been sent */
  isOver = false;
  firstError: CellError | undefined;
  private readonly waiting = new Set<(reason: Interrupted) => void>();
  private readonly declared: string[] = [];

  constructor(
    readonly request: CellToRun,
    private readonly variables: Variables,
    private readonly stopFlag: Int32Array,
  ) {}

  get id(): number {
    return this.request.id;
  }

  // Called by the cell's code; see compiler/transform.ts.

  declare(names: Record<string, [get: () => unknown, set?: (value: unknown) => void]>): void {
    for (const [name, [get, set]] of Object.entries(names)) {
      this.declared.push(name);
      this.variables.declare(name, get, set);
    }
  }

  result(value: unknown): void {
    this.value = value;
  }

  thrown(value: unknown): unknown {
    noteThrown(value);
    return value;
  }

  /** `await guard(x)` is `await x` until the cell is interrupted; then it throws. */
  guard<T>(value: T): Promise<Awaited<T>> {
    return new Promise((fulfil, reject) => {
      if (this.isStopped) return reject(new Interrupted());
      this.waiting.add(reject);
      Promise.resolve(value).then(
        (result) => {
          this.waiting.delete(reject);
          if (this.isStopped) reject(new Interrupted());
          else fulfil(result);
        },
        (error: unknown) => {
          this.waiting.delete(reject);
          reject(error as Error);
        },
      );
    });
  }

  async *guardEach<T>(values: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T> {
    const iterator =
      Symbol.asyncIterator in values ? values[Symbol.asyncIterator]() : values[Symbol.iterator]();
    try {
      for (;;) {
        const { done, value } = await this.guard(iterator.next());
        if (done) return;
        yield await (value as Promise<T>);
      }
    } finally {
      // Not waited for: the iterator may be what never answers.
      void iterator.return?.();
    }
  }

  /** A loop found the flag raised: for this cell, or for one that ended in the meantime. */
  stop(): void {
    if (this.isFlagged) throw new Interrupted();
  }

  // Called by the runner.

  /** Whether the watchdog wants this cell stopped. */
  get isFlagged(): boolean {
    return Atomics.load(this.stopFlag, 0) === this.id;
  }

  /** Every await of the cell's code throws from now on. */
  halt(): void {
    this.isStopped = true;
    for (const reject of this.waiting) reject(new Interrupted());
    this.waiting.clear();
  }

  /** The declared names that have a value by now; the others are what they were before the cell. */
  settleNames(): string[] {
    return this.declared.filter((name) => this.variables.settle(name));
  }

  write(name: "stdout" | "stderr", text: string): void {
    if (this.isSilent || text === "") return;
    const { shown, isFirstCut } = this.budget.takeText(readable(text));
    if (shown !== "") send({ type: "stream", cell: this.id, name, text: shown });
    if (isFirstCut) {
      this.note(
        `output cut here: a cell may print ${inMegabytes(limits.text)}; the last of it follows at its end`,
      );
    }
  }

  display({ bundle, metadata = {}, displayId, update = false }: DisplayRequest): void {
    if (this.isSilent) return;
    if (!update) {
      const { ok, isFirst } = this.budget.takeDisplay();
      if (isFirst) this.note("no more displays: this cell has shown as much as a cell may");
      if (!ok) return;
    }
    const data = this.budget.takeBundle(bundle);
    send({ type: "display", cell: this.id, data, metadata, displayId, update });
  }

  clear(wait: boolean): void {
    if (this.isSilent) return;
    this.budget.clear();
    send({ type: "clear", cell: this.id, wait });
  }

  /** Tells of an error of this cell, now or long after it ended. */
  fail(thrown: unknown): void {
    if (this.isOver && this.isStopped) return;
    const error = describeError(thrown, this.request.label);
    this.firstError ??= error;
    send({ type: "error", cell: this.id, error });
  }

  end(): void {
    const { leftOut, tail } = this.budget.takeTail();
    if (leftOut > 0) this.note(`${inMegabytes(leftOut)} of output were left out`);
    if (tail !== "" && !this.isSilent) send({ type: "stream", cell: this.id, name: "stdout", text: tail });
    const assigned = this.settleNames();
    this.isOver = true;
    send({ type: "done", cell: this.id, assigned, error: this.firstError });
  }

  /** Nothing is shown of `user_expressions`, and of code that runs on after an interrupt. */
  private get isSilent(): boolean {
    return this.request.quiet || (this.isOver && this.isStopped);
  }

  private note(text: string): void {
    if (!this.isSilent)
      send({ type: "stream", cell: this.id, name: "stderr", text: `\n[normlab: ${text}]\n` });
  }
}

// Timers and promises carry their cell along; printed, it would be noise.
Object.defineProperty(RunningCell.prototype, inspect.custom, {
  value: function (this: RunningCell) {
    return this.request.label;
  },
});
