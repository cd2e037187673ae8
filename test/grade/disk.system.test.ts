/** A disk that becomes full while grades are written: a small one, which bubblewrap makes. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { runProgram } from "../support/process";
import { hasSandbox } from "./support";

const program = resolve(__dirname, "..", "..", "scripts", "normlab.mjs");

it.skipIf(!hasSandbox)(
  "a disk that becomes full costs nothing that was there, and grading goes on later",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "normlab disk "));
    try {
      const normlab = `'${process.execPath}' '${program}'`;
      const students = Array.from({ length: 40 }, (_, i) => `student${i}`);
      writeFileSync(join(folder, "roster.csv"), ["student", ...students].join("\n"));
      // What is kept of the one submission has room, the grades of forty students have not.
      const script = `
      ${normlab} assign ps1 --lessons 02 --out . && mkdir handed-in full
      cp release/02-batch-norm.ipynb handed-in/student1.ipynb`;
      const grade = `${normlab} grade grader handed-in --out full --roster roster.csv --unsafe`;
      const onSmallDisk = `
      echo before > full/grades.json; head -c 950000 /dev/zero > full/other
      ${grade}; echo "status $?"
      ls full; cat full/grades.json; rm full/other
      ${grade}; echo "status $?"; head -c 30 full/grades.json`;
      const run = (command: string, args: string[]) => runProgram(120_000, command, args, { cwd: folder });
      await run("/bin/sh", ["-c", script]);
      const full = join(folder, "full");
      const disk = ["--dev-bind", "/", "/", "--size", "1000000", "--tmpfs", full, "--chdir", folder];
      const { stdout, stderr } = await run("bwrap", [...disk, "/bin/sh", "-c", onSmallDisk]);
      expect(stderr).toBe(
        [
          "1/1 student1: 0 of 19 points",
          `normlab grade: ENOSPC: no space left on device, write '${join(full, "grades.json")}'`,
          "1/1 student1: 0 of 19 points (unchanged)",
          "normlab grade: nothing shut the students' code in (--unsafe); don't trust these.",
          "",
        ].join("\n"),
      );
      const whole = '{\n  "format": "normlab-grade/1",\n';
      expect(stdout).toBe(
        `status 1\ngrades.json\nkept\nother\nbefore\n40 students: the grades are in full.\nstatus 0\n${whole.slice(0, 30)}`,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
