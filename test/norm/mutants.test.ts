/**
 * A test of the tests: the source of tensor and norm with one mistake in it, compiled and judged by the same
 * claims as the real one. Every mistake must turn a claim red, and the unchanged source none.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { type Claim, claims, type Norms } from "./claims";
import { type Mutant, mutants } from "./mutants";

const source = resolve(__dirname, "../../src");

/** Compiled once; mutants change one file each. */
const compiled = new Map<string, string>();
const compile = (text: string) =>
  ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  }).outputText;

/** Loads src/norm and src/tensor anew, with one file's text changed. */
function loadSource(mutant?: Mutant): Norms {
  const modules = new Map<string, { exports: Record<string, unknown> }>();
  const load = (path: string): Record<string, unknown> => {
    const known = modules.get(path);
    if (known) return known.exports;
    const module = { exports: {} as Record<string, unknown> };
    modules.set(path, module);
    let code = compiled.get(path);
    if (mutant && path === join(source, mutant.file)) {
      code = compile(readFileSync(path, "utf8").replace(mutant.find, () => mutant.replace));
    } else if (code === undefined) {
      code = compile(readFileSync(path, "utf8"));
      compiled.set(path, code);
    }
    const require = (specifier: string) => {
      const target = resolve(path, "..", specifier);
      return load(existsSync(`${target}.ts`) ? `${target}.ts` : join(target, "index.ts"));
    };
    new Function("module", "exports", "require", code)(module, module.exports, require);
    return module.exports;
  };
  return {
    ...load(join(source, "tensor", "index.ts")),
    ...load(join(source, "norm", "index.ts")),
  } as unknown as Norms;
}

/** The first claim that does not hold, looked for among those about the changed file's method first. */
function firstRed(all: Claim[], method = ""): string | undefined {
  const nearFirst = [...all].sort((a, b) => Number(b.about === method) - Number(a.about === method));
  for (const { about, name, check } of nearFirst) {
    try {
      check();
    } catch {
      return `${about} ${name}`;
    }
  }
  return undefined;
}

describe("mutants", () => {
  it("none is needed: the source as it is passes every claim", () => {
    expect(firstRed(claims(loadSource()))).toBeUndefined();
  });

  it.each(mutants)("a claim goes red when $mistake", (mutant) => {
    const text = readFileSync(join(source, mutant.file), "utf8");
    expect(text.split(mutant.find), `"${mutant.find}" in ${mutant.file}`).toHaveLength(2);
    expect(firstRed(claims(loadSource(mutant)), basename(mutant.file, ".ts"))).toBeDefined();
  });
});
