/** Which mistakes in a formula, one or two together, explain all of a learner's answers. */
import { asTensor, type Tensor } from "../tensor";
import { isClose } from "./diagnose";
import type { Finding } from "./finding";
import { type Differ, type Formula, onceEach, type Trial } from "./formula";

/** What was seen in a trial. */
export interface Seen<A extends unknown[]> {
  trial: Trial<A>;
  expected: unknown;
  /** What is wrong with the answer; undefined when nothing is. */
  finding?: Finding;
  /** How an exercise compares answers that are no tensors. */
  differs?: Differ<A>;
  answer?: unknown;
  /** Its numbers, where they are compared as such. */
  values?: Tensor;
  /** There is no answer: the function stopped, or the field is missing. It says nothing about the formula. */
  stopped?: boolean;
}

/** A finding, with the mistakes that it names. */
export interface Explained extends Finding {
  words?: readonly string[];
}

/** Some mistakes, and what the formula then gives. */
interface Hypothesis<A extends unknown[]> {
  ids: readonly string[];
  /** Undefined where the wrong formula can't be used on this input. */
  predict: (trial: Trial<A>) => { value: unknown } | undefined;
}

/**
 * How an answer stands to a hypothesis. "echo": both are NaN or infinite, which many mistakes lead to and which
 * proves none. "silent": the wrong formula gives nothing, or NaN where the answer has numbers.
 */
type Fit = "exact" | "close" | "echo" | "silent" | "contradicted";

const isProof = (fit: Fit): boolean => fit === "exact" || fit === "close";
const isFit = (fit: Fit): boolean => isProof(fit) || fit === "echo";

/**
 * What is wrong with each trial's answer, for the trials with a wrong one. Mistakes are named when they give all
 * answers, the wrong and the right ones; else, for each output by itself, when they give all answers for it.
 */
export function explain<A extends unknown[], R, Id extends string>(
  formula: Formula<A, R, Id>,
  seen: readonly Seen<A>[],
): Map<Trial<A>, Explained> {
  const findings = new Map<Trial<A>, Explained>();
  for (const { trial, finding } of seen) if (finding) findings.set(trial, finding);
  const answered = seen.filter(({ stopped }) => !stopped);
  if (!answered.some(({ finding }) => finding)) return findings;

  const wrong = answered.filter((each) => !hasRightValues(each));
  if (wrong.length > 0 && formula.fragile !== undefined && wrong.every(({ trial }) => trial.fragile)) {
    for (const { trial, finding } of wrong) {
      const message = `${finding!.message} ${formula.fragile}`;
      findings.set(trial, { kind: "misconception", message, misconception: formula.fragile });
    }
    return findings;
  }
  const name = (group: readonly Seen<A>[]): boolean => {
    const found = bestOf(formula, group);
    if (!found) return false;
    for (const each of group) {
      if (hasRightValues(each) || !isFit(fitOf(found, each))) continue;
      findings.set(each.trial, named(formula, found, each));
    }
    return true;
  };
  if (!name(answered)) {
    const groups = new Set(answered.map(groupOf));
    if (groups.size > 1) for (const group of groups) name(answered.filter((each) => groupOf(each) === group));
  }
  return findings;
}

const groupOf = ({ trial }: { trial: { group?: string; output?: string } }): string | undefined =>
  trial.group ?? trial.output;

function hypothesis<A extends unknown[], R, Id extends string>(
  formula: Formula<A, R, Id>["formula"],
  ids: readonly Id[],
): Hypothesis<A> {
  const run = onceEach((args: A): unknown => formula((id) => ids.includes(id))(...args));
  const predict = ({ args, output }: Trial<A>) => {
    try {
      const value = run(args);
      return { value: output === undefined ? value : (value as Record<string, unknown>)[output] };
    } catch {
      return undefined;
    }
  };
  return { ids, predict };
}

/**
 * The one mistake, or else the two, that no answer contradicts; where several are, the first of those that fit
 * exactly. Of two, those come first of which each alone leaves the right answers right.
 */
function bestOf<A extends unknown[], R, Id extends string>(
  { switches, formula }: Formula<A, R, Id>,
  seen: readonly Seen<A>[],
): Hypothesis<A> | undefined {
  const wrong = seen.filter((each) => !hasRightValues(each));
  const right = seen.filter((each) => !wrong.includes(each));
  const singles = (Object.keys(switches) as Id[]).map((id) => hypothesis(formula, [id]));
  const single = firstExact(singles, wrong, right);
  if (single || wrong.length === 0) return single;
  const harmless = new Set(singles.filter((each) => fitsOf(each, right)).map((each) => each.ids[0]));
  const pairs = singles.flatMap(({ ids: [a] }, i) =>
    singles.slice(i + 1).map(({ ids: [b] }) => hypothesis(formula, [a as Id, b as Id])),
  );
  const isHarmless = ({ ids }: Hypothesis<A>) => ids.every((id) => harmless.has(id));
  return (
    firstExact(pairs.filter(isHarmless), wrong, right) ??
    firstExact(
      pairs.filter((each) => !isHarmless(each)),
      wrong,
      right,
    )
  );
}

function firstExact<A extends unknown[]>(
  hypotheses: readonly Hypothesis<A>[],
  wrong: readonly Seen<A>[],
  right: readonly Seen<A>[],
): Hypothesis<A> | undefined {
  let best: { found: Hypothesis<A>; exact: number } | undefined;
  for (const found of hypotheses) {
    // A wrong answer contradicts most.
    const fits = fitsOf(found, wrong);
    if (!fits?.some(isProof) || !fitsOf(found, right)) continue;
    const exact = fits.filter((fit) => fit === "exact").length;
    if (!best || exact > best.exact) best = { found, exact };
  }
  return best?.found;
}

/** How each answer stands to a hypothesis, or undefined when one contradicts it. */
function fitsOf<A extends unknown[]>(found: Hypothesis<A>, seen: readonly Seen<A>[]): Fit[] | undefined {
  const fits: Fit[] = [];
  for (const each of seen) {
    const fit = fitOf(found, each);
    if (fit === "contradicted" && !each.trial.fragile) return undefined;
    fits.push(fit);
  }
  return fits;
}

function fitOf<A extends unknown[]>(found: Hypothesis<A>, seen: Seen<A>): Fit {
  const { trial, answer, values, differs } = seen;
  const given = found.predict(trial);
  if (!given) return "silent";
  if (differs) return differs(answer, given.value, trial) === undefined ? "exact" : "contradicted";
  const predicted = valuesOf(given.value);
  if (!predicted) return answer === given.value ? "exact" : "contradicted";
  const isFinite = predicted.data.every(Number.isFinite);
  if (!values || !isClose(values, predicted, trial.tolerance)) return isFinite ? "contradicted" : "silent";
  if (isFinite) return isClose(values, predicted, 1e-11) ? "exact" : "close";
  // NaN at the same places, beside equal numbers, is as telling as numbers.
  return predicted.data.some(Number.isFinite) ? "close" : "echo";
}

/** Nothing is wrong, or only the shape. */
function hasRightValues<A extends unknown[]>({ finding, values, expected, trial }: Seen<A>): boolean {
  if (!finding) return true;
  const right = values && valuesOf(expected);
  return right !== undefined && isClose(values!, right, trial.tolerance);
}

function tensorOf(value: unknown): Tensor | undefined {
  try {
    return asTensor("it", value);
  } catch {
    return undefined;
  }
}

/** The numbers of an answer, whatever axes of length 1 were kept or dropped. */
export function valuesOf(answer: unknown): Tensor | undefined {
  const t = tensorOf(answer);
  return t?.reshape(t.shape.filter((length) => length !== 1));
}

/** The mistakes that matter in this trial, in words. */
function named<A extends unknown[], R, Id extends string>(
  { switches, formula, where }: Formula<A, R, Id>,
  found: Hypothesis<A>,
  seen: Seen<A>,
): Explained {
  const ids = found.ids as readonly Id[];
  const without = (id: Id) =>
    hypothesis(
      formula,
      ids.filter((other) => other !== id),
    );
  const matter = ids.filter((id) => ids.length > 1 && !isFit(fitOf(without(id), seen)));
  const words = [...new Set((matter.length > 0 ? matter : ids).map((id) => switches[id]))];
  const given = tensorOf(seen.answer);
  const wanted = tensorOf(found.predict(seen.trial)?.value);
  const shape =
    given && wanted && given.shape.join() !== wanted.shape.join()
      ? ` (and it has shape [${given.shape.join(", ")}] where this would have [${wanted.shape.join(", ")}])`
      : "";
  const place = where ? `${where(seen.answer, seen.trial)}: ` : "";
  // An input that was changed is told first: it may be where the rest comes from.
  const before = seen.finding!.kind === "inputs" ? `${seen.finding!.message}. And ` : "";
  return { ...mistakes(words, before + place, shape), words };
}

/** Some mistakes as one finding. */
function mistakes(words: readonly string[], before = "", after = ""): Finding {
  const count = words.length > 2 ? "several mistakes" : "two mistakes";
  const misconception = words.length > 1 ? `${count} together: ${words.join("; and ")}` : words[0];
  return { kind: "misconception", message: `${before}${misconception}${after}`, misconception };
}

/** What is wrong with a case, from what is wrong with its trials: the first, and what others name beside it. */
export function together(found: readonly Explained[]): Finding | undefined {
  const [first] = found;
  const words = [...new Set(found.flatMap((each) => each.words ?? []))];
  if (!first?.words || words.length === first.words.length) return first && plain(first);
  const most = found.find((each) => each.words?.length === words.length);
  return most ? plain(most) : mistakes(words);
}

const plain = ({ words: _words, ...finding }: Explained): Finding => finding;
