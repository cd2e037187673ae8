// A plug-in of Stryker: of all mutants only a seeded sample is tried.
import { createHash } from "node:crypto";
import { relative } from "node:path";

/** A number that depends on the seed and the mutant alone, so a mutant's place in the order outlives changes elsewhere. */
function rank(seed, { fileName, location, mutatorName, replacement }) {
  const { line, column } = location.start;
  const text = [seed, relative(process.cwd(), fileName), line, column, mutatorName, replacement].join(" ");
  return createHash("sha256").update(text).digest("hex");
}

/** What Stryker calls a checker says beforehand which mutants can't be tried: here, those that are not in the sample. */
class Sample {
  static inject = ["options"];

  constructor({ sample }) {
    this.sample = sample;
  }

  async init() {}

  /** All mutants at once, so that `check` sees how many there are. */
  async group(mutants) {
    return [mutants.map(({ id }) => id)];
  }

  async check(mutants) {
    const { size, seed } = this.sample;
    const ranks = new Map(mutants.map((mutant) => [mutant.id, rank(seed, mutant)]));
    const order = mutants.map(({ id }) => id).sort((a, b) => (ranks.get(a) < ranks.get(b) ? -1 : 1));
    const chosen = new Set(order.slice(0, size));
    const result = (id) =>
      chosen.has(id) ? { status: "passed" } : { status: "compileError", reason: "not in the sample" };
    return Object.fromEntries(order.map((id) => [id, result(id)]));
  }
}

export const strykerPlugins = [{ kind: "Checker", name: "sample", injectableClass: Sample }];
