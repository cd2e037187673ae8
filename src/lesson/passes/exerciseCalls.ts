import ts from "typescript";
import { type LessonCell, LessonError, type Pass } from "../lesson";

const parse = (cell: LessonCell): ts.SourceFile =>
  ts.createSourceFile("cell.ts", cell.source, ts.ScriptTarget.Latest, true);

/** The functions and classes that a cell declares at its top level. */
function declaredFunctions(file: ts.SourceFile): string[] {
  return file.statements.flatMap((statement) => {
    if ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name) {
      return [statement.name.text];
    }
    if (!ts.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
      ts.isIdentifier(name) &&
      initializer &&
      (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer))
        ? [name.text]
        : [],
    );
  });
}

/** Where one of the functions is called: `f(…)`, `new F(…)`, `F.create(…)`. */
function callOf(
  file: ts.SourceFile,
  names: ReadonlySet<string>,
  alsoInside: boolean,
): { line: number; name: string } | undefined {
  let found: { line: number; name: string } | undefined;
  const visit = (node: ts.Node): void => {
    if (!alsoInside && (ts.isFunctionLike(node) || ts.isClassLike(node))) return;
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const callee = ts.isPropertyAccessExpression(node.expression)
        ? node.expression.expression
        : node.expression;
      if (ts.isIdentifier(callee) && names.has(callee.text)) {
        found ??= { line: file.getLineAndCharacterOfPosition(node.getStart(file)).line, name: callee.text };
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/**
 * Only checks and hidden tests call what an exercise declares: a call anywhere else would throw while the
 * exercise is unsolved, and stop *Run All*. Inside its own cell an exercise may call itself from its functions.
 */
export const exerciseCalls: Pass = (lesson) => {
  const owners = new Map<string, string>();
  for (const cell of lesson.cells) {
    if (cell.kind !== "code" || cell.role === "check" || cell.role === "hidden") continue;
    const file = parse(cell);
    // A cell that declares the same name anew takes it over.
    for (const name of declaredFunctions(file)) owners.delete(name);
    const earlier = callOf(file, new Set(owners.keys()), true);
    const own = cell.role === "exercise" ? declaredFunctions(file) : [];
    const call = earlier ?? callOf(file, new Set(own), false);
    if (call) {
      const exercise = owners.get(call.name) ?? cell.attributes.id;
      const problem = `${call.name}() belongs to the exercise "${exercise}"; only its check may call it, since it throws until it is solved.`;
      throw new LessonError(lesson.file, cell.line + call.line, problem);
    }
    for (const name of own) owners.set(name, cell.attributes.id ?? "");
  }
  return lesson;
};
