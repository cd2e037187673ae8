/** `npm run lessons`: lessons/*.md → notebooks/*.ipynb. */
import { parseArgs } from "node:util";
import type { Variant } from "../lesson";
import { interruptible } from "./interruption";
import { lessonFiles, staleNotebook, unexecutedCells, writeNotebook } from "./lessons/notebooks";

export const usage: string = `usage: npm run lessons [-- options]
  --execute     run the notebooks in the kernel and keep their outputs
  --only 05     only the lessons whose names begin so (may be repeated)
  --solutions   the instructor's notebooks, in instructor/solutions/
  --graded      the notebooks with hidden tests, in instructor/graded/
  --check       change nothing; say what is out of date and end with status 1`;

export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      execute: { type: "boolean", default: false },
      only: { type: "string", multiple: true },
      solutions: { type: "boolean" },
      graded: { type: "boolean" },
      check: { type: "boolean" },
    },
  });
  const { only, solutions, graded } = values;
  const variant: Variant = { solutions, graded };
  if (values.check) {
    let upToDate = true;
    for (const name of lessonFiles(only)) {
      for (const sentence of [await staleNotebook(name, variant), unexecutedCells(name, variant)]) {
        if (!sentence) continue;
        console.error(sentence);
        upToDate = false;
      }
    }
    if (upToDate) console.log("The notebooks are up to date.");
    return upToDate ? 0 : 1;
  }
  const writeAll = async (signal?: AbortSignal) => {
    let succeeded = true;
    for (const name of lessonFiles(only)) {
      succeeded = (await writeNotebook(name, variant, signal)) && succeeded;
    }
    return succeeded ? 0 : 1;
  };
  if (!values.execute) return writeAll();
  return interruptible("normlab lessons: interrupted; the notebook under way is as it was.", writeAll);
}
