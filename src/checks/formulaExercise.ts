/** The check of an exercise that has a formula with switches. */
import { diagnose } from "./diagnose";
import { type Check, checkOf } from "./exercise";
import { explain, type Explained, type Seen, together, valuesOf } from "./explain";
import type { Finding } from "./finding";
import { type Differ, type Formula, type Look, type Looks, onceEach, type Trial } from "./formula";
import { Complaint, field, invoke } from "./invoke";
import type { Cases } from "./report";

/** All formulas by their exercise, for the tests that switch on every mistake. */
export const formulas: Map<string, Formula<unknown[], unknown, string>> = new Map();

/** The check of an exercise by its formula: names the mistakes (one, or two together) that explain all answers. */
export function formulaExercise<A extends unknown[], R, Id extends string>(
  id: string,
  exercise: Formula<A, R, Id>,
): Check<(...args: A) => R> {
  formulas.set(id, exercise as unknown as Formula<unknown[], unknown, string>);
  return checkOf(id, (solution, seed, hard) => {
    const { usual, hard: more } = exercise.cases(seed, solution);
    const looks = hard ? { ...usual, ...more } : usual;
    return casesOf(exercise, solution, looks);
  });
}

function casesOf<A extends unknown[], R, Id extends string>(
  exercise: Formula<A, R, Id>,
  solution: (...args: A) => R,
  looks: Record<string, Looks<A>>,
): Cases {
  const listOf = (each: Looks<A>): readonly (Trial<A> | Look)[] =>
    Array.isArray(each) ? each : [each as Trial<A>];
  const trialsOf = (each: Looks<A>) => listOf(each).filter((look) => typeof look !== "function");
  let findings: Map<Trial<A>, Explained> | undefined;
  const findAll = () =>
    explain(exercise, Object.values(looks).flatMap(trialsOf).map(observer(exercise, solution)));
  const look = (each: Looks<A>) => {
    // All answers are looked at together, at the first case: a mistake is named when it explains all.
    const found = (findings ??= findAll());
    const wrong = together(trialsOf(each).flatMap((trial) => found.get(trial) ?? []));
    if (wrong) return wrong;
    for (const other of listOf(each)) {
      const finding = typeof other === "function" ? other() : undefined;
      if (finding !== undefined) return finding;
    }
    return undefined;
  };
  return Object.fromEntries(Object.entries(looks).map(([name, each]) => [name, () => look(each)]));
}

/** A field of an answer that came with a complaint; nothing where there is none. */
function answerBeside(answer: unknown, output: string | undefined): unknown {
  if (output === undefined) return answer;
  return typeof answer === "object" && answer !== null
    ? (answer as Record<string, unknown>)[output]
    : undefined;
}

/** Looks at a trial: what the learner's function answers, and what is wrong with it. */
function observer<A extends unknown[], R, Id extends string>(
  { right, formula, name, differs }: Formula<A, R, Id>,
  solution: (...args: A) => R,
): (trial: Trial<A>) => Seen<A> {
  const reference = right ?? formula(() => false);
  const answers = onceEach((args: A): unknown => invoke(solution, ...args));
  const expectations = onceEach((args: A): unknown => reference(...args));
  const compare: Differ<A> =
    differs ??
    ((answer, expected, { output, tolerance }) =>
      diagnose(answer, expected as never, [], { name: output ?? name, tolerance }));
  const seenAs = (answer: unknown) => (differs ? { answer, differs } : { answer, values: valuesOf(answer) });
  return (trial) => {
    const read = (answer: unknown) => (trial.output === undefined ? answer : field(answer, trial.output));
    const expected = read(expectations(trial.args));
    try {
      const answer = read(answers(trial.args));
      return { trial, expected, finding: compare(answer, expected, trial), ...seenAs(answer) };
    } catch (error) {
      if (!(error instanceof Complaint)) throw error;
      const finding: Finding = { kind: error.kind, message: error.message };
      if (error.kind !== "inputs") return { trial, expected, finding, stopped: true };
      // Who writes into the inputs may have made another mistake, too.
      const answer = answerBeside(error.answer, trial.output);
      return { trial, expected, finding, ...seenAs(answer), stopped: answer === undefined };
    }
  };
}
