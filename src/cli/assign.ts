/** `npx normlab assign`: what students get, and what grades it. */
import { readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { assign, type AssignOptions } from "../grade/assignment/assign";
import { autograderZip } from "../grade/formats/gradescope/zip";
import { assignCourse } from "../grade/formats/nbgrader/course";
import type { Manifest } from "../grade/assignment/manifest";
import { noPolicy, type Policy, policyOf } from "../grade/assignment/policy";
import { totalPoints } from "../checks/points";
import { writeWhole } from "../train/files";
import { ExpectedError, told, UsageError } from "./errors";
import { projectRoot } from "./jupyter";
import { lessonFiles } from "./lessons/notebooks";

export const usage: string = `usage: npx normlab assign NAME --lessons 02,03 --out FOLDER [options]
  --lessons 02,03              the lessons whose names begin so
  --out FOLDER                 FOLDER/release is handed out, FOLDER/grader never
  --exercises ID,ID            only these exercises and questions are graded (by default all)
  --due 2027-01-15T23:59+01:00
  --policy FILE                what lateness costs: { "graceMinutes": 15, "percentPerDay": 10, "maxPercent": 50,
                               "extensions": { "student": "2027-01-20T23:59+01:00" } }
  --private FOLDER             your own seeds and tests: seeds.json, checks/ID.ts
  --format nbgrader            FOLDER is a course folder of nbgrader's, which may have other assignments already
  --format gradescope          also FOLDER/NAME-autograder.zip`;

const list = (text: string): string[] =>
  text
    .split(",")
    .map((each) => each.trim())
    .filter(Boolean);

/** A JSON file that a person wrote. */
function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new ExpectedError(`${path} can't be read: ${(error as Error).message}`);
  }
}

const summary = ({ name, exercises, questions }: Manifest): string =>
  `${name}: ${exercises.length} exercises and ${questions.length} questions, ${totalPoints([...exercises, ...questions])} points`;

const shown = (...path: string[]): string => relative(process.cwd(), join(...path)) || ".";

/** Each writes an assignment, and answers what to tell of it. */
const formats: Record<string, (options: AssignOptions) => Promise<string[]>> = {
  async normlab(options) {
    const { name, out } = options;
    return [
      summary(await assign(options)),
      `  ${shown(out, "release", `${name}.zip`)}  hand this out (or the files beside it)`,
      `  ${shown(out, "grader")}  keep this to yourself: it grades`,
    ];
  },
  nbgrader(options) {
    const { name, out } = options;
    const { manifest, remark } = assignCourse(options);
    return Promise.resolve([
      summary(manifest),
      `  ${shown(out, "source", name)}  for nbgrader: in ${shown(out)}, nbgrader generate_assignment ${name}`,
      `  ${shown(out, "grader", name)}  keep this to yourself: it grades`,
      ...(remark === undefined ? [] : [remark]),
    ]);
  },
  async gradescope(options) {
    const { name, out } = options;
    const lines = await formats.normlab(options);
    const path = join(out, `${name}-autograder.zip`);
    writeWhole(path, [await autograderZip(join(out, "grader"))]);
    return [...lines, `  ${shown(path)}  upload this to Gradescope as the autograder`];
  },
};

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      lessons: { type: "string" },
      out: { type: "string" },
      exercises: { type: "string" },
      due: { type: "string" },
      policy: { type: "string" },
      private: { type: "string" },
      format: { type: "string" },
    },
  });
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw new UsageError("give one NAME for the assignment");
  if (values.lessons === undefined) throw new UsageError("--lessons is missing: which lessons is it of?");
  if (values.out === undefined) throw new UsageError("--out is missing: where is it to be written?");
  const write = Object.hasOwn(formats, values.format ?? "normlab") && formats[values.format ?? "normlab"];
  if (!write) throw new UsageError(`--format is "${values.format}", but must be nbgrader or gradescope`);
  const out = resolve(values.out);
  const lessons = lessonFiles(list(values.lessons));

  return told(async () => {
    const policy: Policy = values.policy === undefined ? noPolicy : policyOf(readJson(values.policy));
    const lines = await write({
      name,
      lessons: lessons.map((file) => ({
        path: join(projectRoot, "lessons", file),
        notebook: join(projectRoot, "notebooks", file.replace(/\.md$/, ".ipynb")),
      })),
      ...(values.exercises !== undefined && { only: list(values.exercises) }),
      due: values.due,
      policy,
      private: values.private && resolve(values.private),
      out,
    });
    console.log(lines.join("\n"));
    return 0;
  });
}
