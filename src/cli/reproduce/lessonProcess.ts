/**
 * Runs one lesson's cells without Jupyter and writes its named figures and tables: a process of its own for each
 * lesson, started by `npm run reproduce` with the request as its argument.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import type { Provenance } from "../../figures";
import { namedSymbol } from "../../figures/named";
import { parseLesson } from "../../lesson";
import { runModule } from "../../kernel/project";
import { lessonProgram } from "../../lesson/program";
import { endWithParent } from "../endWithParent";
import { projectRoot } from "../jupyter";
import { type ResultRecord, sha256 } from "./manifest";
import type { LessonReport, LessonRequest } from "./runLesson";
import { followSources, type Sources } from "./sources";

/** The part of Figure and Table that is needed here. */
interface Named {
  name: string;
  title?: string;
  description?: string;
  provenance: Provenance;
  withoutTimes?: () => Named;
  toJSON(): object;
  toPicture(): Promise<{ svg: string; png: Uint8Array }>;
}

async function write(result: Named, sources: Sources, lesson: string, out: string): Promise<ResultRecord> {
  const isTable = result.withoutTimes !== undefined;
  const shown = result.withoutTimes?.() ?? result;
  const { name, provenance } = result;
  const description = shown.description ?? shown.title ?? "";
  const { svg, png } = await shown.toPicture();
  const json = `${JSON.stringify({ name, description, ...shown.toJSON() })}\n`;
  const files: Record<string, string> = {};
  for (const [ending, content] of Object.entries({ json, svg, png })) {
    writeFileSync(join(out, `${name}.${ending}`), content);
    files[`${name}.${ending}`] = sha256(content);
  }
  return { name, lesson, kind: isTable ? "table" : "figure", description, files, provenance, sources };
}

type Run = (beforeCell: (index: number) => Promise<void>) => Promise<void>;

/** The lesson's module; its imports are found from the project's root, as in a notebook. */
function load(text: string, path: string): Run {
  const compilerOptions = {
    module: ts.ModuleKind.CommonJS,
    target: ts.ScriptTarget.ES2022,
    esModuleInterop: true,
  };
  const { outputText } = ts.transpileModule(text, { compilerOptions });
  return (runModule(outputText, path) as { run: Run }).run;
}

async function main({ path, file, out }: LessonRequest): Promise<void> {
  const report = (message: LessonReport) =>
    new Promise<void>((sent) => process.send?.(message, () => sent()));
  const lesson = parseLesson(readFileSync(path, "utf8"), file);
  const program = lessonProgram(lesson, { checks: false });

  const run = load(program.text, join(projectRoot, "lessons", `${lesson.id}.js`));
  const named = new Map<string, { result: Named; sources: Sources }>();
  const repeated = new Set<string>();
  const sourcesOf = followSources();
  Object.assign(globalThis, {
    [namedSymbol]: (result: Named) => {
      if (named.has(result.name)) repeated.add(result.name);
      named.set(result.name, { result, sources: sourcesOf(result.name, result.provenance) });
    },
  });
  await run(async (index) => {
    await report({ kind: "cell", index, cells: program.cells });
  });
  if (repeated.size) throw new Error(`${file}: these names are used twice: ${[...repeated].join(", ")}.`);

  const results: ResultRecord[] = [];
  const times: Record<string, unknown> = {};
  for (const { result, sources } of named.values()) {
    results.push(await write(result, sources, lesson.id, out));
    if (result.withoutTimes) times[result.name] = result.toJSON();
  }
  await report({ kind: "done", results, times });
}

endWithParent();
main(JSON.parse(process.argv[2]) as LessonRequest).then(
  // A lesson may leave workers or timers behind that would keep the process alive.
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
