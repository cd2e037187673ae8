import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../dist/train/files";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "normlab-files-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("temporaryFolder", () => {
  it("clears what killed processes left, and touches nothing else", () => {
    const { pid: ended } = spawnSync(process.execPath, ["-e", ""]);
    const others = [`execute-${process.ppid}-abc123`, `other-${ended}-abc123`, "execute-mine", "figures"];
    for (const name of [`execute-${ended}-abc123`, ...others]) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, "lesson.ipynb"), "{}");
    }
    const [one, two] = [temporaryFolder(folder, "execute"), temporaryFolder(folder, "execute")];
    expect(one).not.toBe(two);
    expect(existsSync(one)).toBe(true);
    expect(
      readdirSync(folder)
        .map((name) => join(folder, name))
        .sort(),
    ).toEqual([one, two, ...others.map((name) => join(folder, name))].sort());
  });
});
