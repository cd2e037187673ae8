/** Cells are compiled in boxes: what one of them does to the compiler is no other's. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bubblewrap } from "../../../dist/grade/box/bubblewrap";
import type { BoxCommand, BoxLimits, BoxProgram, Sandbox } from "../../../dist/grade/box/sandbox";
import { BoxedCompiler } from "../../../dist/grade/compile/compiler";
import { hasSandbox } from "../support";

const given = ['import { Tensor, tensor } from "normlab";', "const two = tensor([2]);"];
const honest = { given, source: "const f = (x: Tensor): Tensor => x.mul(two);" };
const compiled = { type: "compiled", code: expect.stringContaining("f = (x) => x.mul(") as string };

/** Types that take minutes to be found out: 40 times 2^16 of them. */
const typeBomb: string = Array.from({ length: 40 }, (_, i) =>
  [
    `type X${i}<T, D extends 0[] = []> =`,
    `  D["length"] extends 16 ? T : X${i}<[T], [...D, 0]> | X${i}<{ a: T }, [...D, 0]>;`,
    `const x${i}: X${i}<${i}> = 0 as never;`,
  ].join("\n"),
).join("\n");

describe.skipIf(!hasSandbox)("the compiler in a box", () => {
  let folder: string;
  let real: Sandbox;
  let opened: BoxProgram[];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "normlab compiler "));
    real = bubblewrap()!;
  });
  afterAll(() => {
    real.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  interface Differently {
    limits?: BoxLimits;
    command?: (program: BoxProgram) => BoxCommand;
    before?: (cell: number) => void;
  }

  /** What `cells` are compiled to, one after the other by one compiler. */
  async function compile(cells: (typeof honest)[], differently: Differently = {}): Promise<unknown[]> {
    const { limits, command = (program) => real.command(program), before } = differently;
    opened = [];
    const sandbox: Sandbox = {
      ...real,
      command(program) {
        opened.push(program);
        return command(program);
      },
    };
    const compiler = new BoxedCompiler(sandbox, limits);
    const answers: unknown[] = [];
    try {
      for (const [i, cell] of cells.entries()) {
        before?.(i);
        answers.push(await compiler.compile(cell));
      }
    } finally {
      await compiler.close();
    }
    return answers;
  }

  it("compiles cell after cell, each with its lesson's definitions and nothing of the cell before", async () => {
    const more = { given: [...given, "const three = 3;"], source: "const g = two.mul(three);" };
    const other = { given: given.slice(0, 1), source: "two;" };
    const declared = { given: [...given, "const three = 3;"], source: "g;" };
    const answers = await compile([honest, more, declared, other, honest]);
    expect(answers).toMatchObject([
      { ...compiled, given: { length: 2 } },
      { type: "compiled", given: { length: 3 } },
      { type: "refused", message: expect.stringContaining("Cannot find name 'g'") as string },
      { type: "refused", message: expect.stringContaining("Cannot find name 'two'") as string },
      compiled,
    ]);
    expect(answers[4]).toEqual(answers[0]);
    expect(opened).toHaveLength(1);
  });

  it("refuses types that have no end, when it had all the time for them, and only these", async () => {
    const bomb = { given, source: typeBomb };
    const limits = { cpuSeconds: 2, megabytes: 2000, seconds: 120 };
    expect(await compile([honest, bomb, honest], { limits })).toMatchObject([
      compiled,
      { type: "refused", message: "it takes too long to find out its types" },
      compiled,
    ]);
    // The bomb was tried once more in a box of its own.
    expect(opened).toHaveLength(3);
  });

  it("tries a cell once more when those before it had used up the time", async () => {
    const note = join(folder, "pid");
    const command = (program: BoxProgram): BoxCommand => {
      const { file, args, ...rest } = real.command(program);
      const script = 'echo $$ > "$0"; exec "$@"';
      return { ...rest, file: "/bin/sh", args: ["-c", script, note, file, ...args] };
    };
    // As the system does when the time is over.
    const before = (cell: number) =>
      cell === 1 && process.kill(Number(readFileSync(note, "utf8")), "SIGKILL");
    const answers = await compile([honest, honest], { command, before });
    expect(answers).toMatchObject([compiled, compiled]);
    expect(opened).toHaveLength(2);
  });

  it("refuses what breaks the compiler itself, and goes on", async () => {
    const deep = { given, source: `const x = ${"(".repeat(90_000)}1${")".repeat(90_000)};` };
    expect(await compile([deep, honest])).toMatchObject([
      { type: "refused", message: "it can't be read: Maximum call stack size exceeded" },
      compiled,
    ]);
  });

  it("does without its snapshot where Node doesn't start from it, and the next one is made anew", async () => {
    const broken = join(folder, "broken");
    writeFileSync(broken, "no snapshot");
    const command = (program: BoxProgram): BoxCommand => {
      const { snapshot, files } = program;
      return real.command(snapshot ? { ...program, files: { ...files, [snapshot]: broken } } : program);
    };
    const answers = await compile([honest], { command });
    expect(answers).toMatchObject([compiled]);
    expect(opened.map(({ snapshot }) => typeof snapshot)).toEqual(["string", "undefined"]);
  });
});
