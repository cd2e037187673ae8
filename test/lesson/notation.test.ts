/**
 * lessons/97-notation.md has every symbol of the lessons' formulas, and each lesson uses them as it says there.
 */
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { lessonFiles } from "../../dist/cli/lessons/notebooks";

const text = (name: string) => readFileSync(resolve(__dirname, "../../lessons", name), "utf8");
const lessons = lessonFiles().filter((name) => !/^(00-start|9)/.test(name));
/** Its texts wait for the symbols of the others: ∂L there is ∂ℒ here. */
const rulesAwait = ["06-mnist.md"];

/** "primer" or "03", as the tables say it. */
const labelOf = (file: string): string => (file === "00-primer.md" ? "primer" : file.slice(0, 2));

const withoutCode = (markdown: string) => markdown.replace(/^```[^]*?^```$/gm, "").replace(/`[^`]*`/g, "");
const formulasOf = (markdown: string): string[] =>
  [...withoutCode(markdown).matchAll(/\$\$([^$]+)\$\$|\$([^$]+)\$/g)].map(([, a, b]) => a ?? b);

/** What stands in a formula and is no symbol: words, and what only arranges or relates. */
const words = /\\(text|textbf|operatorname|begin|end)\{[^}]*\}/g;
const noSymbols = new Set(
  (
    "frac tfrac sqrt sum quad qquad dots cdot times le ge ne approx gg pm mp leftarrow left right log ln max min tanh " +
    "overline textstyle boxed Bigl Bigr bigl bigr lVert rVert top odot pi"
  )
    .split(" ")
    .map((name) => `\\${name}`),
);

/** The symbols of a formula, each once: letters and Greek letters, with their hats, scripts and upright ones. */
function symbolsOf(formula: string): string[] {
  const found = formula
    .replaceAll(words, "")
    .match(/\\hat\{\w\}|\\mathrm\{\w\}|\\mathcal\{\w\}|\\[a-zA-Z]+|[a-zA-Z]/g);
  return [...new Set(found ?? [])].filter((symbol) => !noSymbols.has(symbol));
}

/** The rows of the table below a heading, cell by cell. */
function rowsBelow(heading: string): string[][] {
  const [, section] = text("97-notation.md").split(`## ${heading}\n`);
  const [, , ...rows] = section.split("\n## ")[0].match(/^\|.*\|$/gm)!;
  return rows.map((row) => row.slice(2, -2).split(" | "));
}
const inCell = (cell: string): string[] => [
  ...new Set(formulasOf(cell).flatMap((formula) => symbolsOf(formula))),
];
const everywhere = rowsBelow("Symbols of the whole course").flatMap(([cell, , , , from]) =>
  inCell(cell).map((symbol) => ({ symbol, from })),
);
const local = rowsBelow("Symbols of a single place").flatMap(([lesson, cell]) =>
  inCell(cell).map((symbol) => ({ symbol, lesson })),
);
const isLocal = (symbol: string, lesson: string) =>
  local.some((entry) => entry.symbol === symbol && entry.lesson === lesson);

const used = new Map(
  lessons.map((file) => [labelOf(file), new Set(formulasOf(text(file)).flatMap(symbolsOf))]),
);

describe("lessons/97-notation.md", () => {
  it("has tables that this test can read", () => {
    expect(everywhere.map(({ symbol }) => symbol)).toEqual(
      expect.arrayContaining(["N", "n", "\\hat{x}", "\\mathrm{d}", "\\mathcal{L}", "\\gamma"]),
    );
    expect(local).toContainEqual({ symbol: "\\hat{m}", lesson: "primer" });
    expect(symbolsOf("\\mathrm{d}\\hat{x}_{nc} = \\frac{a}{\\text{width}}")).toEqual([
      "\\mathrm{d}",
      "\\hat{x}",
      "n",
      "c",
      "a",
    ]);
  });

  it.each([...used])("has every symbol of lesson %s", (lesson, symbols) => {
    expect(symbols.size).toBeGreaterThan(5);
    const unknown = [...symbols].filter(
      (symbol) => !everywhere.some((entry) => entry.symbol === symbol) && !isLocal(symbol, lesson),
    );
    expect(unknown).toEqual([]);
  });

  it("says in which lesson each comes first", () => {
    // A letter with several meanings (h) has several rows: one of them is the first. A lesson that uses a letter for
    // something else may use it in its usual sense, too.
    const isFirst = (symbol: string, from: string) => {
      const before = [...used].slice(0, [...used.keys()].indexOf(from));
      return (
        used.get(from)!.has(symbol) &&
        before.every(([lesson, symbols]) => !symbols.has(symbol) || isLocal(symbol, lesson))
      );
    };
    const wrong = everywhere.filter(
      ({ symbol }) => !everywhere.some((entry) => entry.symbol === symbol && isFirst(symbol, entry.from)),
    );
    expect(wrong).toEqual([]);
  });

  it("names in code what the lessons or the package name so", () => {
    const folders = ["lessons", "src/norm", "src/probe"].map((name) => resolve(__dirname, "../..", name));
    const code = folders.flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => /\.(md|ts)$/.test(name) && name !== "97-notation.md")
        .map((name) => readFileSync(resolve(folder, name), "utf8")),
    );
    const names = rowsBelow("Symbols of the whole course").flatMap(([, , , cell]) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
    );
    expect(names.length).toBeGreaterThan(20);
    const isFound = (name: string) => {
      const wanted = new RegExp(`(?<!\\w)${name.replaceAll(/[.[\]()-]/g, "\\$&")}(?!\\w)`);
      return code.some((one) => wanted.test(one));
    };
    expect(names.filter((name) => !isFound(name))).toEqual([]);
  });

  it("lists nothing that its lesson does not use", () => {
    expect(local.filter(({ symbol, lesson }) => !used.get(lesson)?.has(symbol))).toEqual([]);
  });
});

/** A rule, what breaks it in formulas (or in all text, comments of code included), and what it lets pass. */
const rules: { rule: string; breaks: RegExp; inText?: boolean; bad: string; good: string }[] = [
  {
    rule: "the d of a derivative is upright",
    breaks: /(?<![A-Za-z\\{])d(?:[xyhuzbrW](?![a-z])|\\hat|\\gamma|\\beta|\\sigma|\\mu)/,
    bad: "dx = r \\, d\\hat{x}",
    good: "\\mathrm{d}x = r \\, \\mathrm{d}\\hat{x}, d = x - \\mu, d_1, x_{id}",
  },
  {
    rule: "the loss is ℒ, since L is the number of layers",
    breaks: /\\(partial|nabla) L(?![a-z])/,
    bad: "\\partial L / \\partial y",
    good: "\\partial \\mathcal{L} / \\partial y, f^L",
  },
  {
    rule: "a batch has N examples in its shape, not m",
    breaks: /\(m, ?(C|T|H|inputs)/,
    inText: true,
    bad: "/** dy (m, C) */",
    good: "dy (N, C), batchNorm(m, o)",
  },
  {
    rule: "x and y have their example first, as n",
    breaks: /(?<![a-z])(?:[xy]|\\hat\{x\})_\{(?!n)[a-z]{2,}\}/,
    bad: "\\hat{x}_{ic}",
    good: "x_{nc}, y_{nhwc}, h_{l-1}, x_j",
  },
  {
    rule: "a sum runs from its letter to that letter's capital, or over the m numbers that share a statistic",
    breaks: /\\sum_\{(?!n=1\}\^\{N\}|c=1\}\^\{C\}|d=1\}\^\{D\}|i=1\}\^\{[mC]\})\w=1\}/,
    bad: "\\sum_{i=1}^{N} x_i",
    good: "\\sum_{n=1}^{N} x_{nc} + \\sum_{i=1}^{m} x_i + \\sum_j x_j",
  },
  {
    rule: "ε and φ have one form each",
    breaks: /\\(epsilon|phi)(?![a-z])/,
    bad: "\\epsilon",
    good: "\\varepsilon, \\varphi",
  },
];

describe.each(rules)("$rule", ({ breaks, inText, bad, good }) => {
  it("is a rule that finds what breaks it, and nothing else", () => {
    expect(bad).toMatch(breaks);
    expect(good).not.toMatch(breaks);
  });

  it.each(lessons.filter((name) => !rulesAwait.includes(name)))("in %s", (file) => {
    const looked = inText ? text(file).split("\n") : formulasOf(text(file));
    expect(looked.filter((one) => breaks.test(one))).toEqual([]);
  });
});
