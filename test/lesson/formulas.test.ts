import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import temml from "temml";
import { describe, expect, it } from "vitest";
import { lessonFiles } from "../../dist/cli/lessons/notebooks";
import { renderLesson } from "../../dist/lesson";

/** TeX between $ or $$, in text that is no code. */
function formulasIn(markdown: string): string[] {
  const text = markdown.replaceAll(/^```[^]*?^```/gm, "").replaceAll(/`[^`]*`/g, "");
  return [...text.matchAll(/\$\$([^$]+)\$\$|\$([^$]+)\$/g)].map(([, display, inline]) => display ?? inline);
}

// JupyterLab draws formulas with MathJax, an exported page with Temml, which knows less of TeX.
describe.each(lessonFiles().filter((name) => !/^(00-start|98|99)/.test(name)))(
  "the formulas of %s",
  (file) => {
    const { cells } = renderLesson(
      readFileSync(resolve(__dirname, "../../lessons", file), "utf8"),
      `lessons/${file}`,
      { solutions: true },
    );

    it("are understood by what draws them in an exported page", () => {
      const texts = cells
        .filter(({ cell_type }) => cell_type === "markdown")
        .map(({ source }) => source.join(""));
      const formulas = texts.flatMap(formulasIn);
      expect(formulas.length).toBeGreaterThan(10);
      for (const formula of formulas) {
        expect(() => temml.renderToString(formula, { throwOnError: true }), formula).not.toThrow();
      }
    });
  },
);
