import { comparisonTable, Table } from "normlab";
import { describe, expect, it } from "vitest";
import { exampleRun } from "./exampleRun";

const table = comparisonTable([exampleRun("none", 1), exampleRun("layerNorm", 2)], { title: "Results" });

describe("Table", () => {
  it("is HTML, Markdown and aligned text", async () => {
    const bundle = await table.toBundle();
    expect(Object.keys(bundle).sort()).toEqual(["text/html", "text/markdown", "text/plain"]);
    expect(bundle["text/html"]).toContain(">98.12</td>");
    expect(bundle["text/html"]).not.toContain("<script");
    expect(bundle["text/markdown"]).toContain("| layer norm | 98.12 | 0.0500 | 97.00 | 3.0 |");
    const rows = (bundle["text/plain"] as string).split("\n").slice(1);
    expect(new Set(rows.map((row) => row.length)).size).toBe(1);
  });

  it("leaves columns of times out of its file", () => {
    expect(JSON.stringify(table)).toContain("time per epoch");
    const kept = table.named("mnist-results").withoutTimes();
    expect(kept.name).toBe("mnist-results");
    expect(JSON.stringify(kept)).not.toContain("time per epoch");
    expect(kept.rows.map((row) => row.length)).toEqual([4, 4]);
  });

  it("rounds as its columns say, and never to −0", () => {
    const columns = [{ title: "a", digits: 2 }, "b"];
    const rounded = new Table({
      title: "t",
      columns,
      rows: [
        [-0.001, 1.23456],
        [-0.006, 0],
      ],
    });
    expect(rounded.texts()).toEqual([
      ["0.00", "1.235"],
      ["-0.01", "0"],
    ]);
  });

  it("escapes what HTML and Markdown would read as their own", () => {
    const odd = new Table({ title: "a < b", columns: ["x|y"], rows: [["<b>&"]] });
    expect(odd.toHtml()).toContain("&lt;b&gt;&amp;");
    expect(odd.toMarkdown()).toContain("| x\\|y |");
  });

  it("is a picture as wide as its texts, the same twice", async () => {
    const [first, second] = await Promise.all([table.toPicture(), table.toPicture()]);
    expect(first.svg).toBe(second.svg);
    expect(Buffer.compare(first.png, second.png)).toBe(0);
    expect(first.svg).toContain(">98.12</text>");
    const widthOf = ({ svg }: { svg: string }) => Number(/width="(\d+)"/.exec(svg)?.[1]);
    const long = new Table({ title: "t", columns: ["x"], rows: [["m".repeat(100)]] });
    // 100 times 0.974 em of 13 pixels, and what lies around the cell.
    expect(widthOf(await long.toPicture()) - 1266).toBeLessThan(70);
    expect(widthOf(await long.toPicture()) - 1266).toBeGreaterThan(20);
  });

  it("refuses a row of the wrong length", () => {
    expect(() => new Table({ title: "t", columns: ["a", "b"], rows: [[1]] })).toThrow(
      "rows[0] is [1]; it must be an array of 2 cells, one a column",
    );
  });
});
