import { loadPicture, type PictureName } from "normlab";
import { describe, expect, it, vi } from "vitest";
import { sourceSymbol } from "../../dist/tensor/sources";

const names: PictureName[] = ["black-canyon", "french-alpine-landscape", "nagasaki-boats"];

describe("loadPicture", () => {
  it.each(names)("%s is a photograph with its author, of the asked width", (name) => {
    const { title, author, year, process, pixels, hash } = loadPicture(name, { width: 40 });
    expect([title, author, process].every((text) => text.length > 5)).toBe(true);
    expect(year).toBeLessThan(1900);
    expect(pixels.shape[1]).toBe(40);
    expect(pixels.shape[2]).toBe(3);
    expect(Math.min(...pixels.data)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...pixels.data)).toBeLessThanOrEqual(1);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it("averages: smaller pictures have the same mean", () => {
    const means = [16, 50, 128, 1024].map((width) =>
      loadPicture("black-canyon", { width }).pixels.mean([0, 1]),
    );
    for (const mean of means) {
      for (let c = 0; c < 3; c++) expect(mean.at(c)).toBeCloseTo(means[3].at(c), 2);
    }
    // As libjpeg decodes it, with a tolerance for the inverse cosine transform.
    expect(means[3].at(0)).toBeCloseTo(0.529, 2);
    expect(means[3].at(2)).toBeCloseTo(0.372, 2);
  });

  it("has 128 pixels in a row if nothing is said, and keeps the proportions", () => {
    expect(loadPicture("nagasaki-boats").pixels.shape).toEqual([102, 128, 3]);
  });

  it("tells that a result comes from it", () => {
    const heard = vi.fn();
    Object.assign(globalThis, { [sourceSymbol]: heard });
    try {
      const { hash } = loadPicture("black-canyon", { width: 8 });
      expect(heard.mock.calls).toEqual([[{ dataHash: hash }]]);
    } finally {
      Object.assign(globalThis, { [sourceSymbol]: undefined });
    }
  });

  it("refuses other names and widths", () => {
    expect(() => loadPicture("lena" as PictureName)).toThrow("loadPicture: name is");
    expect(() => loadPicture("black-canyon", { width: 2000 })).toThrow("at most 1024, the width of the file");
    expect(() => loadPicture("black-canyon", { width: 0 })).toThrow("width is 0");
    expect(() => loadPicture("black-canyon", { height: 5 } as object)).toThrow(
      'loadPicture: "height" is not an option',
    );
  });
});
