/**
 * Compiles students' cells, in a box too: nothing of them runs here, but a type can be as endless as a loop. It is the
 * kernel's own compiler, so what ran in the notebook compiles, and what didn't does not.
 */
import { CellCompiler } from "../../kernel/compiler/compiler";
import { root } from "../../kernel/project";
import { readFrame, writeAll } from "../box/frames";
import { decode, encode } from "../box/values";
import type { FromCompiler, ToCompile } from "./messages";

export const newCompiler = (): CellCompiler => new CellCompiler("/work", root);

/** A cell as students write them: for it, what most cells need is read and translated by V8. */
const usualCell = `
import { Tensor, display, tensor } from "normlab";
interface Options { epsilon?: number; axes: readonly number[] }
function normalize(x: Tensor, { epsilon = 1e-3, axes }: Options): { y: Tensor; mean: Tensor } {
  if (x.shape.length < 2) throw new Error(\`a tensor of rank \${x.shape.length}\`);
  const mean = x.mean([...axes], true);
  const centered = x.sub(mean);
  const deviations = Array.from(centered.data, (value, i) => Math.sqrt(value * value + epsilon) + i);
  let largest = -Infinity;
  for (const each of deviations) if (each > largest) largest = each;
  for (let i = 0; i < 2; i++) largest += i;
  return { y: centered.mul(1 / largest), mean };
}
const { y } = normalize(tensor([[1, 2], [3, 4]]), { axes: [-1] });
display(y);`;

/** One that has read the types of normlab and its packages already. */
export function warmCompiler(): CellCompiler {
  const compiler = newCompiler();
  const compiled = compiler.compile(usualCell, "a usual cell");
  if ("error" in compiled) throw new Error(compiled.error.evalue);
  return compiler;
}

/** Answers requests, as a box's program is told to (BoxProgram), until there are no more. */
export function answerRequests(compiler: CellCompiler): void {
  const [requests, replies] = process.argv.slice(2).map(Number);
  const given = new Given(compiler);
  for (let frame = readFrame(requests); frame; frame = readFrame(requests)) {
    writeAll(replies, encode(answerTo(compiler, given, decode(frame) as ToCompile)));
  }
}

/** The lesson's definitions that the compiler has in mind: the next exercise often has the same, and some more. */
class Given {
  private sources: string[] = [];
  private codes: string[] = [];

  constructor(private readonly compiler: CellCompiler) {}

  /** Their code, each compiled after those before it. */
  compile(sources: string[]): string[] {
    const isContinued = this.sources.every((each, i) => each === sources[i]);
    if (!isContinued) {
      this.compiler.forget();
      [this.sources, this.codes] = [[], []];
    }
    for (const source of sources.slice(this.sources.length)) {
      const compiled = this.compiler.compile(source, "the lesson's definitions");
      if ("error" in compiled) throw new Error(`${compiled.error.evalue}, in ${source}`);
      const { code, names } = compiled.cell;
      this.compiler.accept(compiled.file, names, names);
      this.sources.push(source);
      this.codes.push(code);
    }
    return [...this.codes];
  }
}

/** The student's cell is not remembered: the next one does not see what it declares. */
function answerTo(compiler: CellCompiler, given: Given, { given: sources, source }: ToCompile): FromCompiler {
  const codes = given.compile(sources);
  try {
    const compiled = compiler.compile(source, "the exercise's cell");
    return "error" in compiled
      ? { type: "refused", message: compiled.error.evalue }
      : { type: "compiled", given: codes, code: compiled.cell.code };
  } catch (error) {
    // Brackets in brackets in brackets: the kernel can't read them either.
    return { type: "broken", message: (error as Error).message };
  }
}
