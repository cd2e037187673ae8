/**
 * Syntax that the compiler of cells does not know (docs/kernel.md says why it is TypeScript 5.0), told in one error
 * that says what to write instead, where TypeScript would speak of missing semicolons and of options.
 */
import { internalsOf, ts } from "./typescript";

interface Rule {
  /** TypeScript's codes for what it makes of this syntax */
  codes: number[];
  /** what stands before and after the place that TypeScript complains of */
  before?: RegExp;
  after?: RegExp;
  message: string;
}

const attributes =
  'Cells know no import attributes. Leave them out: import data from "./data.json" works as it is.';
const using = "Cells know no `using`. Write `const`, and release the value in a `finally` block.";

/** Where the parser loses its way: what it says besides is a consequence. */
const unknownSyntax: Rule[] = [
  { codes: [1005, 1101], before: /["']\s*$/, after: /^with\s*\{/, message: attributes },
  { codes: [1324, 2821], message: attributes },
  { codes: [1434], after: /^using\s+[\p{ID_Start}$_]/u, message: using },
  { codes: [1005], before: /\busing[ \t]+$/, message: using },
];

const otherWords: Rule[] = [
  {
    codes: [1343],
    message: "Cells have no import.meta. Use __filename and __dirname, the notebook's folder.",
  },
  {
    codes: [1238, 1239, 1240, 1241, 1270, 1271],
    message:
      "This decorator does not fit. Cells take TypeScript's experimental decorators, " +
      "(target, key, descriptor) => …, not the standard ones, (value, context) => …",
  },
];

/** A cell's errors, clearer where it uses what cells don't know. */
export function clarify(file: ts.SourceFile, diagnostics: readonly ts.Diagnostic[]): ts.Diagnostic[] {
  const unknown = diagnostics.flatMap((diagnostic) => {
    const message = messageOf(diagnostic, unknownSyntax);
    return message === undefined ? [] : [{ ...diagnostic, code: 0, messageText: message }];
  });
  if (unknown.length > 0) return unknown;
  const element = jsxIn(file);
  if (element) return [element];
  return diagnostics.map((diagnostic) => ({
    ...diagnostic,
    messageText: messageOf(diagnostic, otherWords) ?? diagnostic.messageText,
  }));
}

function messageOf({ code, file, start }: ts.Diagnostic, rules: Rule[]): string | undefined {
  const rule = rules.find(({ codes, before, after }) => {
    if (!codes.includes(code)) return false;
    const text = file?.text ?? "";
    return (before?.test(text.slice(0, start)) ?? true) && (after?.test(text.slice(start)) ?? true);
  });
  return rule?.message;
}

/** The first element of a cell that is no TypeScript, but would be right as JSX. */
function jsxIn(file: ts.SourceFile): ts.Diagnostic | undefined {
  if (!internalsOf(file).parseDiagnostics?.length || !/<\/|\/>/.test(file.text)) return undefined;
  const read = ts.createSourceFile("cell.tsx", file.text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TSX);
  if (internalsOf(read).parseDiagnostics?.length) return undefined;
  const find = (node: ts.Node): ts.Node | undefined =>
    ts.isJsxElement(node) || ts.isJsxFragment(node) || ts.isJsxSelfClosingElement(node)
      ? node
      : ts.forEachChild(node, find);
  const element = find(read);
  if (!element) return undefined;
  const start = element.getStart(read);
  const messageText =
    'Cells know no JSX. Show HTML as text: display({ "text/html": "<b>…</b>" }), with display from "normlab".';
  const { Error: category } = ts.DiagnosticCategory;
  return { file, start, length: element.end - start, category, code: 0, messageText };
}
