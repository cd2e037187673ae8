/** What cells can't do, though TypeScript sees nothing wrong with it. */
import { ts } from "./typescript";

/** What the code of a cell reaches the kernel by; see transform.ts. */
const ownNames = new Set(["$cell", "$cells", "$global", "$stop", "$value"]);

/** Errors for declarations that would have no effect, and for names that would hide the kernel's own. */
export function refusals(file: ts.SourceFile): ts.Diagnostic[] {
  const found: ts.Diagnostic[] = [];
  const refuse = (node: ts.Node, messageText: string): void => {
    const start = node.getStart(file);
    const { Error: category } = ts.DiagnosticCategory;
    found.push({ file, start, length: node.end - start, category, code: 0, messageText });
  };
  for (const statement of file.statements) {
    if (!ts.isModuleDeclaration(statement)) continue;
    const isGlobal = (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0;
    if (!isGlobal && !ts.isStringLiteral(statement.name)) continue;
    const what = isGlobal ? "global" : `module ${statement.name.getText(file)}`;
    refuse(
      statement.name,
      `'declare ${what}' has no effect in a cell. Write it in a .ts file beside the notebook, and import that file.`,
    );
  }
  if (![...ownNames].some((name) => file.text.includes(name))) return found;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && ownNames.has(node.text) && isDeclared(node)) {
      refuse(node, `'${node.text}' is a name of the kernel's own in every cell. Choose another.`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Whether an identifier is the name of a variable, parameter, function, class or import, of whatever scope. */
function isDeclared(node: ts.Identifier): boolean {
  const { parent } = node;
  const isNamed =
    ts.isVariableDeclaration(parent) ||
    ts.isBindingElement(parent) ||
    ts.isParameter(parent) ||
    ts.isFunctionDeclaration(parent) ||
    ts.isFunctionExpression(parent) ||
    ts.isClassLike(parent) ||
    ts.isEnumDeclaration(parent) ||
    ts.isModuleDeclaration(parent) ||
    ts.isImportClause(parent) ||
    ts.isImportSpecifier(parent) ||
    ts.isNamespaceImport(parent);
  return isNamed && parent.name === node;
}
