/** The students' builds that an assignment needs, each written once. */
import { chmodSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { temporaryFolder } from "../../train/files";
import type { BoxProgram } from "../box/sandbox";
import { writeStudentBuild } from "../box/studentBuild";

export class Builds {
  private readonly folder = temporaryFolder(tmpdir(), "normlab-build");
  constructor() {
    // For a box that another user runs (choose.ts); there is no secret in it.
    chmodSync(this.folder, 0o755);
  }

  private readonly programs = new Map<string, Omit<BoxProgram, "limits">>();

  /** The files of a box whose normlab is made of these modules. */
  with(modules: readonly string[]): Omit<BoxProgram, "limits"> {
    const key = modules.join();
    let program = this.programs.get(key);
    if (!program) {
      const folder = join(this.folder, String(this.programs.size));
      program = { program: `/box/${writeStudentBuild(folder, modules)}`, files: { "/box": folder } };
      this.programs.set(key, program);
    }
    return program;
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
