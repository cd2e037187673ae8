/** The names that a cell gives to later ones. */
import { ts } from "./typescript";

/** What a cell declares at its top level. */
export interface Declared {
  /** by `let` and `var`: later cells may assign to them */
  variables: string[];
  /** by `const`, `function`, `class`, `enum`, `namespace` */
  constants: string[];
  /** by `import` */
  imports: string[];
}

export function declaredBy(file: ts.SourceFile): Declared {
  const declared: Declared = { variables: [], constants: [], imports: [] };
  const isMarked = (node: ts.Node, kind: ts.SyntaxKind) =>
    ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === kind);
  const addBinding = (binding: ts.BindingName, names: string[]): void => {
    if (ts.isIdentifier(binding)) names.push(binding.text);
    else
      for (const element of binding.elements)
        if (ts.isBindingElement(element)) addBinding(element.name, names);
  };
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) {
      const clause = statement.importClause;
      if (!clause || clause.isTypeOnly) continue;
      if (clause.name) declared.imports.push(clause.name.text);
      const bindings = clause.namedBindings;
      if (bindings && ts.isNamespaceImport(bindings)) declared.imports.push(bindings.name.text);
      else if (bindings)
        for (const { name, isTypeOnly } of bindings.elements)
          if (!isTypeOnly) declared.imports.push(name.text);
    } else if (ts.isImportEqualsDeclaration(statement)) {
      if (!statement.isTypeOnly) declared.imports.push(statement.name.text);
    } else if (
      isMarked(statement, ts.SyntaxKind.DeclareKeyword) ||
      (isMarked(statement, ts.SyntaxKind.ExportKeyword) && !isMarked(statement, ts.SyntaxKind.DefaultKeyword))
    ) {
      continue; // types only, or given to later cells by the module system itself
    } else if (ts.isVariableStatement(statement)) {
      const names =
        statement.declarationList.flags & ts.NodeFlags.Const ? declared.constants : declared.variables;
      for (const declaration of statement.declarationList.declarations) addBinding(declaration.name, names);
    } else if (ts.isFunctionDeclaration(statement)) {
      if (statement.name && statement.body) declared.constants.push(statement.name.text);
    } else if (ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement)) {
      if (statement.name) declared.constants.push(statement.name.text);
    } else if (ts.isModuleDeclaration(statement) && ts.isIdentifier(statement.name)) {
      const hasValues =
        statement.body && ts.isModuleBlock(statement.body) && statement.body.statements.some(isValue);
      if (hasValues) declared.constants.push(statement.name.text);
    }
  }
  return declared;
}

const isValue = (node: ts.Statement) => !ts.isInterfaceDeclaration(node) && !ts.isTypeAliasDeclaration(node);
