/** One function of a layer: the learner's where it can be used, else the package's, and how the two compare. */
import { diagnose } from "../checks/diagnose";
import type { Finding, FindingKind } from "../checks/finding";
import { Complaint, field, invoke, NotDone } from "../checks/invoke";
import { asTensor, type Tensor } from "../tensor";

/** By how much results may differ and still count as equal, in units of the largest; rounding is far below it. */
export const tolerance = 1e-6;

/** What became of one function. */
export interface PartReport {
  /** "backward" */
  name: string;
  whose: "yours" | "package's";
  /** Why the package's took its place. */
  why?: string;
  /** The largest difference from the package's for the same inputs, in units of the largest value. */
  difference: number;
  /** The first step in which it gave something else than the package's, and what. */
  wrong?: { step: number; message: string };
}

/** The learner's function stopped working while the network was being trained. */
export class PartFailed extends Error {}

/** What a network can't go on with. */
const unusable: readonly FindingKind[] = ["type", "shape", "not finite"];

/**
 * A function of which the learner may have given an own version. `results` names the tensors in what it returns;
 * a function that returns a tensor has none.
 */
export class Part<A extends unknown[], R extends Tensor | object> {
  readonly report: PartReport;

  /** Tries the learner's function on `trial`: one that can't be used is replaced by the package's. */
  constructor(
    name: string,
    private readonly own: ((...args: A) => unknown) | undefined,
    private readonly packages: (...args: A) => R,
    private readonly results: readonly string[],
    trial: A,
  ) {
    const why = own === undefined ? "not given" : this.reasonAgainst(own, trial);
    this.report = { name, whose: "yours", difference: 0, ...(why && { whose: "package's", why }) };
  }

  /**
   * The learner's results, compared with what the package has for the same inputs; or the package's.
   *
   * @throws PartFailed when the learner's function no longer does what it did in the trial.
   */
  call(step: number, ...args: A): R {
    const right = this.packages(...args);
    if (this.own === undefined || this.report.whose !== "yours") return right;
    let given: Map<string, unknown>;
    try {
      given = this.byName(invoke(this.own, ...args));
    } catch (error) {
      throw new PartFailed(`\`${this.report.name}\`: ${messageOf(error)}`);
    }
    const wrong = [...this.byName(right)].flatMap(([name, value]) =>
      this.compare(name, given.get(name), value as Tensor),
    );
    if (wrong.length > 0) this.report.wrong ??= { step, message: wrong.join(" ") };
    const tensors = [...given].map(([name, value]): [string, Tensor] => [name, asTensor(name, value)]);
    return (this.results.length === 0 ? tensors[0][1] : Object.fromEntries(tensors)) as R;
  }

  private reasonAgainst(own: (...args: A) => unknown, trial: A): string | undefined {
    try {
      const given = this.byName(invoke(own, ...trial));
      const findings = [...this.byName(this.packages(...trial))].map(([name, right]) =>
        differenceOf(name, given.get(name), right as Tensor),
      );
      return findings.find((finding) => finding && unusable.includes(finding.kind))?.message;
    } catch (error) {
      return messageOf(error);
    }
  }

  /** What was returned, by name; a tensor alone has none. */
  private byName(result: unknown): Map<string, unknown> {
    if (this.results.length === 0) return new Map([["", result]]);
    return new Map(this.results.map((name) => [name, field(result, name)]));
  }

  /** What is wrong with one of the results, in words; nothing when it is right. */
  private compare(name: string, given: unknown, right: Tensor): string[] {
    const finding = differenceOf(name, given, right);
    if (finding && unusable.includes(finding.kind))
      throw new PartFailed(`\`${this.report.name}\`: ${finding.message}`);
    const difference = relativeDifference(asTensor(name, given).data, right.data);
    this.report.difference = Math.max(this.report.difference, difference);
    return finding ? [finding.message] : [];
  }
}

const differenceOf = (name: string, given: unknown, right: Tensor): Finding | undefined =>
  diagnose(given, right, [], { tolerance, ...(name !== "" && { name }) });

/** What is wrong with the learner's function, in words; an error of our own goes on its way. */
function messageOf(error: unknown): string {
  if (error instanceof NotDone) return "not done yet";
  if (error instanceof Complaint) return error.message;
  throw error;
}

/** max |a − b| / max |b| over the finite elements of b; 0 where they are equal. */
export function relativeDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [difference, scale] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    if (!Number.isFinite(b[i])) continue;
    difference = Math.max(difference, Math.abs(a[i] - b[i]));
    scale = Math.max(scale, Math.abs(b[i]));
  }
  return difference === 0 ? 0 : difference / scale;
}
