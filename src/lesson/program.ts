/**
 * A lesson as one TypeScript module, for checking its types and for running it without Jupyter.
 *
 * In a notebook a cell sees the names of all cells before it and may declare them anew. Nested blocks say just
 * that: `{ cell 1 { cell 2 { … } } }`. Every line of code stays on its line of the Markdown, so that errors
 * point there; imports, which no block may hold, move to the end.
 */
import ts from "typescript";
import { type Lesson, type LessonCell, LessonError } from "./lesson";
import { stub } from "./passes/stubs";
import { regionsOf, replaceRegions } from "./solutions";

export interface LessonProgram {
  lesson: Lesson;
  /** A module that exports `run(beforeCell)`. */
  text: string;
  /** How many cells it has. */
  cells: number;
  /** The line of the Markdown for a line of `text`, both counted from 0. */
  lineOf(line: number): number;
}

interface Binding {
  module: string;
  /** "default", "*", or the name that the module exports. */
  imported: string;
  local: string;
  typeOnly: boolean;
  line: number;
}

function bindingsOf(node: ts.ImportDeclaration, lineOf: (position: number) => number): Binding[] {
  const module = (node.moduleSpecifier as ts.StringLiteral).text;
  const clause = node.importClause;
  const binding = (imported: string, name: ts.Identifier, typeOnly = false): Binding => ({
    module,
    imported,
    local: name.text,
    typeOnly: typeOnly || Boolean(clause?.isTypeOnly),
    line: lineOf(name.getStart()),
  });
  const named = clause?.namedBindings;
  return [
    ...(clause?.name ? [binding("default", clause.name)] : []),
    ...(named && ts.isNamespaceImport(named) ? [binding("*", named.name)] : []),
    ...(named && ts.isNamedImports(named)
      ? named.elements.map((one) => binding((one.propertyName ?? one.name).text, one.name, one.isTypeOnly))
      : []),
  ];
}

function importText({ module, imported, local, typeOnly }: Binding): string {
  const keyword = typeOnly ? "import type" : "import";
  const from = `from ${JSON.stringify(module)};`;
  if (imported === "*") return `${keyword} * as ${local} ${from}`;
  if (imported === "default") return `${keyword} ${local} ${from}`;
  return `${keyword} { ${imported === local ? local : `${imported} as ${local}`} } ${from}`;
}

/** The source with its solutions (markers are comments) or, as the learner gets it, with stubs; same lines. */
function sourceOf(cell: LessonCell, file: string, solutions: boolean): string {
  if (cell.role !== "exercise" || solutions) return cell.source;
  return replaceRegions(cell.source, regionsOf(cell, file), (indent, { begin, end }) => [
    indent + stub(cell.attributes.id ?? ""),
    ...new Array<string>(end - begin).fill(""),
  ]);
}

export interface ProgramOptions {
  /** With its solutions, or with the stubs that a learner gets. */
  solutions?: boolean;
  /** Whether check cells and hidden tests are part of it. */
  checks?: boolean;
}

/**
 * @param lesson as parsed, with the lines of its file
 * @throws LessonError when two cells import one name from different places
 */
export function lessonProgram(
  lesson: Lesson,
  { solutions = true, checks = true }: ProgramOptions = {},
): LessonProgram {
  const lines: string[] = [
    "export async function run(beforeCell: (index: number) => Promise<void>): Promise<void> {",
  ];
  const bindings = new Map<string, Binding>();
  const cells = lesson.cells.filter(
    ({ kind, role }) => kind === "code" && (checks || (role !== "check" && role !== "hidden")),
  );
  for (const [index, cell] of cells.entries()) {
    const source = sourceOf(cell, lesson.file, solutions);
    const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest, true);
    let code = source;
    for (const node of file.statements.filter(ts.isImportDeclaration)) {
      const [start, end] = [node.getStart(file), node.getEnd()];
      code = code.slice(0, start) + source.slice(start, end).replace(/[^\n]/g, " ") + code.slice(end);
      const lineOf = (position: number) => cell.line - 1 + file.getLineAndCharacterOfPosition(position).line;
      for (const binding of bindingsOf(node, lineOf)) {
        const known = bindings.get(binding.local);
        if (known && (known.module !== binding.module || known.imported !== binding.imported)) {
          const problem = `"${binding.local}" was imported from "${known.module}" before; give one of them another name.`;
          throw new LessonError(lesson.file, binding.line + 1, problem);
        }
        if (!known || (known.typeOnly && !binding.typeOnly)) bindings.set(binding.local, binding);
      }
    }
    while (lines.length < cell.line - 2) lines.push("");
    lines[cell.line - 2] = `{ await beforeCell(${index});`;
    lines.push(...code.split("\n"));
  }
  const bodyLines = lines.length;
  lines.push("}".repeat(cells.length + 1));
  const imports = [...bindings.values()];
  lines.push(...imports.map(importText));
  const lineOf = (line: number) => (line <= bodyLines ? line : imports[line - bodyLines - 1].line);
  return { lesson, cells: cells.length, text: `${lines.join("\n")}\n`, lineOf };
}
