/** Type errors in a reader's terms. */
import { relative } from "node:path";
import { excerpt } from "../excerpt";
import type { CellError } from "../wire";
import { isOfEarlierCell } from "./transform";
import { ts } from "./typescript";

/** Errors that a cell may commit: top-level await (cells are async functions), in its three spellings. */
const allowed = new Set([1378, 1432, 1375]);
/** "implicitly has type any[]": said of `let xs = []` of an earlier cell, whose type TypeScript can't follow here. */
const implicitAny = new Set([7005, 7034]);
const cannotFindName = new Set([2304, 2552, 18004]);

export interface Problem {
  /** the file, for a problem outside the cell */
  file?: string;
  /** from 1 */
  line: number;
  /** from 0 */
  column: number;
  length: number;
  source: string;
  message: string;
  code: number;
}

export interface Cell {
  file: ts.SourceFile;
  source: string;
  /** where the reader's text starts in the file */
  offset: number;
}

/** The problems among TypeScript's diagnostics: errors in the reader's own text, each once, in order. */
export function problemsIn(
  diagnostics: readonly ts.Diagnostic[],
  cell: Cell,
  checker: ts.TypeChecker,
  hint: (name: string) => string,
): Problem[] {
  const problems = new Map<string, Problem>();
  for (const { file, start, length = 1, code, category, messageText } of diagnostics) {
    if (!file || start === undefined || category !== ts.DiagnosticCategory.Error || allowed.has(code))
      continue;
    const isCell = file === cell.file;
    if (isCell && implicitAny.has(code) && refersToEarlierCell(cell.file, start, checker)) continue;
    const offset = isCell ? cell.offset : 0;
    const source = isCell ? cell.source : file.text;
    if (start - offset > source.length) continue;
    const { line, column } = positionOf(source, Math.max(0, start - offset));
    const text = asImported(ts.flattenDiagnosticMessageText(messageText, "\n"), file, start);
    const missing = cannotFindName.has(code) ? (/'([^']+)'/.exec(text)?.[1] ?? "") : "";
    const problem = { line, column, length, source, code, message: text + hint(missing) };
    const path = isCell ? undefined : relative(process.cwd(), file.fileName);
    problems.set(`${path}:${start}:${text}`, { ...problem, file: path });
  }
  return [...problems.values()].sort(
    (a, b) => Number(!!b.file) - Number(!!a.file) || a.line - b.line || a.column - b.column,
  );
}

/** A message about an import names the module as the import does: TypeScript names the path of its file. */
function asImported(message: string, file: ts.SourceFile, start: number): string {
  const statement = file.statements.find(({ pos, end }) => pos <= start && start < end);
  if (!statement || !(ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement))) return message;
  const name = statement.moduleSpecifier?.getText(file);
  return name ? message.replace(/'"[^"]+"'/, name) : message;
}

function positionOf(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position);
  return { line: before.split("\n").length, column: position - (before.lastIndexOf("\n") + 1) };
}

function refersToEarlierCell(file: ts.SourceFile, position: number, checker: ts.TypeChecker): boolean {
  const find = (node: ts.Node): ts.Identifier | undefined =>
    ts.isIdentifier(node) && node.getStart(file) === position
      ? node
      : ts.forEachChild(node, (child) =>
          child.pos <= position && position < child.end ? find(child) : undefined,
        );
  const node = find(file);
  return node !== undefined && isOfEarlierCell(checker.getSymbolAtLocation(node), node.text, file);
}

/** 0 stands for an error of the kernel's own (refusals.ts), numbers below 2000 for TypeScript's of syntax. */
const nameOf = (code: number): string => (code < 2000 ? "SyntaxError" : "TypeScriptError");

/** All problems of a cell as one error: `label` is `Cell In [3]`. */
export function problemsAsError(problems: Problem[], label: string): CellError {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  const traceback = problems.flatMap(({ file, line, column, length, source, message, code }, i) => [
    ...(i > 0 ? [""] : []),
    file ? `${file}:${line}` : `${label}, line ${line}`,
    ...excerpt(source, line, column, length),
    `${nameOf(code)}${code === 0 ? "" : ` TS${code}`}: ${message}`,
  ]);
  return {
    ename: nameOf(first.code),
    evalue: `${first.message.split("\n")[0]}${more}`,
    traceback,
  };
}
