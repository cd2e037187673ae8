import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { lessonFiles } from "../../dist/cli/lessons/notebooks";
import { renderLesson } from "../../dist/lesson";

// What a lesson's own code is checked for when it is read holds for what the passes put in its place, too.
describe.each(lessonFiles())("the notebook of %s", (file) => {
  const text = readFileSync(resolve(__dirname, "../../lessons", file), "utf8");

  it("has no line of code of more than 100 characters", () => {
    const code = renderLesson(text, `lessons/${file}`).cells.filter(({ cell_type }) => cell_type === "code");
    const lines = code.flatMap(({ source }) => source.map((line) => line.trimEnd()));
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
  });
});
