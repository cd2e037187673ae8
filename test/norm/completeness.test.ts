/** A method is whole: says by name what one of them still lacks (CONTRIBUTING.md, "To add a method"). */
import * as n from "normlab";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { claims, type Family } from "./claims";
import { mutants } from "./mutants";

/** What a method does without, and why. */
const exceptions: Record<string, string> = {
  "adaIN, a tfjs layer": "the style's statistics are a second input",
  "adaIN, a colour in figures": "no network of the course trains with it",
  "weightNorm, defaults": "it takes a kernel and g, and nothing else",
};

const functions = n as unknown as Record<string, unknown>;
const methods = Object.keys(functions).filter((name) => name !== "standardize" && `${name}Grad` in functions);
const notation = readFileSync(join(__dirname, "../../docs/notation.md"), "utf8");

const hasClaim = (method: string, kind: Family) =>
  claims(n, kind).some(({ about }) => about === method || about === `${method}Grad`);

const parts: Record<string, (method: string) => boolean> = {
  defaults: (method) => method in n.defaults,
  "a tfjs layer": (method) => method in n.layers,
  "a colour in figures": (method) => method in n.methodColors,
  "a row in docs/notation.md": (method) => notation.includes(`\n| \`${method}\``),
  "claims about gradients": (method) => hasClaim(method, "gradients"),
  "claims about bad input": (method) => hasClaim(method, "input"),
  "claims about properties": (method) => hasClaim(method, "properties"),
  mutants: (method) => mutants.some(({ file }) => file === `norm/${method}.ts`),
};

describe("a method", () => {
  it("is found by its gradient", () => {
    expect(methods).toEqual(expect.arrayContaining(["batchNorm", "weightNorm", "switchableNorm"]));
    expect(Object.keys(n.defaults).filter((name) => !methods.includes(name))).toEqual([]);
  });

  it.each(Object.entries(parts))("has %s", (part, isThere) => {
    const lacking = methods.map((method) => `${method}, ${part}`).filter((_, i) => !isThere(methods[i]));
    expect(lacking).toEqual(Object.keys(exceptions).filter((exception) => exception.endsWith(`, ${part}`)));
  });
});
