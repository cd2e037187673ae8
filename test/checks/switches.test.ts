/** Every switch of every formula, handed in as an answer: it is told by its own words, whatever it is told together with. */
import { checks } from "normlab";
import { describe, expect, it } from "vitest";
import { formulas } from "../../dist/checks/formulaExercise";
import { affineSwitches } from "../../dist/checks/switches/affine";
import { gradientSwitches, parameterSwitches } from "../../dist/checks/switches/backward";
import {
  epsilonSwitches,
  rootSwitches,
  standardizingSwitches,
} from "../../dist/checks/switches/standardizing";
import { randomGenerator } from "../../dist/tensor";
import { allExercises, checkOf, mistakesTold } from "./exercises";

type AnyCheck = checks.Check<unknown>;

const exercises = allExercises().map(({ id, hidden }) => ({
  id,
  check: (checks as unknown as Record<string, AnyCheck>)[checkOf(hidden[0])],
  formula: formulas.get(id)!,
}));

it("every exercise has a formula", () => {
  expect([...formulas.keys()].sort()).toEqual(exercises.map(({ id }) => id).sort());
});

describe.each(exercises)("$id", ({ check, formula: { switches, formula } }) => {
  const ids = Object.keys(switches);
  const reportOf = (...on: string[]) =>
    check(
      formula((id) => on.includes(id)),
      { seed: 5, cases: "hard" },
    );

  it("without a mistake the formula is right", () => {
    expect(reportOf().toString()).not.toContain("✗");
  });

  it("each mistake changes the answer, alone or with another, and is named", () => {
    const isNamed = (id: string, ...others: string[]) =>
      mistakesTold([reportOf(id, ...others)]).includes(switches[id]);
    const unnamed = ids.filter((id) => !isNamed(id));
    const silent = unnamed.filter((id) => reportOf(id).passed);
    expect(unnamed.filter((id) => !silent.includes(id))).toEqual([]);
    expect(silent.filter((id) => !ids.some((other) => isNamed(id, other)))).toEqual([]);
  });

  it("of two mistakes one or both are named, or what gives the very same answers", () => {
    const { integer } = randomGenerator(3);
    for (let i = 0; i < 12; i++) {
      const pair = [ids[integer(ids.length)], ids[integer(ids.length)]];
      const report = reportOf(...pair);
      // The one may undo the other, or both together lead to NaN or an error.
      if (report.passed || /NaN|Infinity|stopped with an error/.test(report.toString())) continue;
      const told = mistakesTold([report]);
      const others = ids.filter((id) => told.includes(switches[id]));
      const isSame = () => mistakesTold([reportOf(...others)]).join() === told.join();
      const isOwn = pair.some((id) => told.includes(switches[id]));
      expect(told.length > 0 && (isOwn || isSame()), `${pair.join(" + ")}: ${told.join(" | ")}`).toBe(true);
    }
  });

  it("tells of a mistake nothing that depends on the inputs, since hidden tests tell it", () => {
    for (const words of Object.values(switches)) expect(words).not.toMatch(/\d{4}|\d\.\d{3}|NaN/);
  });
});

/** Exercises with the same step in them, and the mistakes in it. */
const twins: [string, object, string[]][] = [
  [
    "standardizing",
    standardizingSwitches,
    ["axes-columns", "axes-groups", "bn-forward", "bn-channels", "ln-forward"],
  ],
  ["γ and β", affineSwitches, ["bn-forward", "bn-inference", "ln-forward"]],
  [
    "the root",
    rootSwitches,
    ["bn-inference", "bn-fold", "bn-fold-next", "ln-backward", "ln-rms", "ln-rms-backward"],
  ],
  [
    "ε",
    epsilonSwitches,
    ["bn-inference", "bn-fold", "bn-fold-next", "ln-backward", "ln-rms", "ln-rms-backward"],
  ],
  ["the way back", gradientSwitches, ["bn-backward-closed", "ln-backward"]],
  ["dγ and dβ", parameterSwitches, ["bn-backward-graph", "bn-backward-closed", "ln-backward"]],
];

it.each(twins)("mistakes in %s are named alike in all exercises that have it", (_, words, ids) => {
  for (const id of ids) expect(formulas.get(id)!.switches, id).toMatchObject(words);
});
