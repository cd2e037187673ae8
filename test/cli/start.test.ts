import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { jupyterArguments, parseStartOptions } from "../../src/cli/start";
import { fillWork } from "../../src/cli/workCopies";

describe("parseStartOptions", () => {
  it("reads what npm start passes on", () => {
    expect(parseStartOptions([])).toMatchObject({ browser: true, work: expect.stringMatching(/work$/) });
    expect(parseStartOptions(["--no-browser", "--port", "8899"])).toMatchObject({
      browser: false,
      port: 8899,
    });
    expect(parseStartOptions(["--port", "65535"]).port).toBe(65535);
  });
  it("refuses what it doesn't know, by name", () => {
    expect(() => parseStartOptions(["--prot", "1"])).toThrow(/--prot/);
    for (const port of ["abc", "0", "65536", "1.5"]) {
      expect(() => parseStartOptions(["--port", port])).toThrow(
        `--port is "${port}", but must be a whole number`,
      );
    }
  });
});

describe("jupyterArguments", () => {
  it("does not look for another port when one was asked for", () => {
    expect(jupyterArguments({ browser: false, port: 8899, work: "w" }, false)).toEqual(
      expect.arrayContaining(["--no-browser", "--port=8899", "--ServerApp.port_retries=0"]),
    );
  });
  it("allows root only for root", () => {
    expect(jupyterArguments({ browser: true, work: "w" }, true)).toContain("--allow-root");
    expect(jupyterArguments({ browser: true, work: "w" }, false)).not.toContain("--allow-root");
  });
});

describe("fillWork", () => {
  let folder: string;
  let from: string;
  let to: string;
  const write = (path: string, source: string, outputs: unknown[] = []) =>
    writeFileSync(path, JSON.stringify({ cells: [{ cell_type: "code", source, outputs }] }));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "normlab-"));
    from = join(folder, "notebooks");
    to = join(folder, "work");
    mkdirSync(from);
    write(join(from, "01-axes.ipynb"), "1 + 1");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("copies what is missing, once", () => {
    expect(fillWork(from, to)).toEqual([
      { notebook: "01-axes.ipynb", copiedTo: "01-axes.ipynb", kind: "new" },
    ]);
    expect(fillWork(from, to)).toEqual([]);
  });

  it("puts a newer version beside the learner's and touches nothing", () => {
    fillWork(from, to);
    write(join(to, "01-axes.ipynb"), "my answer");
    write(join(from, "01-axes.ipynb"), "1 + 2");
    const [copy] = fillWork(from, to);
    expect(copy).toMatchObject({ kind: "newer version", notebook: "01-axes.ipynb" });
    expect(copy.copiedTo).toMatch(/^01-axes\.new-[0-9a-f]{7}\.ipynb$/);
    expect(readFileSync(join(to, "01-axes.ipynb"), "utf8")).toContain("my answer");
    expect(readFileSync(join(to, copy.copiedTo), "utf8")).toContain("1 + 2");
    write(join(to, copy.copiedTo), "my answer to the new one");
    expect(fillWork(from, to)).toEqual([]);
    expect(readFileSync(join(to, copy.copiedTo), "utf8")).toContain("my answer to the new one");
  });

  it("takes new outputs alone for the same version", () => {
    fillWork(from, to);
    write(join(from, "01-axes.ipynb"), "1 + 1", [{ output_type: "stream", name: "stdout", text: "2" }]);
    expect(fillWork(from, to)).toEqual([]);
  });

  it("gives a deleted copy back", () => {
    fillWork(from, to);
    rmSync(join(to, "01-axes.ipynb"));
    expect(fillWork(from, to)).toMatchObject([{ kind: "new" }]);
    expect(readdirSync(to)).toContain("01-axes.ipynb");
  });
});
