/**
 * The program that compiles students' cells, in a box too: nothing of them runs here, but a type can be as endless as a
 * loop. It is the kernel's own compiler, so what ran in the notebook compiles, and what didn't does not.
 */
import { CellCompiler } from "../../kernel/compiler/compiler";
import { root } from "../../kernel/project";
import { readFrame, writeAll } from "../box/frames";
import { decode, encode } from "../box/values";
import type { Compiled, ToCompile } from "./messages";

const [requests, replies] = process.argv.slice(2).map(Number);

const compiler = new CellCompiler("/work", root);

function compileOne(source: string, label: string): { code: string } | { message: string } {
  const compiled = compiler.compile(source, label);
  if ("error" in compiled) return { message: compiled.error.evalue };
  const { code, names } = compiled.cell;
  compiler.accept(compiled.file, names, names);
  return { code };
}

function compile({ given, source }: ToCompile): Compiled {
  compiler.forget();
  const codes = given.map((each, i) => {
    const compiled = compileOne(each, `the lesson's definitions ${i + 1}`);
    if ("message" in compiled) throw new Error(`${compiled.message}, in ${each}`);
    return compiled.code;
  });
  const compiled = compileOne(source, "the exercise's cell");
  return "message" in compiled
    ? { type: "refused", message: compiled.message }
    : { type: "compiled", given: codes, code: compiled.code };
}

for (let frame = readFrame(requests); frame; frame = readFrame(requests)) {
  writeAll(replies, encode(compile(decode(frame) as ToCompile)));
}
