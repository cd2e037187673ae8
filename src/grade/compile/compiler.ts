/** Compiles students' cells in boxes: one for many cells, and a new one after a cell that it didn't survive. */
import { join } from "node:path";
import { root } from "../../kernel/project";
import { Box, BoxEnded } from "../box/box";
import type { BoxLimits, Sandbox } from "../box/sandbox";
import { decode, encode } from "../box/values";
import type { Compiled, ToCompile } from "./messages";

/** For the cells of one submission; the types of normlab and its packages take most of it. */
const limits: BoxLimits = { cpuSeconds: 20, megabytes: 2000, seconds: 120 };

export class BoxedCompiler {
  private box: Box | undefined;

  constructor(private readonly sandbox: Sandbox) {}

  async compile(cell: ToCompile): Promise<Compiled> {
    this.box ??= this.open();
    try {
      return decode(await this.box.exchange(encode(cell))) as Compiled;
    } catch (error) {
      if (!(error instanceof BoxEnded)) throw error;
      this.box = undefined;
      const isLong = error.why === "time" || error.why === "memory";
      if (!isLong) throw new Error(`a cell could not be compiled (${error.why}): ${error.printed}`);
      return { type: "refused", message: "it takes too long to find out its types" };
    }
  }

  async close(): Promise<void> {
    await this.box?.close();
    this.box = undefined;
  }

  private open(): Box {
    // What the compiler reads lies where it always does, so that it finds it.
    const files = Object.fromEntries(
      ["dist", "node_modules", "package.json"].map((name) => [join(root, name), join(root, name)]),
    );
    const program = join(root, "dist", "grade", "compile", "inside.js");
    return new Box(this.sandbox, { files, program, limits });
  }
}
