/** A solution as what a copier does not change by renaming, reformatting and other comments: the kinds of its tokens. */
import ts from "typescript";
import { Tensor } from "../../tensor";

export interface Token {
  /** The same for all names, except for those of methods that are not the student's to rename. */
  kind: string;
  /** From 0. */
  line: number;
}

const namesOf = (value: object): string[] => Object.getOwnPropertyNames(value);

/**
 * Methods of tensors, lists, numbers and the like: `.mean(` and `.sqrt(` say more than "a name". Tried on the banks: with
 * them honest solutions share less, and copies as much; names of other properties change nothing.
 */
const libraryNames: ReadonlySet<string> = new Set(
  [Tensor.prototype, Math, Array, Array.prototype, Number, Object, Float64Array.prototype].flatMap(namesOf),
);

/** Left out: they come and go with a formatter. */
const dropped = new Set([ts.SyntaxKind.SemicolonToken, ts.SyntaxKind.EndOfFileToken]);
const declaring = new Set([ts.SyntaxKind.ConstKeyword, ts.SyntaxKind.LetKeyword, ts.SyntaxKind.VarKeyword]);

/**
 * The tokens of a cell, of whatever it holds. TypeScript's scanner is enough: it knows no depth, so no text makes it run
 * out of stack or time.
 */
export function tokensOf(source: string): Token[] {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, source);
  const tokens: Token[] = [];
  /** The open braces, and which of them a template's `${` opened. */
  const braces: boolean[] = [];
  let [line, seen] = [0, 0];
  let previous = ts.SyntaxKind.Unknown;
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    if (kind === ts.SyntaxKind.OpenBraceToken || kind === ts.SyntaxKind.TemplateHead) {
      braces.push(kind === ts.SyntaxKind.TemplateHead);
    } else if (kind === ts.SyntaxKind.CloseBraceToken && braces.pop()) {
      kind = scanner.reScanTemplateToken(false);
      if (kind === ts.SyntaxKind.TemplateMiddle) braces.push(true);
    }
    for (const start = scanner.getTokenStart(); seen < start; seen++) {
      if (source.charCodeAt(seen) === 10) line++;
    }
    if (!dropped.has(kind)) tokens.push({ kind: kindOf(kind, previous, scanner.getTokenText()), line });
    previous = kind;
  }
  return tokens;
}

function kindOf(kind: ts.SyntaxKind, previous: ts.SyntaxKind, text: string): string {
  if (declaring.has(kind)) return "const";
  if (kind === ts.SyntaxKind.NumericLiteral) return text;
  if (kind === ts.SyntaxKind.Identifier) {
    const isProperty = previous === ts.SyntaxKind.DotToken || previous === ts.SyntaxKind.QuestionDotToken;
    return isProperty && libraryNames.has(text) ? `.${text}` : "name";
  }
  return ts.SyntaxKind[kind];
}
