/** `npm run reproduce`: every named figure and table of the lessons as files, with a manifest. */
import { rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { UsageError } from "./errors";
import { interruptible } from "./interruption";
import { projectRoot } from "./jupyter";
import { lessonFiles } from "./lessons/notebooks";
import { reproduce } from "./reproduce/reproduce";
import { compareWithStored, keepTrained, readTrained } from "./reproduce/trainedAnew";

export const usage: string = `usage: npm run reproduce [-- options]
  --only 05     only the lessons whose names begin so (may be repeated)
  --quick       the reduced setting (NORMLAB_QUICK=1), into .cache/figures
  --out FOLDER  another folder than figures/
  --force       also what is up to date
  --train       computes anew what is stored in lessons/runs (hours), and says what differs
  --keep        with --train: stores it instead`;

export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: "string", multiple: true },
      quick: { type: "boolean" },
      out: { type: "string" },
      force: { type: "boolean" },
      train: { type: "boolean" },
      keep: { type: "boolean" },
    },
  });
  const { only, quick, train, keep } = values;
  if (keep && !train) throw new UsageError("--keep stores what --train computes; it needs --train");
  if (keep && only) throw new UsageError("--keep stores the results of all lessons; it can't go with --only");
  if (train && quick)
    throw new UsageError("--train is for what is stored; the reduced setting stores nothing");
  const out = resolve(values.out ?? join(projectRoot, quick ? ".cache/figures" : "figures"));
  const draw = async (signal: AbortSignal) => {
    await reproduce({
      lessons: lessonFiles(only).map((name) => join(projectRoot, "lessons", name)),
      out,
      quick,
      // With --train nothing is up to date.
      force: values.force || train,
      trained: train ? trainedFolder : undefined,
      signal,
      onProgress: (text) => process.stderr.write(text),
    });
    console.log(
      `The figures and tables are in ${relative(process.cwd(), out) || "."}, described by manifest.json.`,
    );
    if (train) finishTraining(keep);
    return 0;
  };
  const said = "normlab reproduce: interrupted; the same command goes on with the lesson that it was at.";
  return interruptible(said, draw);
}

/** Where --train keeps what it has computed so far, so that it can go on. */
const trainedFolder = join(projectRoot, ".cache", "trained");

function finishTraining(keep = false): void {
  const trained = readTrained(trainedFolder);
  console.log(compareWithStored(trained).join("\n"));
  if (keep) keepTrained(trained).forEach((path) => console.log(`${relative(process.cwd(), path)}: written`));
  // The next --train begins anew.
  rmSync(trainedFolder, { recursive: true, force: true });
}
