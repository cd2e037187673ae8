/** What came of training a learner's layer beside the package's. */
import { escapeMarkdown } from "../checks/report";
import { jupyterDisplay, type MimeBundle } from "../display";
import { type Figure, lines } from "../figures";
import { inWords } from "../figures/words";
import { type PartReport, relativeDifference, tolerance } from "./part";

/** Mean cross-entropy in nats, and the share of right answers. */
export interface Judged {
  loss: number;
  accuracy: number;
}

/** Of both trainings; without `own` when nothing of the learner's is in use: it would be the package's once more. */
export interface Both<T> {
  packages: T;
  own?: T;
}

export interface BesideSpec {
  method: "batchNorm" | "layerNorm";
  parts: readonly PartReport[];
  /** Training loss of each step's batch, in nats; as many in both. */
  losses: Both<readonly number[]>;
  /** On test images, in inference mode, at the end. */
  test?: Both<Judged>;
  steps: number;
  /** Whether the cell was interrupted before the last step. */
  interrupted?: boolean;
  /** Where and why the learner's network could not be trained further. */
  failure?: string;
}

const titles = { batchNorm: "batch norm", layerNorm: "layer norm" };

/** The outcome of `trainBeside`. A notebook shows it in words; `curves()` is its figure. */
export class Beside implements BesideSpec {
  readonly method: BesideSpec["method"];
  readonly parts: readonly PartReport[];
  readonly losses: Both<readonly number[]>;
  readonly test: Both<Judged> | undefined;
  readonly steps: number;
  readonly interrupted: boolean;
  readonly failure: string | undefined;

  constructor({ method, parts, losses, test, steps, interrupted = false, failure }: BesideSpec) {
    this.method = method;
    this.parts = parts;
    this.losses = losses;
    this.test = test;
    this.steps = steps;
    this.interrupted = interrupted;
    this.failure = failure;
  }

  /** The largest relative difference between the two losses of one step. */
  get apart(): number {
    const { own = [], packages } = this.losses;
    return own.reduce((most, loss, i) => Math.max(most, relativeDifference([loss], [packages[i]])), 0);
  }

  /** The largest difference between the two losses of one step, in nats. */
  private get nats(): number {
    const { own = [], packages } = this.losses;
    return own.reduce((most, loss, i) => Math.max(most, Math.abs(loss - packages[i])), 0);
  }

  /** The first step, counted from 1, in which the losses differ by more than rounding; undefined if none. */
  get partsAtStep(): number | undefined {
    const { own = [], packages } = this.losses;
    const step = own.findIndex((loss, i) => !(relativeDifference([loss], [packages[i]]) <= tolerance));
    return step < 0 ? undefined : step + 1;
  }

  /** The losses of both, step by step. */
  curves(): Figure {
    const { own = [], packages } = this.losses;
    const name = titles[this.method];
    const curve = (whose: string, losses: readonly number[], dash: "solid" | "dot") =>
      losses.length === 0
        ? []
        : [{ name: `${whose} ${name}`, x: losses.map((_, i) => i + 1), y: losses, dash }];
    const both = [...curve("the package's", packages, "solid"), ...curve("your", own, "dot")];
    return lines(both.length > 0 ? both : [{ name, y: [] }], {
      title:
        own.length > 0
          ? `Your ${name} and the package's, trained side by side`
          : `The package's ${name}, trained`,
      caption: [this.comparison, ...this.interruption].join(" "),
      xTitle: "training step",
      yTitle: "loss of the step's batch (nats)",
      xRange: [0, this.steps],
      ...(both.length === 0 && { description: `Nothing yet: no step was taken with ${name}.` }),
    });
  }

  toString(): string {
    const lists = this.parts.map((part) => `  ${signOf(part)} ${part.name}: ${wordsOf(part)}`);
    return [this.headline, ...lists, "", ...this.sentences].join("\n");
  }

  toMarkdown(): string {
    const lists = this.parts.map(
      (part) => `- ${signOf(part)} \`${part.name}\`: ${escapeMarkdown(wordsOf(part))}`,
    );
    return [`**${this.headline}**`, "", ...lists, "", escapeMarkdown(this.sentences.join(" "))].join("\n");
  }

  private get headline(): string {
    const count = this.losses.packages.length;
    return `Your ${titles[this.method]} in a small network, ${count} of ${this.steps} steps`;
  }

  private get comparison(): string {
    if (!this.losses.own) return "Nothing of yours is in it yet.";
    if (this.losses.own.length === 0) return "Your network took no step.";
    const step = this.partsAtStep;
    if (step !== undefined) {
      return `The two losses part at step ${step}, and come to lie ${inWords(this.nats)} nats apart.`;
    }
    return this.apart === 0
      ? "The two losses are the same, to the last digit."
      : `The two losses are the same but for rounding: ${small(this.apart)} of their size apart at most.`;
  }

  private get sentences(): string[] {
    const wrong = this.parts.filter((part) => part.wrong).map(({ name }) => `\`${name}\``);
    return [
      this.comparison,
      ...(this.partsAtStep !== undefined && wrong.length > 0 ? [`Look at ${wrong.join(" and ")}.`] : []),
      ...(this.failure === undefined ? [] : [`Your network could not go on: ${this.failure}`]),
      ...this.interruption,
      ...this.judgement,
    ];
  }

  private get interruption(): string[] {
    return this.interrupted ? [`Interrupted after step ${this.losses.packages.length}.`] : [];
  }

  private get judgement(): string[] {
    if (!this.test) return [];
    const { own, packages } = this.test;
    const of = ({ loss, accuracy }: Judged) => `loss ${inWords(loss)}, ${inWords(100 * accuracy)} % right`;
    if (!own) return [`On test images: ${of(packages)}.`];
    const isSame = relativeDifference([own.loss], [packages.loss]) <= tolerance;
    return [
      isSame
        ? `On test images, in inference mode, both have ${of(own)}.`
        : `On test images, in inference mode: ${of(own)} with yours, ${of(packages)} with the package's.`,
    ];
  }
}

const small = (value: number): string => inWords(Number(value.toPrecision(1)));

const signOf = ({ whose, wrong }: PartReport): string => (whose !== "yours" ? "○" : wrong ? "✗" : "✓");

function wordsOf({ whose, why, difference, wrong }: PartReport): string {
  if (whose !== "yours") return `the package's takes its place: ${why}`;
  if (wrong) return `yours; from step ${wrong.step} on it differs from the package's: ${wrong.message}`;
  return difference === 0
    ? "yours, to the last digit what the package's gives"
    : `yours, but for rounding what the package's gives (${small(difference)} of the largest value)`;
}

// Jupyter kernels (ours, and Deno's) and Node's console.log look for methods of these names.
Object.defineProperty(Beside.prototype, jupyterDisplay, {
  value(this: Beside): MimeBundle {
    return { "text/markdown": this.toMarkdown(), "text/plain": this.toString() };
  },
});
Object.defineProperty(Beside.prototype, Symbol.for("nodejs.util.inspect.custom"), {
  value: Beside.prototype.toString,
});
