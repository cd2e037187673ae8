import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { jupyterArguments, parseStartOptions } from "../../dist/cli/start";
import { fillWork, prepareWork } from "../../dist/cli/workCopies";

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
    expect(jupyterArguments({ browser: false, port: 8899, work: "w" }, false, "a.ipynb")).toEqual(
      expect.arrayContaining(["--no-browser", "--port=8899", "--ServerApp.port_retries=0"]),
    );
  });
  it("allows root only for root", () => {
    expect(jupyterArguments({ browser: true, work: "w" }, true, "a.ipynb")).toContain("--allow-root");
    expect(jupyterArguments({ browser: true, work: "w" }, false, "a.ipynb")).not.toContain("--allow-root");
  });
});

describe("the folder work/", () => {
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

  const contents = () =>
    Object.fromEntries(readdirSync(to).map((name) => [name, readFileSync(join(to, name), "utf8")]));
  /** The course as it was: layer norm third, and a lesson that will have no successor. */
  const startWithTheEarlierEdition = () => {
    write(join(from, "03-layer-norm.ipynb"), "layerNorm(x)");
    write(join(from, "04-whitening.ipynb"), "whiten(x)");
    expect(prepareWork(from, to)).toEqual([]);
    write(join(to, "03-layer-norm.ipynb"), "my answer");
    rmSync(from, { recursive: true });
    mkdirSync(from);
    write(join(from, "01-axes.ipynb"), "1 + 1");
    write(join(from, "03-backward.ipynb"), "batchNormGrad(dy, cache)");
    write(join(from, "04-layer-norm.ipynb"), "layerNorm(x)");
  };

  it("tells of a newer version, and not of a first copy", () => {
    expect(prepareWork(from, to)).toEqual([]);
    write(join(from, "01-axes.ipynb"), "1 + 2");
    const [sentence, ...others] = prepareWork(from, to);
    expect(others).toEqual([]);
    expect(sentence).toMatch(
      /^01-axes\.ipynb has a newer version; yours is untouched, the new one is .*01-axes\.new-[0-9a-f]{7}\.ipynb$/,
    );
  });

  it("tells which copies belong to an earlier edition and where the lesson is now, once, and touches none", () => {
    startWithTheEarlierEdition();
    const { ".versions.json": _, ...before } = contents();
    expect(prepareWork(from, to)).toEqual([
      "03-layer-norm.ipynb belongs to an earlier edition of the course; it is untouched, the lesson is now 04-layer-norm.ipynb",
      "04-whitening.ipynb belongs to an earlier edition of the course; it is untouched",
    ]);
    const after = contents();
    expect(after).toMatchObject(before);
    expect(after["04-layer-norm.ipynb"]).toContain("layerNorm(x)");
    expect(after["03-backward.ipynb"]).toContain("batchNormGrad");
    expect(prepareWork(from, to)).toEqual([]);
    expect(contents()).toEqual(after);
  });

  it("says nothing of the learner's own notebooks", () => {
    prepareWork(from, to);
    write(join(to, "05-my-notes.ipynb"), "2 + 2");
    write(join(to, "axes.ipynb"), "3 + 3");
    expect(prepareWork(from, to)).toEqual([]);
  });

  it("says nothing of a copy that the learner has deleted, and does not bring it back", () => {
    startWithTheEarlierEdition();
    rmSync(join(to, "04-whitening.ipynb"));
    expect(prepareWork(from, to)).toEqual([expect.stringMatching(/^03-layer-norm\.ipynb belongs/)]);
    expect(readdirSync(to)).not.toContain("04-whitening.ipynb");
  });

  it("puts the course's notebook beside an earlier copy when its name comes back", () => {
    startWithTheEarlierEdition();
    prepareWork(from, to);
    write(join(from, "03-layer-norm.ipynb"), "layerNorm(x)");
    expect(prepareWork(from, to)).toEqual([expect.stringMatching(/^03-layer-norm\.ipynb has a newer/)]);
    expect(contents()["03-layer-norm.ipynb"]).toContain("my answer");
  });
});
