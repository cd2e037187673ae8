import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { drawLogo, logoFile, sizes } from "../../scripts/logo.mjs";

describe("the kernel's logo", () => {
  it.each(sizes)("at %i pixels is the SVG's", (size) => {
    expect(readFileSync(logoFile(size)).equals(drawLogo(size)), "node scripts/logo.mjs draws it").toBe(true);
  });
});
