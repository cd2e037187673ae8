import { describe, expect, it } from "vitest";
import { commonAt, similarPairs } from "../../../dist/grade/similarity/pairs";
import { pairsOf, similarHtml } from "../../../dist/grade/reports/similar";
import { evil, gradesOf, studentOf, textOf, works } from "../reports/classOf";

/** A solution of its own for each number, 14 tokens a line. */
const solution = (number: number, lines = 12) =>
  Array.from({ length: lines }, (_, i) => `const a${i} = b.mul(${number}.${i}) + c[${i * number}];`).join(
    "\n",
  );
const exercise = { id: "a-b", stub: "function f(x) {", sample: "function f(x) { return x.mean([0]); }" };
const among = (solutions: Record<string, string>) =>
  similarPairs(exercise, new Map(Object.entries(solutions)));

describe("similar solutions", () => {
  it("are pairs, with how much they share and in which lines", () => {
    const copy = `// mine\nconst own = 1;\n${solution(3).replaceAll("a", "z")}`;
    const [pair, ...more] = among({ ada: solution(3), bob: solution(5), eve: copy, zoe: solution(7) });
    expect(more).toEqual([]);
    expect(pair).toMatchObject({ exercise: "a-b", students: ["ada", "eve"], share: 1 });
    expect(pair.tokens).toBeGreaterThan(100);
    expect(pair.lines[0]).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(pair.lines[1]).toEqual(Array.from({ length: 12 }, (_, i) => i + 2));
  });

  it("are none when what they share is short, or a small part of both", () => {
    expect(among({ ada: solution(3, 2), bob: solution(3, 2) })).toEqual([]);
    const [one, other] = [5, 7].map((own) => `${solution(3, 6)}\n${solution(own, 20)}`);
    expect(among({ ada: one, bob: other })).toEqual([]);
    expect(among({ ada: solution(3, 6), bob: solution(3, 6) })).toHaveLength(1);
  });

  it("are none by what was handed out, what the lesson itself says, and what many wrote", () => {
    const given = { ada: solution(3), bob: solution(3) };
    const all = (fields: object) => similarPairs({ ...exercise, ...fields }, new Map(Object.entries(given)));
    expect(all({ stub: solution(3) })).toEqual([]);
    expect(all({ sample: solution(3) })).toEqual([]);
    const class_ = (copies: number) =>
      among(
        Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`s${i}`, solution(i < copies ? 3 : i + 5)])),
      );
    expect(class_(4)).toHaveLength(6);
    expect(class_(5)).toEqual([]);
    expect([2, 40, 99, 100, 300].map(commonAt)).toEqual([4, 4, 4, 5, 15]);
  });

  it("of a large class are found soon, by their fingerprints", () => {
    const solutions = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [`s${i}`, solution(i + 1, 40)]),
    );
    const started = performance.now();
    const pairs = among({ ...solutions, thief: solution(200, 40) });
    // It takes a fraction of a second; all pairs of a class would take minutes.
    expect(performance.now() - started).toBeLessThan(30_000);
    expect(pairs.map(({ students }) => students)).toEqual([["s199", "thief"]]);
  });
});

describe("the page of similar solutions", () => {
  const students = ["ada", "bob", "eve"].map((name) => studentOf(name));
  const second = { ...exercise, id: "c-d" };
  const page = (sources: Record<string, Record<string, string>>) => {
    const handedIn = works(
      Object.fromEntries(Object.entries(sources).map(([name, each]) => [name, { sources: each }])),
    );
    const class_ = Object.keys(sources).map((name) => studentOf(name));
    const pairs = pairsOf(class_, [exercise, second], handedIn);
    return { pairs, html: similarHtml(gradesOf(class_), pairs, handedIn) };
  };

  it("has both sources side by side, with what they share marked", () => {
    const { html } = page({
      ada: { "a-b": solution(3) },
      bob: { "a-b": `const own = "of bob";\n${solution(3)}` },
    });
    const text = textOf(html);
    expect(text).toMatch(/ada and bob\na-b 168 tokens, 100 %/);
    expect(text).toContain("read before you ask");
    expect(html).toContain('<span>const own = &quot;of bob&quot;;</span><span class="shared">const a0');
    expect(html.match(/class="shared"/g)).toHaveLength(24);
  });

  it("begins with those who share most in all exercises together", () => {
    const { pairs } = page({
      ada: { "a-b": solution(7, 30) },
      bob: { "a-b": solution(7, 30) },
      eve: { "a-b": solution(3, 20), "c-d": solution(3, 21) },
      zoe: { "a-b": solution(3, 20), "c-d": solution(3, 21) },
    });
    expect(pairs.map(({ students, exercise }) => [...students, exercise])).toEqual([
      ["eve", "zoe", "c-d"],
      ["eve", "zoe", "a-b"],
      ["ada", "bob", "a-b"],
    ]);
  });

  it("says so when nothing is similar", () => {
    expect(textOf(similarHtml(gradesOf(students), [], works({})))).toContain(
      "No two solutions share a long and rare part",
    );
  });

  it("escapes names and sources, and cuts what nobody would read", () => {
    const line = `f("${evil}", ${"1 + ".repeat(400)} 1)\n`;
    const { html } = page({ [evil]: { "a-b": line.repeat(900) }, bob: { "a-b": line.repeat(900) } });
    expect(html).not.toMatch(/<script|<img/);
    expect(textOf(html)).toContain("501 more lines are not shown");
    expect(html.length).toBeLessThan(1e6);
  });
});
