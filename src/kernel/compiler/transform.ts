/**
 * Turns a checked cell into what the runner can run, as a TypeScript transformer:
 *
 * - `x` of an earlier cell       → `$cells.x`
 * - `let x`, `function f`, …     → stay as they are, and `$cell.declare({ x: […] })` gives later cells access to them
 * - the last expression `e`      → `$cell.result(e)`
 * - `await e`, `for await`       → `await $cell.guard(e)`: an interrupted cell goes no further
 * - `throw e`                  → `throw $cell.thrown(e)`: where a value was thrown that is no error is remembered
 * - `Promise.reject(e)`, and in `new Promise((_, reject) => …)` `reject(e)`: the same
 * - the body of every loop       → starts with `if ($stop[0]) $cell.stop()`: endless loops can be interrupted
 */
import type { Declared } from "./declared";
import { internalsOf, ts } from "./typescript";

const factory = ts.factory;
const name = (text: string) => factory.createIdentifier(text);
const member = (object: string, property: string) =>
  factory.createPropertyAccessExpression(name(object), property);
const call = (method: string, ...values: ts.Expression[]) =>
  factory.createCallExpression(member("$cell", method), undefined, values);

const valueFlags =
  ts.SymbolFlags.Variable |
  ts.SymbolFlags.Function |
  ts.SymbolFlags.Class |
  ts.SymbolFlags.Enum |
  ts.SymbolFlags.ValueModule |
  ts.SymbolFlags.Alias;

/** Whether a symbol, used under the name `text`, is a top-level name of an earlier cell. */
export function isOfEarlierCell(symbol: ts.Symbol | undefined, text: string, file: ts.SourceFile): boolean {
  if (!symbol || !(symbol.flags & valueFlags)) return false;
  const owner = symbol.declarations?.[0]?.getSourceFile();
  if (!owner || owner === file || owner.fileName !== file.fileName) return false;
  // Not by the symbol's own name, which after `export default` is "default".
  const local = internalsOf(owner).locals?.get(text);
  return local !== undefined && local.declarations?.[0] === symbol.declarations?.[0];
}

/** The transformer of a cell; `end` is where the reader's text ends. */
export function cellTransformer(
  checker: ts.TypeChecker,
  file: ts.SourceFile,
  declared: Declared,
  end: number,
): ts.TransformerFactory<ts.SourceFile> {
  const earlier = (symbol: ts.Symbol | undefined, text: string) => isOfEarlierCell(symbol, text, file);

  return (context) => {
    function visit(node: ts.Node): ts.Node {
      if (ts.isHeritageClause(node)) {
        return node.token === ts.SyntaxKind.ExtendsKeyword
          ? factory.updateHeritageClause(
              node,
              node.types.map((type) => extended(type)),
            )
          : node;
      }
      if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node))
        return node;
      if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node;
      if (ts.isIdentifier(node)) {
        return earlier(checker.getSymbolAtLocation(node), node.text)
          ? ts.setTextRange(member("$cells", node.text), node)
          : node;
      }
      if (ts.isShorthandPropertyAssignment(node)) return shorthand(node);
      if (ts.isCallExpression(node) && isRejection(node, checker)) return rejecting(node);
      if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) return calling(node);
      if (ts.isAwaitExpression(node)) {
        return factory.updateAwaitExpression(node, call("guard", visit(node.expression) as ts.Expression));
      }
      if (ts.isThrowStatement(node)) {
        return factory.updateThrowStatement(node, call("thrown", visit(node.expression) as ts.Expression));
      }
      if (ts.isIterationStatement(node, false)) return loop(node);
      return ts.visitEachChild(node, visit, context);
    }

    /** `class A extends B`, where B may be of an earlier cell. */
    function extended(type: ts.ExpressionWithTypeArguments): ts.ExpressionWithTypeArguments {
      const expression = visit(type.expression) as ts.Expression;
      return factory.updateExpressionWithTypeArguments(type, expression, type.typeArguments);
    }

    /** `{ x }` and, as a target, `{ x = 1 }`. */
    function shorthand(node: ts.ShorthandPropertyAssignment): ts.Node {
      if (!earlier(checker.getShorthandAssignmentValueSymbol(node), node.name.text))
        return ts.visitEachChild(node, visit, context);
      const value = member("$cells", node.name.text);
      const initial = node.objectAssignmentInitializer;
      return factory.createPropertyAssignment(
        node.name.text,
        initial ? factory.createAssignment(value, visit(initial) as ts.Expression) : value,
      );
    }

    /** `f(x)` → `(0, $cells.f)(x)`, so that `this` stays what it was. */
    function calling(node: ts.CallExpression): ts.Node {
      const visited = ts.visitEachChild(node, visit, context);
      if (visited.expression === node.expression) return visited;
      const callee = factory.createParenthesizedExpression(
        factory.createComma(factory.createNumericLiteral(0), visited.expression),
      );
      return factory.updateCallExpression(visited, callee, visited.typeArguments, visited.arguments);
    }

    function rejecting(node: ts.CallExpression): ts.Node {
      const { expression, typeArguments, arguments: values } = ts.visitEachChild(node, visit, context);
      return factory.updateCallExpression(node, expression, typeArguments, [call("thrown", ...values)]);
    }

    function loop(node: ts.IterationStatement): ts.Node {
      const visited = ts.visitEachChild(node, visit, context);
      const stop = factory.createElementAccessExpression(name("$stop"), 0);
      const check = factory.createIfStatement(stop, factory.createExpressionStatement(call("stop")));
      const body = factory.createBlock([check, visited.statement], true);
      if (ts.isForStatement(visited)) {
        const { initializer, condition, incrementor } = visited;
        return factory.updateForStatement(visited, initializer, condition, incrementor, body);
      }
      if (ts.isWhileStatement(visited))
        return factory.updateWhileStatement(visited, visited.expression, body);
      if (ts.isDoStatement(visited)) return factory.updateDoStatement(visited, body, visited.expression);
      if (ts.isForInStatement(visited)) {
        return factory.updateForInStatement(visited, visited.initializer, visited.expression, body);
      }
      if (ts.isForOfStatement(visited)) {
        const { awaitModifier, initializer, expression } = visited;
        const values = awaitModifier ? call("guardEach", expression) : expression;
        return factory.updateForOfStatement(visited, awaitModifier, initializer, values, body);
      }
      return visited;
    }

    return (source) => {
      const visited = ts.visitEachChild(source, visit, context);
      const statements = [...visited.statements];
      const last = source.statements.findLastIndex((statement) => statement.getStart(source) < end);
      const lastStatement = statements[last];
      if (lastStatement && ts.isExpressionStatement(lastStatement)) {
        const result = factory.createExpressionStatement(call("result", lastStatement.expression));
        statements[last] = ts.setTextRange(result, lastStatement);
      }
      return factory.updateSourceFile(visited, [declaration(declared), ...statements]);
    };
  };
}

/** `Promise.reject(…)`, or a call of the function that rejects a promise which the cell makes. */
function isRejection({ expression: callee }: ts.CallExpression, checker: ts.TypeChecker): boolean {
  const isPromise = (node: ts.Node) => ts.isIdentifier(node) && node.text === "Promise";
  if (ts.isPropertyAccessExpression(callee))
    return isPromise(callee.expression) && callee.name.text === "reject";
  if (!ts.isIdentifier(callee)) return false;
  const parameter = checker.getSymbolAtLocation(callee)?.valueDeclaration;
  if (!parameter || !ts.isParameter(parameter) || parameter.parent.parameters[1] !== parameter) return false;
  const maker = parameter.parent.parent;
  return ts.isNewExpression(maker) && isPromise(maker.expression);
}

/**
 * For what TypeScript has made of a cell: the globals that its own code uses, such as the `Object` of
 * `Object.defineProperty(exports, …)`, are the real ones, whatever the cell declares.
 */
export const globalsTransformer: ts.TransformerFactory<ts.SourceFile> = (context) => {
  const visit = (node: ts.Node): ts.Node => {
    const visited = ts.visitEachChild(node, visit, context);
    if (!ts.isPropertyAccessExpression(visited) || !ts.isIdentifier(visited.expression)) return visited;
    const { expression, name: property } = visited;
    // What stands in the cell's text has a position there.
    if (expression.pos >= 0 || !["Object", "Promise"].includes(expression.text)) return visited;
    return factory.updatePropertyAccessExpression(visited, member("$global", expression.text), property);
  };
  return (source) => ts.visitEachChild(source, visit, context);
};

/**
 * Gives the cell's code a scope of its own, inside the one with TypeScript's helpers, so that what the cell declares
 * hides nothing from them.
 */
export function inOwnScope(code: string): string {
  const start = code.indexOf("$cell.declare(");
  return `${code.slice(0, start)}return async () => { ${code.slice(start)}};\n`;
}

/** `$cell.declare({ x: [() => x, (v) => { x = v }], f: [() => f] })` */
function declaration({ variables, constants }: Declared): ts.Statement {
  const arrow = (parameters: string[], body: ts.ConciseBody) =>
    factory.createArrowFunction(
      undefined,
      undefined,
      parameters.map((parameter) => factory.createParameterDeclaration(undefined, undefined, parameter)),
      undefined,
      undefined,
      body,
    );
  const get = (text: string) => arrow([], name(text));
  const set = (text: string) =>
    arrow(
      ["$value"],
      factory.createBlock([
        factory.createExpressionStatement(factory.createAssignment(name(text), name("$value"))),
      ]),
    );
  const entry = (text: string, accessors: ts.Expression[]) =>
    factory.createPropertyAssignment(text, factory.createArrayLiteralExpression(accessors));
  return factory.createExpressionStatement(
    call(
      "declare",
      factory.createObjectLiteralExpression([
        ...variables.map((text) => entry(text, [get(text), set(text)])),
        ...constants.map((text) => entry(text, [get(text)])),
      ]),
    ),
  );
}
