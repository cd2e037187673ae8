/** What a lesson gives to an exercise: the definitions of the cells before it, without what these cells do. */
import ts from "typescript";
import type { Lesson } from "../../lesson";

interface Definition {
  cell: number;
  text: string;
  names: string[];
  /** All names that stand in it. */
  mentions: Set<string>;
}

function isConstant(node: ts.Expression): boolean {
  if (ts.isAsExpression(node) || ts.isParenthesizedExpression(node)) return isConstant(node.expression);
  if (ts.isPrefixUnaryExpression(node)) return isConstant(node.operand);
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(isConstant);
  if (ts.isObjectLiteralExpression(node)) {
    return node.properties.every((each) => ts.isPropertyAssignment(each) && isConstant(each.initializer));
  }
  return (
    ts.isLiteralExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isFunctionExpression(node) ||
    [ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword, ts.SyntaxKind.NullKeyword].includes(node.kind)
  );
}

/** Whether a statement only says what a name means. */
function isDefinition(node: ts.Statement): boolean {
  if (ts.isVariableStatement(node)) {
    return node.declarationList.declarations.every(
      ({ name, initializer }) => ts.isIdentifier(name) && initializer && isConstant(initializer),
    );
  }
  return (
    ts.isImportDeclaration(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node)
  );
}

/** The names that a statement declares; imports declare nothing that could hide or be missing. */
function declaredNames(node: ts.Statement): string[] {
  const bound = (name: ts.BindingName): string[] =>
    ts.isIdentifier(name)
      ? [name.text]
      : name.elements.flatMap((each) => (ts.isBindingElement(each) ? bound(each.name) : []));
  if (ts.isVariableStatement(node))
    return node.declarationList.declarations.flatMap(({ name }) => bound(name));
  const { name } = node as ts.Statement & { name?: ts.Identifier };
  return name && ts.isIdentifier(name) ? [name.text] : [];
}

/** All names that stand in a piece of code. */
export function namesIn(node: ts.Node): Set<string> {
  const names = new Set<string>();
  const visit = (each: ts.Node): void => {
    if (ts.isIdentifier(each)) names.add(each.text);
    ts.forEachChild(each, visit);
  };
  visit(node);
  return names;
}

/**
 * The cells, cut down to their definitions, that an exercise builds on: what cells before it import, and the functions,
 * classes, types and constants that they define. What needs a value that was computed is left out, and so is what
 * another exercise asks for.
 */
export function definitionsBefore(lesson: Lesson, exercise: string): string[] {
  const end = lesson.cells.findIndex(
    ({ role, attributes }) => role === "exercise" && attributes.id === exercise,
  );
  const definitions: Definition[] = [];
  const undefinedNames = new Set<string>();
  for (const [cell, { kind, role, source }] of lesson.cells.slice(0, end).entries()) {
    if (kind !== "code" || (role !== "code" && role !== "exercise")) continue;
    const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest, true);
    for (const statement of file.statements) {
      const names = declaredNames(statement);
      const isGiven = role === "code" && isDefinition(statement);
      for (const name of names) undefinedNames[isGiven ? "delete" : "add"](name);
      if (!isGiven) continue;
      definitions.push({ cell, names, text: statement.getText(file), mentions: namesIn(statement) });
    }
  }
  // What mentions a missing name is missing, too, until nothing changes.
  let kept = definitions.filter(({ names }) => !names.some((name) => undefinedNames.has(name)));
  for (let before = -1; before !== kept.length;) {
    before = kept.length;
    kept = kept.filter(({ names, mentions }) => {
      const isWhole = ![...mentions].some((name) => undefinedNames.has(name));
      if (!isWhole) for (const name of names) undefinedNames.add(name);
      return isWhole;
    });
  }
  const cells = [...new Set(kept.map(({ cell }) => cell))];
  return cells.map((cell) =>
    kept
      .filter((each) => each.cell === cell)
      .map(({ text }) => text)
      .join("\n"),
  );
}
