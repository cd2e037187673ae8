/** A judge with its box, for tests; and cells for the box that need no compiler. */
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { bubblewrap } from "../../dist/grade/box/bubblewrap";
import { Builds } from "../../dist/grade/grading/builds";
import { programNamed } from "../../dist/grade/box/programs";
import type { BoxLimits, Sandbox } from "../../dist/grade/box/sandbox";
import { usualModules } from "../../dist/grade/box/studentBuild";
import { Judge } from "../../dist/grade/judge/judge";
import type { JudgeReport } from "../../dist/grade/judge/messages";
import { isAlive } from "../support/process";

/** Whether this machine can shut a process in; where the course is tested for everybody it must. */
export const hasSandbox: boolean = process.platform === "linux" && programNamed("bwrap") !== undefined;
if (process.env.CI && !hasSandbox) throw new Error("bubblewrap is missing: .ci/run installs it");

export interface Bench {
  sandbox: Sandbox;
  /** Judges code that declares `solution`, as an answer to an exercise. */
  judge(check: string, code: string, options?: { seed?: number; forbidden?: string[] }): Promise<JudgeReport>;
  close(): Promise<void>;
}

/** JavaScript as the kernel's compiler makes it of a cell that declares `solution`. */
export const cellOf = (code: string): string =>
  `return async () => { $cell.declare({ solution: [() => solution] });\n${code}\n};`;

export function openBench(modules: readonly string[] = usualModules, limits?: BoxLimits): Bench {
  const sandbox = bubblewrap();
  if (!sandbox) throw new Error("there is no bubblewrap here");
  const builds = new Builds();
  const judge = new Judge(limits);
  return {
    sandbox,
    judge(check, code, { seed = 7, forbidden = [] } = {}) {
      const cells = [{ code, file: "cell.js" }];
      const task = { cells, name: "solution", modules: [...modules], forbidden };
      return judge.judge({ task, check: { name: check }, seed }, sandbox, builds.with(modules));
    },
    async close() {
      await judge.close();
      sandbox.dispose();
      builds.dispose();
    },
  };
}

/** What grading has left in the folder for temporary files: of this process, or of processes that are no more. */
export function leftBehind(): string[] {
  return readdirSync(tmpdir()).filter((name) => {
    const [, pid] = /^normlab-(?:build|filter|probe)-(\d+)-/.exec(name) ?? [];
    return pid !== undefined && (Number(pid) === process.pid || !isAlive(Number(pid)));
  });
}
