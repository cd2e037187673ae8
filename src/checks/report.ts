/** What an exercise's check answers: one line for each thing it looked at, shown by Jupyter as Markdown. */
import { jupyterDisplay, type MimeBundle } from "../display";
import type { Finding, FindingKind } from "./finding";
import { Complaint, NotDone } from "./invoke";

/**
 * What a check looks at, in this order, each under what must hold in a few words: "γ scales and β shifts".
 * The function says what is wrong, or nothing when all is well.
 */
export type Cases = Readonly<Record<string, () => Finding | string | undefined>>;

export interface CheckResult {
  name: string;
  passed: boolean;
  /** What is wrong, empty when passed. Plain text; `code` may stand between backticks. */
  message: string;
  /** Of what kind it is, when not passed. */
  kind?: FindingKind;
  /** What hidden tests may say of it. */
  misconception?: string;
}

export type ReportStatus = "passed" | "failed" | "not done";

/** The outcome of a check. A notebook shows it as a list; `toString` gives the same in plain text. */
export class Report {
  /** The exercise's id, such as "bn-forward". */
  readonly id: string;
  /** "not done" as long as the exercise still throws its own "Exercise …" error. */
  readonly status: ReportStatus;
  readonly results: readonly CheckResult[];

  /** What stands below the list: not about the answer, but about what to do. */
  readonly remark: string | undefined;

  constructor(id: string, results: readonly CheckResult[], done = true, remark?: string) {
    this.id = id;
    this.remark = remark;
    this.results = results;
    const failed = results.length === 0 || results.some(({ passed }) => !passed);
    this.status = !done ? "not done" : failed ? "failed" : "passed";
  }

  withRemark(remark: string | undefined): Report {
    return remark === undefined
      ? this
      : new Report(this.id, this.results, this.status !== "not done", remark);
  }

  get passed(): boolean {
    return this.status === "passed";
  }

  /** Share of the cases that passed, from 0 to 1: what partial credit is given for. */
  get score(): number {
    if (this.status === "not done") return 0;
    return this.results.filter(({ passed }) => passed).length / Math.max(1, this.results.length);
  }

  private get headline(): string {
    const passed = this.results.filter((result) => result.passed).length;
    if (this.status === "not done") return "not done yet";
    if (this.passed) return this.results.length === 1 ? "passed" : `all ${passed} checks passed`;
    return `${passed} of ${this.results.length} checks passed`;
  }

  /** A message that was already given is not repeated word for word. */
  private messageOf(index: number): string {
    const { message } = this.results[index];
    return this.results.findIndex((result) => result.message === message) < index ? "(as above)" : message;
  }

  toString(): string {
    const lines = this.results.map(({ name, passed }, i) =>
      passed ? `  ✓ ${name}` : `  ✗ ${name}: ${this.messageOf(i)}`,
    );
    const remark = this.remark === undefined ? [] : ["", this.remark];
    return [`${this.id}: ${this.headline}`, ...lines, ...remark].join("\n");
  }

  /** The signs are plain characters: not every machine has a font for coloured ones. */
  toMarkdown(): string {
    const sign = { passed: "✓", failed: "✗", "not done": "○" };
    const lines = this.results.map(({ name, passed }, i) =>
      passed
        ? `- ✓ ${escapeMarkdown(name)}`
        : `- ✗ **${escapeMarkdown(name)}:** ${escapeMarkdown(this.messageOf(i))}`,
    );
    return [
      `${sign[this.status]} **${this.id}**: ${this.headline}`,
      ...(lines.length ? ["", ...lines] : []),
      ...(this.remark === undefined ? [] : ["", escapeMarkdown(this.remark)]),
    ].join("\n");
  }

  toJSON(): { id: string; status: ReportStatus; score: number; results: readonly CheckResult[] } {
    return { id: this.id, status: this.status, score: this.score, results: this.results };
  }
}

// Jupyter kernels (ours, and Deno's) and Node's console.log look for methods of these names.
Object.defineProperty(Report.prototype, jupyterDisplay, {
  value(this: Report): MimeBundle {
    return { "text/markdown": this.toMarkdown(), "text/plain": this.toString() };
  },
});
Object.defineProperty(Report.prototype, Symbol.for("nodejs.util.inspect.custom"), {
  value: Report.prototype.toString,
});

/**
 * Runs the cases of an exercise and reports on each. It never throws: an exercise that is not done yet is
 * reported as that, a function that stops with an error as a failed case with the error's message.
 *
 *     report("bn-forward", { "x̂ has mean 0": () => diagnose(invoke(solution, x), expected) })
 */
export function report(id: string, cases: Cases): Report {
  const results: CheckResult[] = [];
  for (const [name, run] of Object.entries(cases)) {
    try {
      const found = run();
      if (found === undefined) results.push({ name, passed: true, message: "" });
      else if (typeof found === "string")
        results.push({ name, passed: false, message: found, kind: "other" });
      else results.push({ name, passed: false, ...found });
    } catch (error) {
      if (error instanceof NotDone) return new Report(id, [], false);
      const isComplaint = error instanceof Complaint;
      const message = isComplaint ? error.message : `this check itself went wrong: ${String(error)}`;
      results.push({ name, passed: false, message, kind: isComplaint ? error.kind : "other" });
    }
  }
  return new Report(id, results);
}

/** Text in which Markdown sees no markup but `code`. */
export function escapeMarkdown(text: string): string {
  return text
    .split(/(`[^`\n]*`)/)
    .map((part, i) => (i % 2 ? part : part.replace(/[\\*_[\]<>$|~#`]/g, "\\$&")))
    .join("");
}
