import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { CellCompiler } from "../../dist/kernel/compiler/compiler";

const root = resolve(__dirname, "../..");

describe("CellCompiler", () => {
  let compiler: CellCompiler;
  beforeAll(() => {
    compiler = new CellCompiler(tmpdir(), root);
  });
  let count = 0;
  /** Compiles a cell that is taken to have run to its end; its JavaScript without the module's frame. */
  function accepted(source: string): string {
    const compiled = compiler.compile(source, `Cell In [${++count}]`);
    if ("error" in compiled) throw new Error(compiled.error.traceback.join("\n"));
    const { code, names } = compiled.cell;
    compiler.accept(compiled.file, names, names);
    return code.replace(/^"use strict";\n.*__esModule.*\n/, "").replace(/^exports\.\w+ = void 0;\n/, "");
  }
  const refused = (source: string): string => {
    const compiled = compiler.compile(source, "Cell In [n]");
    return "error" in compiled ? compiled.error.traceback.join("\n") : "";
  };

  it("gives later cells access to names, and hands over the last value", () => {
    expect(accepted("let a = 1; const b = 2; a + b")).toBe(
      "$cell.declare({ a: [() => a, $value => { a = $value; }], b: [() => b] });\n" +
        "let a = 1;\nconst b = 2;\n$cell.result(a + b);\n",
    );
    expect(accepted("a = b")).toContain("$cell.result($cells.a = $cells.b);");
  });

  it("rewrites names of earlier cells wherever they are values", () => {
    accepted("let n = 1; function f(this: void) { return n; } class K { m = 1 }");
    expect(accepted("f()")).toContain("(0, $cells.f)()");
    expect(accepted("({ n })")).toContain("{ n: $cells.n }");
    expect(accepted("({ n } = { n: 2 }); [n] = [3]; n++;")).toContain("{ n: $cells.n } = { n: 2 }");
    expect(accepted("class L extends K {}")).toContain("class L extends $cells.K");
    expect(accepted("const o = { n: 5 }; o.n")).toContain("$cell.result(o.n)");
    expect(accepted("function g(n: number) { return n; }")).toContain("return n;");
  });

  it("guards awaits and loops", () => {
    const code = accepted("for (const x of [1]) await x;\nfor await (const y of [2]) { y }");
    expect(code).toContain("await $cell.guard(x)");
    expect(code).toContain("for await (const y of $cell.guardEach([2]))");
    expect(code.match(/if \(\$stop\[0\]\)\s+\$cell\.stop\(\);/g)).toHaveLength(2);
  });

  it("keeps documentation and inferred types of earlier cells", () => {
    accepted(
      "/** Adds one. */\nconst addOne = (x: number) => x + 1; const inferred = { deep: [addOne(1)] };",
    );
    expect(compiler.inspect("addOne", 3)).toBe("const addOne: (x: number) => number\n\nAdds one.");
    expect(refused("const s: string = inferred.deep[0]")).toContain(
      "Type 'number' is not assignable to type 'string'",
    );
  });

  it("knows no name that a failed cell did not assign", () => {
    const compiled = compiler.compile("const got = 1, missed = 2;", "Cell In [1]");
    if ("error" in compiled) throw new Error("should compile");
    compiler.accept(compiled.file, compiled.cell.names, ["got"]);
    expect(refused("got + missed").match(/Cannot find name '(\w+)'/g)).toEqual(["Cannot find name 'missed'"]);
  });

  it("has no `any` in the types of normlab's functions", () => {
    accepted('import * as normlab from "normlab"');
    const { matches } = compiler.complete("normlab.", 8);
    expect(matches.length).toBeGreaterThan(30);
    const source = matches.map((name) => `normlab.${name};`).join("\n");
    const types = matches.map((name) => compiler.inspect(source, source.indexOf(`.${name};`) + 2) ?? "");
    expect(types.filter((type) => type === "")).toEqual([]);
    const leaking = matches.filter((_, i) => /\bany\b/.test(types[i].split("\n")[0]));
    expect(leaking).toEqual([]);
    // A type that TypeScript 5.0.4 can't read turns into `any`, which fits everywhere.
    expect(refused("const bad: string = normlab.tensor([1]).data")).toMatch(
      /is not assignable to type 'string'/,
    );
  });

  it("stays as fast after 300 cells that build on each other", () => {
    accepted("const chain0 = 0");
    const times: number[] = [];
    for (let i = 1; i <= 300; i++) {
      const start = performance.now();
      accepted(`const chain${i} = chain${i - 1} + 1; chain${i}`);
      times.push(performance.now() - start);
    }
    const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1];
    // Generous: medians of 100 on a busy machine. tslab's own time per cell is above this from the first.
    expect(median(times.slice(200))).toBeLessThan(3 * median(times.slice(0, 100)) + 5);
  });
});
