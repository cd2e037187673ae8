/**
 * How every figure and table looks, kept as what Plotly is given: a changed colour, title, unit or range shows here.
 * After a change that is meant, look at the picture, then `npx vitest run test/figures/appearance.test.ts -u`.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Figure } from "normlab";
import { describe, expect, it } from "vitest";
import { examples } from "./examples";

/** JSON that a reader can compare: an array of plain values stays on its line. */
const readable = (value: unknown): string =>
  `${JSON.stringify(value, null, 1).replace(/\[[^[\]{}]*\]/g, (array) => array.replace(/\s+/g, " "))}\n`;

describe("appearance", () => {
  for (const [name, make] of Object.entries(examples)) {
    it(`of ${name} is as it was when last looked at`, async () => {
      const shown = make();
      const words = shown instanceof Figure ? shown.description : shown.toText();
      await expect(readable({ words, ...shown.toJSON() })).toMatchFileSnapshot(`snapshots/${name}.json`);
    });
  }

  it("is kept for every figure: each file of the wings is named after its function", () => {
    const wings = ["charts", "runs", "lessons"].flatMap((wing) =>
      readdirSync(join(__dirname, "../../src/figures", wing)),
    );
    expect(Object.keys(examples)).toEqual(
      expect.arrayContaining(wings.map((file) => file.replace(/\.ts$/, ""))),
    );
  });
});
