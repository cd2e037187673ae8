/** Checks the types of lessons' cells, straight from the Markdown. */
import { join } from "node:path";
import ts from "typescript";
import type { LessonProgram } from "./program";

/** A mistake in a cell, at its place in the Markdown. */
export interface TypeProblem {
  file: string;
  /** Counted from 1. */
  line: number;
  message: string;
}

/** The part of the compiler that is used: tslab's own TypeScript 5.0 has it too. */
export type Compiler = Pick<
  typeof ts,
  | "createCompilerHost"
  | "createProgram"
  | "createSourceFile"
  | "flattenDiagnosticMessageText"
  | "forEachChild"
  | "getPreEmitDiagnostics"
  | "isVariableDeclaration"
  | "isIdentifier"
>;

export interface TypeCheckOptions {
  /** TypeScript 5.9 by default; tslab's own for what learners get. */
  compiler?: Compiler;
  /** Everything that `--strict` means; on by default. tslab compiles cells without. */
  strict?: boolean;
  /** Folder whose node_modules the cells import from. */
  root: string;
}

/** Variables whose type is silently `any`: the compiler could not read what they come from. */
function anyVariables(
  compiler: Compiler,
  program: ts.Program,
  source: ts.SourceFile,
): { node: ts.Node; name: string }[] {
  const checker = program.getTypeChecker();
  const found: { node: ts.Node; name: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (
      compiler.isVariableDeclaration(node) &&
      compiler.isIdentifier(node.name) &&
      !node.type &&
      node.initializer
    ) {
      if (checker.getTypeAtLocation(node.name).flags & ts.TypeFlags.Any)
        found.push({ node, name: node.name.text });
    }
    compiler.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Files of libraries, parsed once for each compiler. */
const parsed = new Map<Compiler, Map<string, ts.SourceFile | undefined>>();

/** All mistakes in the cells of all lessons, in one go: the libraries' types are read only once. */
export function typeCheck(programs: readonly LessonProgram[], options: TypeCheckOptions): TypeProblem[] {
  const { compiler = ts, strict = true, root } = options;
  const settings: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts"],
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    esModuleInterop: true,
    skipLibCheck: true,
    strict,
    noEmit: true,
    types: ["node"],
  };
  // In the folder of the lessons, so that imports resolve from there; the number keeps variants apart.
  const virtual = new Map(
    programs.map((program, i) => [
      join(root, "lessons", `${program.lesson.id}.${i}.ts`).replaceAll("\\", "/"),
      program,
    ]),
  );
  const host = compiler.createCompilerHost(settings);
  const { getSourceFile, fileExists, readFile } = host;
  host.getCurrentDirectory = () => root;
  host.fileExists = (name) => virtual.has(name) || fileExists(name);
  host.readFile = (name) => virtual.get(name)?.text ?? readFile(name);
  const libraries = parsed.get(compiler) ?? new Map<string, ts.SourceFile | undefined>();
  parsed.set(compiler, libraries);
  host.getSourceFile = (name, ...rest) => {
    const program = virtual.get(name);
    if (program) return compiler.createSourceFile(name, program.text, rest[0], true);
    if (!libraries.has(name)) libraries.set(name, getSourceFile(name, ...rest));
    return libraries.get(name);
  };

  const program = compiler.createProgram([...virtual.keys()], settings, host);
  const problems: TypeProblem[] = [];
  for (const [name, lesson] of virtual) {
    const source = program.getSourceFile(name);
    if (!source) continue;
    const report = (position: number, message: string) => {
      const line = lesson.lineOf(source.getLineAndCharacterOfPosition(position).line) + 1;
      problems.push({ file: lesson.lesson.file, line, message });
    };
    for (const { start = 0, messageText } of compiler.getPreEmitDiagnostics(program, source)) {
      report(start, compiler.flattenDiagnosticMessageText(messageText, "\n"));
    }
    for (const { node, name: variable } of anyVariables(compiler, program, source)) {
      report(node.getStart(source), `"${variable}" is silently of type any; give it a type.`);
    }
  }
  return problems;
}
