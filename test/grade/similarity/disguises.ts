/** The right solutions of the banks as cells, and copies of them as a student disguises them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { namesIn } from "../../../dist/grade/assignment/given";

const bankFolder = join(__dirname, "..", "..", "checks", "bank");

const parse = (text: string) => ts.createSourceFile("cell.ts", text, ts.ScriptTarget.Latest, true);

/** Each right solution of a bank, with the helpers of the bank that it needs. */
export function rightSolutions(id: string): string[] {
  const file = parse(readFileSync(join(bankFolder, `${id}.ts`), "utf8"));
  const declarations = file.statements
    .filter(ts.isVariableStatement)
    .flatMap((statement) =>
      statement.declarationList.declarations.map((declaration) => ({ statement, declaration })),
    );
  const right = declarations.find(({ declaration }) => declaration.name.getText() === "right")!;
  const elements = (right.declaration.initializer as ts.ArrayLiteralExpression).elements;
  return elements.map((element) => {
    const needed = new Set<ts.Statement>();
    const add = (node: ts.Node): void => {
      for (const name of namesIn(node)) {
        const helper = file.statements.find(
          (each) =>
            (ts.isFunctionDeclaration(each) && each.name?.text === name) ||
            declarations.some(
              ({ statement, declaration }) => statement === each && declaration.name.getText() === name,
            ),
        );
        if (helper && helper !== right.statement && !needed.has(helper)) {
          needed.add(helper);
          add(helper);
        }
      }
    };
    add(element);
    const helpers = file.statements.filter((each) => needed.has(each)).map((each) => each.getText());
    return [...helpers, `const solution = ${element.getText()};`].join("\n");
  });
}

/** Other names for all that the text itself names; what it returns keeps the names that the exercise asks for. */
export function renamed(text: string): string {
  const file = parse(text);
  const names = new Map<string, string>();
  const declare = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) names.set(name.text, names.get(name.text) ?? `v${names.size}`);
    else for (const each of name.elements) if (ts.isBindingElement(each)) declare(each.name);
  };
  const collect = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) || ts.isParameter(node)) declare(node.name);
    if (ts.isFunctionDeclaration(node) && node.name) declare(node.name);
    ts.forEachChild(node, collect);
  };
  collect(file);
  const edits: { at: number; end: number; text: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && names.has(node.text)) {
      const { parent } = node;
      const isProperty =
        (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
        (ts.isPropertyAssignment(parent) && parent.name === node) ||
        (ts.isBindingElement(parent) && parent.propertyName === node) ||
        ts.isPropertySignature(parent);
      const isShort =
        ts.isShorthandPropertyAssignment(parent) ||
        (ts.isBindingElement(parent) &&
          !parent.propertyName &&
          ts.isObjectBindingPattern(parent.parent) &&
          !parent.dotDotDotToken);
      const other = names.get(node.text)!;
      if (!isProperty)
        edits.push({
          at: node.getStart(),
          end: node.getEnd(),
          text: isShort ? `${node.text}: ${other}` : other,
        });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return edits
    .sort((a, b) => b.at - a.at)
    .reduce((before, { at, end, text }) => before.slice(0, at) + text + before.slice(end), text);
}

/** A comment before each line, `let` for `const`, other spaces. */
export const recommented = (text: string): string =>
  text
    .split("\n")
    .map((line, i) => `    // ${"step ".repeat((i % 3) + 1)}${i}\n${line.trim().replace(/^const /, "let ")}`)
    .join("\n\n");

/** The helpers in another order. */
export function reordered(text: string): string {
  const statements = parse(text).statements.map((each) => each.getText());
  return [...statements].reverse().join("\n");
}

/** A statement that does nothing after the first of each block, as one who thinks of a comparison puts there. */
export const padded = (text: string): string => {
  const edits: number[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isBlock(node) && node.statements.length > 1) edits.push(node.statements[0].getEnd());
    ts.forEachChild(node, visit);
  };
  visit(parse(text));
  return edits
    .sort((a, b) => b - a)
    .reduce(
      (before, at) => `${before.slice(0, at)}\nif (!solution) console.log("x");${before.slice(at)}`,
      text,
    );
};
