import { describe, expect, it } from "vitest";
import { hashesOf, winnowed } from "../../../dist/grade/similarity/fingerprints";
import { tokensOf } from "../../../dist/grade/similarity/tokens";

const kinds = (source: string) => tokensOf(source).map(({ kind }) => kind);

describe("tokens", () => {
  it("are the same under other names, comments, spaces and kinds of declaration", () => {
    const one = "const mean = x.mean([0]); // the mean\nreturn `a ${mean} b`;";
    const other = "/* μ */ let\n  m =\n  batch.mean([0])\nreturn `a ${m} b`";
    expect(kinds(one)).toEqual(kinds(other));
  });

  it.each([
    ["x.mean([0])", "x.sum([0])"],
    ["x + 1", "x + 2"],
    ["a + b", "a - b"],
    ["f(a)", "f(a, b)"],
    ["for (;;) {}", "while (true) {}"],
  ])("of %s are not those of %s", (one, other) => {
    expect(kinds(one)).not.toEqual(kinds(other));
  });

  it("of a student's own properties are names, too", () => {
    expect(kinds("mine.first + mine.second")).toEqual(kinds("yours.a + yours.b"));
  });

  it("go on behind a template with objects and templates in it", () => {
    const source = "const t = `a ${f({ b: `c ${d} e` })} f`;\nconst last = 1;";
    expect(kinds(source).slice(-4)).toEqual(kinds("const last = 1;"));
    expect(kinds("f(`a ${b} it's`, c)")).toEqual(kinds("f(`x ${y} and z`, c)"));
  });

  it("know their lines, whatever stands between them", () => {
    const lines = tokensOf("a\n/* two\nlines */ b\r\n`x\ny`\nc").map(({ line }) => line);
    expect(lines).toEqual([0, 2, 3, 5]);
  });

  it.each([
    "",
    "`",
    "`${",
    "}".repeat(1e5),
    "{(".repeat(1e5),
    '"\\',
    "/*",
    "\u0000\uffff李",
    "`${".repeat(5e4),
  ])("are read of anything", (source) => {
    expect(() => tokensOf(source)).not.toThrow();
  });
});

describe("fingerprints", () => {
  const tokens = (text: string) => Array.from(text, (kind) => ({ kind, line: 0 }));
  const hashes = (text: string, k = 3) => hashesOf(tokens(text), k);

  it("are of k tokens in a row, wherever these stand", () => {
    expect(hashes("abcxyzabc")[0]).toBe(hashes("qqabc")[2]);
    expect(new Set(hashes("abcdefgh")).size).toBe(6);
    expect(hashes("abc")).not.toEqual(hashes("acb"));
    expect(hashes("ab")).toEqual([]);
  });

  it("that are kept are fewer, and have one in common for each match of window + k − 1 tokens", () => {
    const letters = "abcdefghijklmnopqrstuvwxyz";
    const match = "mississip"; // k = 6 and a window of 4
    for (let i = 0; i < 20; i++) {
      const [before, behind] = [letters.slice(i), letters.slice(0, 25 - i)];
      const [one, other] = [before + match + behind, behind + match + before.slice(3)];
      const common = [...winnowed(hashes(one, 6), 4)].filter((hash) =>
        winnowed(hashes(other, 6), 4).has(hash),
      );
      expect(common.filter((hash) => hashes(match, 6).includes(hash)).length).toBeGreaterThan(0);
    }
    const long = Array.from({ length: 1000 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * i) % 997))).join(
      "",
    );
    expect(winnowed(hashes(long), 4).size).toBeLessThan(0.5 * hashes(long).length);
    expect(winnowed([], 4).size).toBe(0);
  });
});
