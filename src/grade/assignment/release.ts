/** What students get: notebooks, a page that says what to do, and a list of what was handed out. */
import { createHash } from "node:crypto";
import { keepOutputs, type Notebook, notebookText, renderLesson } from "../../lesson";
import { totalPoints } from "../../checks/points";
import type { Files } from "../zip";
import { handoutFile, handoutOf } from "./handout";
import type { Manifest } from "./manifest";

export const hashOf = (content: string | Uint8Array): string =>
  createHash("sha256").update(content).digest("hex");

/** A lesson's notebook as it is handed out; `executed` is the course's own, whose outputs it takes over. */
export function releasedNotebook(
  name: string,
  lesson: { file: string; text: string },
  executed: Notebook | undefined,
): { text: string; locked: Record<string, string> } {
  const rendered = renderLesson(lesson.text, lesson.file);
  const { cells, metadata, ...rest } = executed ? keepOutputs(rendered, executed) : rendered;
  const kept = metadata.normlab as object;
  const notebook = { ...rest, cells, metadata: { ...metadata, normlab: { ...kept, assignment: name } } };
  const locked = cells
    .filter(({ metadata }) => metadata.editable === false)
    .map(({ id, source }) => [id, hashOf(source.join(""))]);
  return { text: notebookText(notebook), locked: Object.fromEntries(locked) as Record<string, string> };
}

/** README.md of the release, for students. */
export function readmeFor({ name, due, policy, notebooks, exercises, questions }: Manifest): string {
  const rows = notebooks.map(({ file, title }) => {
    const ours = <Entry extends { notebook: string }>(entries: Entry[]) =>
      entries.filter(({ notebook }) => notebook === file);
    const [tasks, asked] = [ours(exercises), ours(questions)];
    return `| \`${file}\` | ${title} | ${tasks.length} | ${asked.length} | ${totalPoints([...tasks, ...asked])} |`;
  });
  const { graceMinutes, percentPerDay, maxPercent } = policy;
  const grace = graceMinutes > 0 ? `Up to ${graceMinutes} minutes late cost nothing. ` : "";
  const late =
    percentPerDay > 0
      ? `${grace}Each day begun after that costs ${percentPerDay} % of the points you earned, at most ${maxPercent} %.`
      : "";
  return `${[
    `# ${name}`,
    `${totalPoints([...exercises, ...questions])} points${due ? `, due ${due}` : ""}. ${late}`.trim(),
    ["| notebook | lesson | exercises | questions | points |", "|---|---|---:|---:|---:|", ...rows].join(
      "\n",
    ),
    "## To work on it",
    `In your clone of normlab:\n\n    npm start -- --assignment ${name}.zip\n\nThis puts the notebooks into \`work/${name}/\` and opens them. Done again later, it opens what you have: your work is never overwritten.`,
    "## What is graded",
    [
      "- Of each exercise **its own cell alone**, together with what the lesson defines before it. A function or an import of yours that it needs belongs into that cell.",
      "- It is run with the tests that you see below it, and with others of the same kind. Each that passes earns its share of the points.",
      "- normlab has tensors there and not the solution: what the exercise asks you to write can't be imported.",
      "- Questions are read by a person.",
      "- Cells that can't be edited are not read, and neither is what is printed.",
    ].join("\n"),
    "## To hand it in",
    `Save the notebooks, then\n\n    npx normlab submit ${name}\n\nThis says what is not done yet, and packs \`${name}-submission.zip\` with a receipt. Upload that file.`,
  ].join("\n\n")}\n`;
}

/** The files of the release, by name. */
export function releaseOf(manifest: Manifest, notebooks: ReadonlyMap<string, string>): Files {
  const texts = new Map(notebooks);
  texts.set("README.md", readmeFor(manifest));
  texts.set(handoutFile, `${JSON.stringify(handoutOf(manifest), null, 2)}\n`);
  return new Map([...texts].map(([name, text]) => [name, Buffer.from(text)]));
}
