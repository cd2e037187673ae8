/** Answers whose author had not seen the checks: how many are named, how many wrongly, and that no right one is rejected. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Bank, messagesOf } from "./bank";
import { allExercises, functionIn, mistakesTold, runChecks } from "./exercises";

interface Answer {
  name: string;
  right: boolean;
  mistakes: string[];
  code: string;
}

const folder = join(__dirname, "blind");

/** Those that are told a mistake which they don't have, found by reading told.md. Whoever changes that reads it again. */
const misleading: string[] = [];

const exercises = allExercises();
const answersOf = async (id: string) =>
  ((await import(join(folder, `${id}.ts`))) as { answers: Answer[] }).answers;

const told: { id: string; answer: Answer; isRejected: boolean; names: string[]; other: string[] }[] = [];
for (const exercise of exercises) {
  for (const answer of await answersOf(exercise.id)) {
    const reports = runChecks(exercise, { given: functionIn(exercise, answer.code) });
    const failed = reports.flatMap(({ results }) => results.filter(({ passed }) => !passed));
    const other = [
      ...new Set(failed.filter((each) => !each.misconception).map(({ kind }) => kind ?? "other")),
    ];
    const isRejected = reports.some(({ passed }) => !passed);
    told.push({ id: exercise.id, answer, isRejected, names: mistakesTold(reports), other });
  }
}
const wrong = told.filter(({ answer }) => !answer.right);
const named = wrong.filter(({ names }) => names.length > 0);
const share = (part: readonly unknown[], whole: readonly unknown[]) => part.length / whole.length;

describe("answers of someone who had not seen the checks", () => {
  it("are there for every exercise, half of the wrong ones with two mistakes, and are a third of all", async () => {
    const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
    expect(files.map((name) => name.replace(".ts", "")).sort()).toEqual(exercises.map(({ id }) => id).sort());
    let own = 0;
    for (const { id } of exercises) {
      const answers = wrong.filter((each) => each.id === id);
      expect(answers).toHaveLength(8);
      const bank = ((await import(join(__dirname, "bank", `${id}.ts`))) as Bank).wrong;
      own += bank.length;
      // Twelve wrong answers an exercise at least, and half as many with two mistakes.
      const double =
        bank.filter((each) => messagesOf(each).length === 2).length +
        answers.filter(({ answer }) => answer.mistakes.length === 2).length;
      expect(bank.length + answers.length, id).toBeGreaterThanOrEqual(12);
      expect(double, id).toBeGreaterThanOrEqual(6);
    }
    // A third of all when this was written.
    expect(wrong.length / (wrong.length + own)).toBeGreaterThan(0.3);
  });

  it("are accepted when they are right, all of them", () => {
    expect(told.filter(({ answer }) => answer.right)).toHaveLength(2 * exercises.length);
    expect(told.filter(({ answer, isRejected }) => answer.right && isRejected)).toEqual([]);
  });

  it("are rejected when they are wrong, all of them", () => {
    expect(wrong.filter(({ isRejected }) => !isRejected)).toEqual([]);
  });

  it("are named, those with two mistakes as well", () => {
    const double = wrong.filter(({ answer }) => answer.mistakes.length === 2);
    expect(share(named, wrong)).toBeGreaterThan(0.95);
    expect(
      share(
        named.filter((each) => double.includes(each)),
        double,
      ),
    ).toBeGreaterThan(0.95);
  });

  it("are hardly ever named after a mistake that they don't have", () => {
    const known = new Set(named.map(({ id, answer }) => `${id}/${answer.name}`));
    expect(misleading.filter((name) => !known.has(name))).toEqual([]);
    expect(share(misleading, wrong)).toBeLessThan(0.02);
  });

  it("are told what told.md says", async () => {
    const text = exercises.flatMap(({ id }) => [
      `\n## ${id}\n`,
      ...wrong
        .filter((each) => each.id === id)
        .flatMap(({ answer, names, other }) => [
          `- **${answer.name}**: ${answer.mistakes.join(" · ")}`,
          ...names.map((words) => `  - ${words}`),
          ...(names.length === 0 ? [`  - (no name: ${other.join(", ")})`] : []),
        ]),
    ]);
    const rate = `${named.length} of ${wrong.length} wrong answers are named.`;
    const head = `# What the answers here are told\n\nWritten by \`test/checks/blind.test.ts\` (\`-u\`), to be read. ${rate}`;
    await expect(`${[head, ...text].join("\n")}\n`).toMatchFileSnapshot(join(folder, "told.md"));
  });
});
