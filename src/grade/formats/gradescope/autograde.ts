/** Grades the submission in Gradescope's container and writes results.json, whatever went wrong. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../../../tensor/validate";
import { writeWhole } from "../../../train/files";
import { readManifest } from "../../assignment/manifest";
import { chooseSandbox, NoSandbox, unsafeAs } from "../../box/choose";
import type { Sandbox } from "../../box/sandbox";
import { filesOf } from "../../collect/find";
import { readWork } from "../../collect/read";
import { gradeWork } from "../../grading/gradeWork";
import { rounded } from "../../../checks/points";
import { type GradescopeResults, resultsOf, type Submitted, ungraded } from "./results";

export interface AutogradeOptions {
  /** The folder grader/. */
  grader: string;
  /** /autograder, where Gradescope puts everything. */
  root: string;
  /** Whether students' code also runs where nothing shuts it in; the results say so. */
  unsafe: boolean;
}

/** Nobody's number: in a container that root grades in, this user can read neither tests nor other submissions. */
const nobody = 65534;

/** Answers the error that is ours, for the instructor to read; results.json has been written in any case. */
export async function autograde(options: AutogradeOptions): Promise<Error | undefined> {
  const begun = performance.now();
  const seconds = () => rounded((performance.now() - begun) / 1000);
  const write = (results: GradescopeResults) =>
    writeWhole(join(options.root, "results", "results.json"), [`${JSON.stringify(results, null, 2)}\n`]);
  try {
    write(await grade(options, seconds));
    return undefined;
  } catch (error) {
    const why =
      error instanceof NoSandbox
        ? "nothing in the autograder's container shuts your code in, and it is not run without"
        : "the autograder itself failed, through no fault of yours";
    write(ungraded(`Not graded: ${why}. Please tell your instructor, who sees more.`, seconds()));
    return error as Error;
  }
}

async function grade(
  { grader, root, unsafe }: AutogradeOptions,
  seconds: () => number,
): Promise<GradescopeResults> {
  const manifest = readManifest(grader);
  const { files, remarks } = await filesOf(root, { student: "", paths: ["submission"] });
  const work = await readWork(files, manifest);
  const sandbox = await sandboxOf(unsafe);
  try {
    const graded = await gradeWork(manifest, grader, sandbox, work);
    const told = { answers: work.answers, remarks: [...remarks, ...work.remarks] };
    return resultsOf(manifest, graded, told, submittedOf(root), seconds());
  } finally {
    sandbox.dispose();
  }
}

async function sandboxOf(unsafe: boolean): Promise<Sandbox> {
  try {
    return await chooseSandbox();
  } catch (error) {
    if (!unsafe || !(error instanceof NoSandbox)) throw error;
    return unsafeAs(process.getuid?.() === 0 ? nobody : undefined);
  }
}

/** Gradescope's own file; a submission that is tried out by hand has none. */
function submittedOf(root: string): Submitted {
  let metadata: unknown;
  try {
    metadata = JSON.parse(readFileSync(join(root, "submission_metadata.json"), "utf8"));
  } catch {
    return { people: [] };
  }
  const { created_at, users } = isObject(metadata) ? metadata : {};
  const moment = typeof created_at === "string" ? Date.parse(created_at) : NaN;
  const people = (Array.isArray(users) ? users : []).flatMap((user: unknown) =>
    isObject(user) ? [user.email, user.name].filter((each) => typeof each === "string") : [],
  );
  return { ...(!Number.isNaN(moment) && { moment }), people };
}
