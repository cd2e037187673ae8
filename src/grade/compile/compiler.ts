/** Compiles students' cells in boxes: one for many cells, and a new one after a cell that it didn't survive. */
import { join } from "node:path";
import { root } from "../../kernel/project";
import { Box, BoxEnded } from "../box/box";
import type { BoxLimits, Sandbox } from "../box/sandbox";
import { decode, encode } from "../box/values";
import { keptSnapshot, removeSnapshot } from "./kept";
import type { Compiled, FromCompiler, ToCompile } from "./messages";

/** For the cells of one submission; without a snapshot, the types of normlab and its packages take most of it. */
const usualLimits: BoxLimits = { cpuSeconds: 20, megabytes: 2000, seconds: 120 };

const refused = (message: string): Compiled => ({ type: "refused", message });

export class BoxedCompiler {
  private box: Box | undefined;

  constructor(
    private readonly sandbox: Sandbox,
    private readonly limits: BoxLimits = usualLimits,
  ) {}

  async compile(cell: ToCompile): Promise<Compiled> {
    const isFirst = this.box === undefined;
    this.box ??= await this.start();
    try {
      const compiled = decode(await this.box.exchange(encode(cell))) as FromCompiler;
      if (compiled.type !== "broken") return compiled;
      await this.close();
      return refused(`it can't be read: ${compiled.message}`);
    } catch (error) {
      if (!(error instanceof BoxEnded)) throw error;
      this.box = undefined;
      const isLong = error.why === "time" || error.why === "memory";
      if (!isLong) throw new Error(`a cell could not be compiled (${error.why}): ${error.printed}`);
      // What the cells before it had used up is not its fault: it gets all of it, once.
      return isFirst ? refused("it takes too long to find out its types") : this.compile(cell);
    }
  }

  async close(): Promise<void> {
    await this.box?.close();
    this.box = undefined;
  }

  private async start(): Promise<Box> {
    // A snapshot is for the Node that made it.
    const snapshot = this.sandbox.hasThisNode ? await keptSnapshot(this.limits) : undefined;
    const box = this.open(snapshot);
    if (snapshot === undefined) return box;
    try {
      await box.exchange(encode({ given: [], source: "" }));
      return box;
    } catch (error) {
      if (!(error instanceof BoxEnded)) throw error;
      removeSnapshot(snapshot, this.limits);
      return this.open();
    }
  }

  private open(snapshot?: string): Box {
    // What the compiler reads lies where it always does, so that it finds it.
    const paths = ["dist", "node_modules", "package.json"].map((name) => join(root, name));
    if (snapshot !== undefined) paths.push(snapshot);
    const files = Object.fromEntries(paths.map((path) => [path, path]));
    const program = join(root, "dist", "grade", "compile", "inside.js");
    return new Box(this.sandbox, { files, program, snapshot, limits: this.limits });
  }
}
