/** `npx normlab gradescope`: what an autograder made by `assign --format gradescope` runs for each submission. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { CourseworkError } from "../grade/errors";
import { autograde } from "../grade/formats/gradescope/autograde";
import { UsageError } from "./errors";

export const usage: string = `usage: npx normlab gradescope GRADER [options]
  GRADER         the folder grader/ that \`assign\` wrote
  --root FOLDER  where Gradescope puts submission/ and reads results/results.json (/autograder)
  --unsafe       run students' code also where nothing shuts it in; the results say so`;

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      root: { type: "string", default: "/autograder" },
      unsafe: { type: "boolean", default: false },
    },
  });
  const [grader, ...more] = positionals;
  if (grader === undefined || more.length > 0) throw new UsageError("give one folder, GRADER");
  const { root, unsafe } = values;
  const error = await autograde({ grader: resolve(grader), root: resolve(root), unsafe });
  if (error) {
    console.error(error instanceof CourseworkError ? `normlab gradescope: ${error.message}` : error);
  }
  return 0;
}
