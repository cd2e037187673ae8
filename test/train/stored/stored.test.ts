import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { randomGenerator, stored, Tensor } from "normlab";
import { functionText } from "../../../dist/train/stored/functionText";
import { readRecords, writeRecords } from "../../../dist/train/stored/records";
import { type Source, sourceSymbol } from "../../../dist/tensor/sources";

let folder: string;
let said: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "normlab-stored-"));
  vi.stubEnv("NORMLAB_TRAIN", folder);
  said = [];
  vi.spyOn(console, "log").mockImplementation((text: string) => void said.push(text));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

describe("stored", () => {
  it("computes what is new, in order, and answers the rest from what was kept", async () => {
    const asked: number[] = [];
    const square = (x: number) => {
      asked.push(x);
      return { square: x * x, list: [x, NaN] };
    };
    const progress: string[] = [];
    const onProgress = (done: number, total: number) => void progress.push(`${done} of ${total}`);
    expect(await stored("test-squares", square, [[3], [1]], { onProgress })).toEqual([
      { square: 9, list: [3, NaN] },
      { square: 1, list: [1, NaN] },
    ]);
    expect(await stored("test-squares", square, [[1], [2], [3]], { onProgress })).toEqual([
      { square: 1, list: [1, NaN] },
      { square: 4, list: [2, NaN] },
      { square: 9, list: [3, NaN] },
    ]);
    expect(asked).toEqual([3, 1, 2]);
    expect(progress).toEqual(["0 of 2", "1 of 2", "0 of 1"]);
    expect(said[0]).toBe("test-squares: 2 results computed here.");
    expect(said[1]).toMatch(
      /^test-squares: 2 of 3 results stored, computed on \d{4}-\d\d-\d\d \(normlab [\d.]+, node [\d.]+\)\. What you change is computed here\.$/,
    );
    expect(said[2]).toBe("test-squares: 1 result computed here.");
  });

  it("another function under the same name is another computation, another layout of it is not", async () => {
    await stored("test-function", (x: number) => x + 1, [[1]]);
    expect(await stored("test-function", (x: number) => x + 2, [[1]])).toEqual([3]);
    said = [];
    // prettier-ignore
    expect(await stored("test-function", (x: number) =>   x + 1, [[1]])).toEqual([2]);
    expect(said[0]).toContain("1 result stored");
  });

  it("what was computed before a failure is not lost, and nothing half done is kept", async () => {
    let broken = true;
    const compute = (x: number) => {
      if (x === 2 && broken) throw new Error("the power went out");
      return x;
    };
    await expect(stored("test-failure", compute, [[1], [2]])).rejects.toThrow("the power went out");
    expect(readdirSync(join(folder, "test-failure"))).toHaveLength(1);
    broken = false;
    const progress: number[] = [];
    const onProgress = (_: number, total: number) => void progress.push(total);
    expect(await stored("test-failure", compute, [[1], [2]], { onProgress })).toEqual([1, 2]);
    expect(progress).toEqual([1]);
  });

  it("interrupted, it computes no more and loses nothing", async () => {
    const controller = new AbortController();
    const asked: number[] = [];
    const compute = (x: number) => {
      asked.push(x);
      if (x === 2) controller.abort();
      return x;
    };
    const lists: [number][] = [[1], [2], [3]];
    await expect(stored("test-interrupt", compute, lists, { signal: controller.signal })).rejects.toThrow(
      "test-interrupt: interrupted; 2 of 3 results are there and will be found.",
    );
    expect(await stored("test-interrupt", compute, lists)).toEqual([1, 2, 3]);
    expect(asked).toEqual([1, 2, 3]);
  });

  it("tells again which seeds a stored result was drawn from", async () => {
    const draw = (seed: number) => randomGenerator(seed).uniform();
    const heard: Source[] = [];
    const hooks = globalThis as { [sourceSymbol]?: (source: Source) => void };
    hooks[sourceSymbol] = (source) => void heard.push(source);
    try {
      const first = await stored("test-sources", draw, [[41], [42]]);
      expect(heard.splice(0)).toEqual([{ seed: 41 }, { seed: 42 }]);
      expect(await stored("test-sources", draw, [[42]])).toEqual([first[1]]);
      expect(heard).toEqual([{ seed: 42 }]);
    } finally {
      delete hooks[sourceSymbol];
    }
  });

  it("keeps nothing in the reduced setting, nor where nothing can be written", async () => {
    const compute = vi.fn((x: number) => x);
    vi.stubEnv("NORMLAB_TRAIN", "");
    vi.stubEnv("NORMLAB_QUICK", "1");
    await stored("test-unkept", compute, [[1]]);
    await stored("test-unkept", compute, [[1]]);
    expect(compute).toHaveBeenCalledTimes(2);
    vi.stubEnv("NORMLAB_TRAIN", join(folder, "file"));
    writeFileSync(join(folder, "file"), "");
    await stored("test-unkept", compute, [[1]]);
    expect(compute).toHaveBeenCalledTimes(3);
  });

  it.each([
    ["../escape", /^name is "\.\.\/escape"; it must be small letters, digits and single hyphens/],
    ["", /^name is/],
    ["Two", /^name is "Two"/],
  ])("refuses the name %j", async (name, message) => {
    await expect(stored(name, () => 1, [[]])).rejects.toThrow(message);
  });

  it("refuses values and results that JSON can't hold, and says where they stand", async () => {
    const tensor = new Tensor([1], new Float64Array(1)) as unknown;
    await expect(stored("test-json", (_: unknown) => 1, [[{ a: [tensor] }]])).rejects.toThrow(
      /^lists\[0\]\[0\]\.a\[0\] is/,
    );
    await expect(stored("test-json", () => ({ a: tensor }), [[]])).rejects.toThrow(/^the result\.a is/);
    await expect(stored("test-json", () => undefined, [[]])).rejects.toThrow(/^the result is undefined/);
    await expect(stored("test-json", (() => 1) as never, [1] as never)).rejects.toThrow(/^lists is/);
    await expect(stored("test-json", 1 as never, [[]])).rejects.toThrow(
      /^compute is 1; it must be a function/,
    );
  });
});

describe("the text of a function", () => {
  it("is the same from the kernel's compiler, from TypeScript's and from the source", () => {
    const texts = [
      "(model) => { for (const x of model) { if ($stop[0]) $cell.stop(); use((0, $cells.percentile)(x)); } }",
      "(model) => {\n  for (const x of model) {\n    use((0, normlab_1.percentile)(x)); // why\n  }\n}",
      "(model) => { for (const x of model) { use(percentile(x)); } }",
    ].map((text) => functionText({ toString: () => text } as never));
    expect(texts[1]).toBe(texts[2]);
    expect(texts[0]).toBe(texts[2]);
  });
});

describe("the file of a sweep", () => {
  const record = (hash: string) => ({ hash, date: "2026-11-27", versions: {}, result: { loss: [NaN, 1] } });

  it("has its records sorted, the same bytes whatever their order", () => {
    const path = join(folder, "a.json.br");
    writeRecords(path, [record("b"), record("a")]);
    expect(readRecords(path)).toEqual([record("a"), record("b")]);
  });

  it("is refused by name when it is damaged or another's", () => {
    const path = join(folder, "a.json.br");
    writeFileSync(path, "no Brotli");
    expect(() => readRecords(path)).toThrow(`${path} can't be read`);
    writeRecords(path, [{ hash: 1 } as never]);
    expect(() => readRecords(path)).toThrow("delete it to compute anew what it held");
    expect(readRecords(join(folder, "none.json.br"))).toEqual([]);
  });
});
