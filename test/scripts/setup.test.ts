import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkDisk, checkNode, findPython } from "../../scripts/setup/prerequisites.mjs";
import { explain, run } from "../../scripts/setup/run.mjs";

const root = resolve(__dirname, "../..");

describe("checkNode", () => {
  it("takes 20.19 and newer", () => {
    for (const version of ["20.19.0", "20.20.2", "22.0.0", "24.1.0"])
      expect(() => checkNode(version)).not.toThrow();
  });
  it("names an older version and the one it needs", () => {
    expect(() => checkNode("20.18.3")).toThrow(/Node 20\.18\.3 is too old; install Node 20\.19/);
    expect(() => checkNode("18.20.0")).toThrow(/too old/);
  });
});

describe("checkDisk", () => {
  const free = (gigabytes: number) => ({ bavail: gigabytes * 1e6, bsize: 1000 }) as never;
  it("refuses to start what won't fit, with both numbers", () => {
    expect(() => checkDisk("/nowhere", free(1.2))).toThrow(/only 1\.2 GB are free .* needs 1\.5 GB/);
  });
  it("says nothing when there is room, or nothing left to install", () => {
    expect(() => checkDisk("/nowhere", free(50))).not.toThrow();
    expect(() => checkDisk(root, free(0.1))).not.toThrow();
  });
});

// A PATH with nothing but a pretended python3 that prints what our probe would.
describe.skipIf(process.platform === "win32")("findPython", () => {
  let folder: string;
  const saved = { PATH: process.env.PATH, NORMLAB_PYTHON: process.env.NORMLAB_PYTHON };
  const pretend = (line: string) => {
    writeFileSync(join(folder, "python3"), `#!/bin/sh\necho "${line}"\n`);
    chmodSync(join(folder, "python3"), 0o755);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "normlab-"));
    process.env.PATH = folder;
    delete process.env.NORMLAB_PYTHON;
  });
  afterEach(() => {
    Object.assign(process.env, saved);
    if (saved.NORMLAB_PYTHON === undefined) delete process.env.NORMLAB_PYTHON;
    rmSync(folder, { recursive: true });
  });

  it("finds one that can make environments", () => {
    pretend("3.10.0 True /some where/python3");
    expect(findPython()).toEqual({ version: "3.10.0", executable: "/some where/python3", usable: true });
  });
  it("says that there is none", () => {
    expect(() => findPython()).toThrow(/no Python found; install Python 3\.10 or newer/);
  });
  it("says that it is too old", () => {
    pretend("3.9.2 True /usr/bin/python3");
    expect(() => findPython()).toThrow(/Python 3\.9\.2 \(\/usr\/bin\/python3\) is too old/);
  });
  it("says how to get venv", () => {
    pretend("3.11.2 False /usr/bin/python3");
    expect(() => findPython()).toThrow(/apt install python3-venv/);
  });
  it("names NORMLAB_PYTHON when that is what's wrong", () => {
    process.env.NORMLAB_PYTHON = "/no/such/python";
    expect(() => findPython()).toThrow(/NORMLAB_PYTHON is \/no\/such\/python/);
  });
});

describe("explain", () => {
  it("tells an unreachable registry from other failures, in one line", () => {
    const npm = "npm error code ENOTFOUND\nnpm error network request to somewhere failed";
    const pip = "WARNING: Retrying after connection broken by 'NewConnectionError'";
    for (const output of [npm, pip]) {
      expect(explain("installing", output)).toMatch(
        /^installing: the package registry can't be reached.*again\.$/,
      );
    }
    expect(explain("installing", "npm error ENOSPC: no space left")).toMatch(/^installing: the disk is full/);
    expect(explain("installing", "something else\nbroke")).toBe(
      "installing failed. It said:\nsomething else\nbroke",
    );
  });
  it("keeps the end of a long output", () => {
    const lines = Array.from({ length: 40 }, (_, i) => `line ${i + 1}`);
    expect(explain("installing", `${lines.join("\n")}\n`)).toBe(
      `installing failed. It said:\n${lines.slice(25).join("\n")}`,
    );
  });
  it("is what a failing installer throws", async () => {
    const script = "console.error('getaddrinfo ENOTFOUND'); process.exit(1)";
    await expect(run("npm ci", process.execPath, ["-e", script])).rejects.toThrow(
      /registry can't be reached/,
    );
  });
  it("reports a program that isn't there", async () => {
    await expect(run("npm ci", "/no/such/program", [])).rejects.toThrow(/npm ci failed: .*ENOENT/);
  });
});

// The script itself, in a copy of the project in which only the Node packages are missing and npm can't reach
// anything: it must stop with one line, and leave nothing that a later run would take for complete.
describe("setup.mjs", () => {
  it("stops with one clear line when the registry can't be reached", { timeout: 120_000 }, () => {
    const copy = mkdtempSync(join(tmpdir(), "normlab-"));
    try {
      for (const name of ["package.json", "package-lock.json", "scripts", "requirements.txt"]) {
        cpSync(join(root, name), join(copy, name), { recursive: true });
      }
      mkdirSync(join(copy, "home"));
      const unreachable = "http://127.0.0.1:9/";
      const { status, stderr } = spawnSync(process.execPath, ["scripts/setup.mjs"], {
        cwd: copy,
        encoding: "utf8",
        env: {
          PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
          HOME: join(copy, "home"),
          npm_config_registry: unreachable,
          npm_config_fetch_retries: "0",
          npm_config_cache: join(copy, "cache"),
        },
      });
      expect(status).toBe(1);
      expect(stderr.trim().split("\n")).toHaveLength(1);
      expect(stderr).toMatch(
        /^normlab: installing the Node packages .*: the package registry can't be reached/,
      );
    } finally {
      rmSync(copy, { recursive: true });
    }
  });

  it("pins every Python package", () => {
    const lines = readFileSync(join(root, "requirements.txt"), "utf8").split("\n");
    const packages = lines.filter((line) => /^[a-z]/i.test(line));
    expect(packages.length).toBeGreaterThan(50);
    expect(packages.filter((line) => !/^[\w.-]+==[\w.]+/.test(line))).toEqual([]);
  });
});
