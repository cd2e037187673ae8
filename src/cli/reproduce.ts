/** `npm run reproduce`: every named figure and table of the lessons as files, with a manifest. */
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { interruptible } from "./interruption";
import { projectRoot } from "./jupyter";
import { lessonFiles } from "./lessons/notebooks";
import { reproduce } from "./reproduce/reproduce";

export const usage: string = `usage: npm run reproduce [-- options]
  --only 05     only the lessons whose names begin so (may be repeated)
  --quick       the reduced setting (NORMLAB_QUICK=1), into .cache/figures
  --out FOLDER  another folder than figures/
  --force       also what is up to date`;

export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: "string", multiple: true },
      quick: { type: "boolean" },
      out: { type: "string" },
      force: { type: "boolean" },
    },
  });
  const { only, quick, force } = values;
  const out = resolve(values.out ?? join(projectRoot, quick ? ".cache/figures" : "figures"));
  const draw = async (signal: AbortSignal) => {
    await reproduce({
      lessons: lessonFiles(only).map((name) => join(projectRoot, "lessons", name)),
      out,
      quick,
      force,
      signal,
      onProgress: (text) => process.stderr.write(text),
    });
    console.log(
      `The figures and tables are in ${relative(process.cwd(), out) || "."}, described by manifest.json.`,
    );
    return 0;
  };
  const said = "normlab reproduce: interrupted; the same command goes on with the lesson that it was at.";
  return interruptible(said, draw);
}
