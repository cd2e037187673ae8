/** `npx normlab submit`: packs an assignment to be handed in, and says what is not done. */
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { totalPoints } from "../checks/points";
import { type NotebookState, pack, type Packed, type Task } from "../grade/student/submission";
import { writeWhole } from "../train/files";
import { assignmentIn } from "./assignment";
import { told, UsageError } from "./errors";
import { workFolder } from "./jupyter";

export const usage: string = `usage: npx normlab submit NAME [options]
  NAME           the assignment, as its folder in work/ is called
  --work FOLDER  another folder than work/
  --out FILE     where to put it (work/NAME-submission.zip)`;

/** Larger files are refused by some learning platforms. */
const large = 20e6;

const states: Record<Task["state"], string> = {
  done: "",
  "not done": "as it was handed out",
  begun: "still has the line that throws",
  gone: "its cell is gone",
};

/** "2027-01-15 22:10", in the time of this machine. */
function momentText(milliseconds: number): string {
  const date = new Date(milliseconds);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

const pointsText = (points: number) => `${points} ${points === 1 ? "point" : "points"}`;

function countOf(tasks: readonly Task[], kind: Task["kind"], words: string): string {
  const ours = tasks.filter((task) => task.kind === kind);
  return `${ours.filter(({ state }) => state === "done").length} of ${ours.length} ${words}`;
}

/** A notebook's line, and one for each task that is not done. */
function linesOf({ file, saved, tasks }: NotebookState): string[] {
  if (saved === undefined) return []; // a remark says so
  const counts = [countOf(tasks, "exercise", "exercises"), countOf(tasks, "question", "questions answered")];
  const open = tasks.filter(({ state }) => state !== "done");
  const width = Math.max(...open.map(({ id }) => id.length));
  return [
    `${file}, saved ${momentText(saved)}: ${counts.join(", ")}`,
    ...open.map(({ id, kind, state, points }) => {
      const why = kind === "question" ? "no answer" : states[state];
      return `  not done: ${id.padEnd(width)}  ${pointsText(points)}, ${why}`;
    }),
  ];
}

function dueText(due: string | undefined): string[] {
  if (due === undefined) return [];
  const hours = (Date.parse(due) - Date.now()) / 3_600_000;
  const [far, unit] = Math.abs(hours) < 48 ? [hours, "hours"] : [hours / 24, "days"];
  const distance = `${Math.abs(far).toFixed(far < 10 ? 1 : 0)} ${unit}`;
  return [hours > 0 ? `Due ${due}, in ${distance}.` : `It was due ${due}, ${distance} ago.`];
}

/** What a student should look at before they hand it in. */
function remarksOn({ remarks, zip }: Packed): string[] {
  const size = `${(zip.length / 1e6).toFixed(0)} MB are too large for some platforms; clear the notebooks' outputs`;
  return [...remarks, ...(zip.length > large ? [size] : [])].map((remark) => `  look: ${remark}`);
}

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { work: { type: "string", default: workFolder }, out: { type: "string" } },
  });
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw new UsageError("give the NAME of one assignment");
  const work = resolve(values.work);
  const out = values.out === undefined ? join(work, `${name}-submission.zip`) : resolve(values.out);

  return told(async () => {
    const { handout, folder } = assignmentIn(work, name);
    const packed = await pack(folder, handout);
    const { notebooks, zip, receipt } = packed;
    writeWhole(out, [zip]);
    const open = notebooks.flatMap(({ tasks }) => tasks).filter(({ state }) => state !== "done");
    const left = open.length > 0 ? ` Not done yet: ${pointsText(totalPoints(open))}.` : "";
    const lines = [
      ...notebooks.flatMap(linesOf),
      ...remarksOn(packed),
      "",
      `${relative(process.cwd(), out)}  upload this file.${left}`,
      ...dueText(handout.due),
      `Receipt (SHA-256 of the file): ${receipt}`,
      "What is not saved in JupyterLab is not in it; the same command packs it again.",
    ];
    console.log(lines.join("\n"));
    return packed.remarks.length > 0 ? 1 : 0;
  });
}
