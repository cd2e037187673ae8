import { describe, expect, it } from "vitest";
import { renderLesson } from "../../dist/lesson";

const head = "---\ntitle: Means\nminutes: 5\nobjectives:\n  - count\n  - divide\n";
const textOf = (markdown: string, variant = {}) =>
  renderLesson(markdown, "lessons/01-means.md", variant).cells.map(({ source }) => source.join(""));

describe("a notebook's first cell", () => {
  const note =
    "<sub>Generated from `lessons/01-means.md`: changes to this file in `notebooks/` are lost. " +
    "Your own copy is the one in `work/`.</sub>";

  it("has the title, the time, the objectives, and what to know before, where there is something", () => {
    const objectives = "About 5 minutes. After this lesson you can\n\n- count\n- divide";
    expect(textOf(`${head}---\n`)).toEqual([`# Means\n\n${objectives}\n\n${note}`]);
    expect(textOf(`${head}prerequisites:\n  - sums\n  - shapes\n---\n`)).toEqual([
      `# Means\n\n${objectives}\n\nBefore it, you should know\n\n- sums\n- shapes\n\n${note}`,
    ]);
  });

  it("links to the lessons before and after it", () => {
    const [before, after] = [
      { id: "00-start", title: "Start" },
      { id: "02-sums", title: "Sums" },
    ];
    const first = (course?: object) => textOf(`${head}---\n`, { course })[0].split("\n")[0];
    expect(first({ previous: before, next: after })).toBe(
      "← [Start](00-start.ipynb) · [02 Sums](02-sums.ipynb) →",
    );
    expect(first({ previous: before })).toBe("← [Start](00-start.ipynb)");
    expect(first({ next: after })).toBe("[02 Sums](02-sums.ipynb) →");
    expect(first()).toBe("# Means");
  });

  it("says whether it has solutions and hidden tests", () => {
    const titles = [{}, { solutions: true }, { graded: true }, { solutions: true, graded: true }].map(
      (variant) => textOf(`${head}---\n`, variant)[0].split("\n")[0],
    );
    expect(titles).toEqual([
      "# Means",
      "# Means (with solutions)",
      "# Means (with hidden tests)",
      "# Means (with solutions, with hidden tests)",
    ]);
  });

  it("takes the place of a heading of the first order, and of no other text", () => {
    expect(textOf(`${head}---\n# Means\n\nText.\n`).slice(1)).toEqual(["Text."]);
    expect(textOf(`${head}---\n# Means\n`)).toHaveLength(1);
    expect(textOf(`${head}---\n## First\n`).slice(1)).toEqual(["## First"]);
    expect(textOf(`${head}---\nText.\n\n# Late\n`).slice(1).join("\n\n")).toBe("Text.\n\n# Late");
    expect(textOf(`${head}---\n\`\`\`ts\n# 1\n\`\`\`\n`).slice(1)).toEqual(["# 1"]);
  });
});

describe("front matter", () => {
  it("knows these words and no other", () => {
    expect(() => textOf(`${head}author: x\n---\n`)).toThrow(
      'the front matter knows no "author"; it must be one of title, minutes, objectives, prerequisites.',
    );
    expect(() => textOf(`${head}prerequisites: 7\n---\n`)).toThrow(
      "prerequisites is 7; it must be a list of texts",
    );
    expect(() => textOf("---\ntitle: x\nminutes: -1\nobjectives:\n  - a\n---\n")).toThrow("minutes is -1");
    expect(() => textOf("---\n---\n")).toThrow("the front matter has no title.");
  });
});
