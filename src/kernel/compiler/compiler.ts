/**
 * TypeScript in, JavaScript or problems out, cell after cell; completion and inspection.
 *
 * A cell sees the names of the cells before it because its source file's `parent` is the source file of the cell
 * before, and TypeScript looks names up from parent to parent. (tslab's own converter prints declarations after
 * each cell and parses them again; following the sources keeps documentation and inferred types as they were.)
 */
import { isCompleteCode } from "tslab/dist/converter";
import { printQuickInfo } from "tslab/dist/inspect";
import type { CellError, CompiledCell } from "../wire";
import { cursorPosition, stringPosition } from "./positions";
import { type Problem, problemsAsError, problemsIn } from "./problems";
import { CellProgram } from "./program";
import { cellTransformer, declaredBy } from "./transform";
import { internals, internalsOf, neverCancelled, ts } from "./typescript";

/** Makes every cell a module, whatever it contains. */
const prefix = "export {};\n";

export type Compiled = { cell: CompiledCell; file: ts.SourceFile } | { error: CellError };

export interface Completions {
  matches: string[];
  cursor_start: number;
  cursor_end: number;
  metadata: Record<string, unknown>;
}

export class CellCompiler {
  private readonly program: CellProgram;
  /** the last cell that declared something */
  private last: ts.SourceFile | undefined;
  /** names that were lost when the process that ran the cells ended, and the cells that had declared them */
  private readonly lost = new Map<string, string>();
  private readonly labels = new WeakMap<ts.SourceFile, string>();
  /** versions of the files beside the notebook that the runner has */
  private readonly sent = new Set<ts.SourceFile>();

  constructor(folder: string, root: string) {
    this.program = new CellProgram(folder, root);
    this.program.update(prefix, undefined).program.getTypeChecker();
  }

  /** Checks and translates a cell. Nothing is remembered of it until {@link CellCompiler.accept}. */
  compile(source: string, label: string): Compiled {
    const draft = declaredBy(ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022));
    const exported = draft.imports.length > 0 ? `\nexport { ${draft.imports.join(", ")} };` : "";
    const { program, file } = this.program.update(prefix + source + exported, this.last);
    const checker = program.getTypeChecker();
    const beside = this.program.sourcesOfCell();
    const diagnostics = [...beside, file].flatMap((each) => [
      ...program.getSyntacticDiagnostics(each),
      ...program.getSemanticDiagnostics(each),
    ]);
    const cell = { file, source, offset: prefix.length };
    const problems: Problem[] = problemsIn(diagnostics, cell, checker, (name) => this.hintFor(name));
    if (problems.length > 0) return { error: problemsAsError(problems, label) };

    const declared = declaredBy(file);
    const end = prefix.length + source.length;
    const transformer = cellTransformer(checker, file, declared, end);
    const { code, map } = emit(program, file, [transformer]);
    const files: CompiledCell["files"] = {};
    for (const each of beside) {
      if (!this.sent.has(each)) files[each.fileName] = emit(program, each);
      this.sent.add(each);
    }
    settleTypes(file, checker);
    const names = [...declared.variables, ...declared.constants];
    const imports = /\brequire\(/.test(code);
    this.labels.set(file, label);
    return { cell: { code, map, names, imports, files }, file };
  }

  /** Makes the names of a cell that has run visible to the next ones; `assigned` are those that got a value. */
  accept(file: ts.SourceFile, names: string[], assigned: string[]): void {
    const { locals } = internalsOf(file);
    for (const name of names) if (!assigned.includes(name)) locals?.delete(name);
    for (const name of locals?.keys() ?? []) this.lost.delete(name);
    if (locals && locals.size > 0) {
      // The same cell run again takes the place of its last run.
      if (this.last && this.last.text === file.text) internalsOf(file).parent = internalsOf(this.last).parent;
      this.last = file;
    }
  }

  /** Forgets all cells, because the process that held their values is gone. */
  forget(): void {
    for (let file = this.last; file; file = internalsOf(file).parent) {
      for (const name of internalsOf(file).locals?.keys() ?? []) {
        if (!this.lost.has(name)) this.lost.set(name, this.labels.get(file) ?? "an earlier cell");
      }
    }
    this.last = undefined;
    this.sent.clear();
  }

  /** What the next cell may need, done while nothing else is asked for. */
  warm(): void {
    this.program.update(prefix, this.last).program.getTypeChecker();
  }

  complete(source: string, cursor: number): Completions {
    const position = stringPosition(source, cursor) + prefix.length;
    const { program, file } = this.program.look(prefix + source, this.last);
    program.getTypeChecker();
    const found = internals.Completions.getCompletionsAtPositionForTslab(
      {},
      program,
      () => undefined,
      file,
      position,
      {},
      undefined,
      ts.CompletionTriggerKind.Invoked,
      neverCancelled,
    );
    const word = /[\p{ID_Continue}$\u200c\u200d]*$/u.exec(source.slice(0, position - prefix.length))![0];
    const rest = /^[\p{ID_Continue}$\u200c\u200d]*/u.exec(source.slice(position - prefix.length))![0];
    const start = cursorPosition(source, position - prefix.length - word.length);
    const end = cursorPosition(source, position - prefix.length + rest.length);
    const entries = (found?.entries ?? [])
      .filter(({ name }) => rankOf(name, word) < 3)
      .sort(
        (a, b) =>
          rankOf(a.name, word) - rankOf(b.name, word) ||
          a.sortText.localeCompare(b.sortText) ||
          a.name.localeCompare(b.name),
      );
    const types = entries.map(({ name, kind }) => ({ start, end, text: name, type: kind }));
    return {
      matches: entries.map(({ name }) => name),
      cursor_start: start,
      cursor_end: end,
      metadata: { _jupyter_types_experimental: types },
    };
  }

  /** Type and documentation at the cursor, or of the function whose arguments the cursor is in. */
  inspect(source: string, cursor: number): string | undefined {
    const { program, file } = this.program.look(prefix + source, this.last);
    const checker = program.getTypeChecker();
    let position = stringPosition(source, cursor);
    while (position > 0 && /[\s(,]/.test(source[position] ?? " ")) position--;
    const info = internals.getQuickInfoAtPosition(file, checker, neverCancelled, position + prefix.length);
    return info && printQuickInfo(info as Parameters<typeof printQuickInfo>[0]);
  }

  private hintFor(name: string): string {
    const label = this.lost.get(name);
    return label
      ? ` It was lost when the process that runs the cells ended; run its cell (${label}) again.`
      : "";
  }
}

/**
 * Writes plain types (`number`, `string`, …) down where they were inferred. Else the type of `const c = b + 1` would
 * be inferred again through all cells that it goes back to, and notebooks would become slower as they grow.
 */
function settleTypes(file: ts.SourceFile, checker: ts.TypeChecker): void {
  const keywords: [ts.TypeFlags, ts.KeywordTypeSyntaxKind][] = [
    [ts.TypeFlags.Number, ts.SyntaxKind.NumberKeyword],
    [ts.TypeFlags.String, ts.SyntaxKind.StringKeyword],
    [ts.TypeFlags.Boolean, ts.SyntaxKind.BooleanKeyword],
  ];
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const declaration of statement.declarationList.declarations) {
      if (declaration.type || !declaration.initializer || !ts.isIdentifier(declaration.name)) continue;
      const { flags } = checker.getTypeAtLocation(declaration.name);
      const keyword = keywords.find(([flag]) => flags & flag)?.[1];
      if (!keyword) continue;
      const type = Object.assign(ts.factory.createKeywordTypeNode(keyword), { parent: declaration });
      Object.assign(declaration, { type });
    }
  }
}

/** Translates one file; a `before` transformer may rewrite it. */
function emit(
  program: ts.Program,
  file: ts.SourceFile,
  before: ts.TransformerFactory<ts.SourceFile>[] = [],
): { code: string; map: string } {
  const output = { code: "", map: "" };
  const write = (name: string, text: string) => {
    if (name.endsWith(".map")) output.map = text;
    else if (name.endsWith(".js")) output.code = text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
  };
  program.emit(file, write, undefined, false, { before });
  return output;
}

/** 0: starts with the word, 1: but for the case, 2: contains it, 3: no match. */
function rankOf(name: string, word: string): number {
  if (name.startsWith(word)) return 0;
  const lower = name.toLowerCase();
  const at = lower.indexOf(word.toLowerCase());
  return at === 0 ? 1 : at > 0 ? 2 : 3;
}

/** What `is_complete_request` asks: whether Enter runs the code or starts a new line. */
export function completeness(code: string): {
  status: "complete" | "incomplete" | "invalid";
  indent?: string;
} {
  const { completed, indent } = isCompleteCode(code);
  if (!completed) return { status: "incomplete", indent: indent ?? "" };
  const { diagnostics = [] } = ts.transpileModule(code, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const unterminatedTemplate = 1160;
  if (diagnostics.some(({ code }) => code === unterminatedTemplate))
    return { status: "incomplete", indent: "" };
  return { status: diagnostics.length > 0 ? "invalid" : "complete" };
}
