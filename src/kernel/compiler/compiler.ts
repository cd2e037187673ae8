/**
 * TypeScript in, JavaScript or problems out, cell after cell; questions about it are answered by questions.ts.
 *
 * A cell sees the names of the cells before it because its source file's `parent` is the source file of the cell
 * before, and TypeScript looks names up from parent to parent. (tslab's own converter prints declarations after
 * each cell and parses them again; following the sources keeps documentation and inferred types as they were.)
 */
import { isCompleteCode } from "tslab/dist/converter";
import type { CellError, CompiledCell } from "../wire";
import { clarify } from "./clarify";
import { declaredBy } from "./declared";
import { type Problem, problemsAsError, problemsIn } from "./problems";
import { CellProgram, prefix } from "./program";
import { type Completions, Questions } from "./questions";
import { refusals } from "./refusals";
import { cellTransformer, globalsTransformer, inOwnScope } from "./transform";
import { internalsOf, ts } from "./typescript";

const objectPrefix = "export {};(\n";

export type Compiled = { cell: CompiledCell; file: ts.SourceFile } | { error: CellError };

export class CellCompiler {
  private readonly questions: Questions;
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
    this.questions = new Questions(this.program, () => this.last);
    this.program.update(prefix, undefined).program.getTypeChecker();
  }

  /** Checks and translates a cell. Nothing is remembered of it until {@link CellCompiler.accept}. */
  compile(source: string, label: string): Compiled {
    const text = source.replace(/^#!/, "//"); // a shebang is no more than a comment here
    const draft = ts.createSourceFile("cell.ts", text, ts.ScriptTarget.ES2022);
    const { imports: names } = declaredBy(draft);
    const exported = names.length > 0 ? `\nexport { ${names.join(", ")} };` : "";
    // Positions rely on one line before the reader's.
    const [before, after] = isObject(text) ? [objectPrefix, "\n)"] : [prefix, exported];
    const { program, file } = this.program.update(before + text + after, this.last);
    const checker = program.getTypeChecker();
    const beside = this.program.sourcesOfCell();
    const isUnchecked = internalsOf(draft).checkJsDirective?.enabled === false;
    const diagnostics: ts.Diagnostic[] = [...beside, file].flatMap((each) => [
      ...program.getSyntacticDiagnostics(each),
      ...(each === file && isUnchecked ? [] : program.getSemanticDiagnostics(each)),
    ]);
    diagnostics.push(...refusals(file));
    const cellText = { file, source, offset: before.length };
    const shown = clarify(file, diagnostics);
    const problems: Problem[] = problemsIn(shown, cellText, checker, (name) => this.hintFor(name));
    if (problems.length > 0) return { error: problemsAsError(problems, label) };

    const declared = declaredBy(file);
    const end = before.length + source.length;
    const transformer = cellTransformer(checker, file, declared, end);
    const { code, map } = emit(program, file, { before: [transformer], after: [globalsTransformer] });
    const files: CompiledCell["files"] = {};
    for (const each of beside) {
      if (!this.sent.has(each)) files[each.fileName] = emit(program, each);
      this.sent.add(each);
    }
    settleTypes(file, checker);
    this.labels.set(file, label);
    const cell: CompiledCell = {
      code: inOwnScope(code),
      map,
      names: [...declared.variables, ...declared.constants],
      imports: /\brequire\(/.test(code),
      files,
    };
    return { cell, file };
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

  /** What may stand at the cursor. */
  complete(source: string, cursor: number): Completions {
    return this.questions.complete(source, cursor);
  }

  /** Type and documentation at the cursor. */
  inspect(source: string, cursor: number): string | undefined {
    return this.questions.inspect(source, cursor);
  }

  private hintFor(name: string): string {
    const label = this.lost.get(name);
    if (label)
      return ` It was lost when the process that runs the cells ended; run its cell (${label}) again.`;
    const isOurs = name !== "" && this.program.exportsOf("normlab").includes(name);
    return isOurs ? ` It has to be imported: import { ${name} } from "normlab";` : "";
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

/** Translates one file; transformers may rewrite it. */
function emit(
  program: ts.Program,
  file: ts.SourceFile,
  transformers: ts.CustomTransformers = {},
): { code: string; map: string } {
  const output = { code: "", map: "" };
  const write = (name: string, text: string) => {
    if (name.endsWith(".map")) output.map = text;
    else if (name.endsWith(".js")) output.code = text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
  };
  program.emit(file, write, undefined, false, transformers);
  return output;
}

/** Whether the text is nothing but an object, `{ a: 1, b: 2 }`, which TypeScript would take for a block. */
function isObject(text: string): boolean {
  if (!/^(\s|\/\/.*\n)*\{/.test(text)) return false;
  const file = ts.createSourceFile("cell.ts", `(${text}\n)`, ts.ScriptTarget.ES2022);
  const [statement, ...more] = file.statements;
  if (more.length > 0 || internalsOf(file).parseDiagnostics?.length || !ts.isExpressionStatement(statement))
    return false;
  const { expression } = statement;
  if (!ts.isParenthesizedExpression(expression) || !ts.isObjectLiteralExpression(expression.expression))
    return false;
  return expression.expression.properties.some(
    (property) => ts.isPropertyAssignment(property) || ts.isSpreadAssignment(property),
  );
}

/** What `is_complete_request` asks: whether Enter runs the code or starts a new line. */
export function completeness(code: string): {
  status: "complete" | "incomplete" | "invalid";
  indent?: string;
} {
  // tslab looks for what is missing at the very end, behind spaces that were typed there. An empty line says: run it.
  const { completed, indent } = isCompleteCode(/\n\s*\n\s*$/.test(code) ? code : code.trimEnd());
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
