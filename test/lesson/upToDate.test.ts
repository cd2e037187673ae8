import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lessonFiles, staleNotebook } from "../../dist/cli/lessons/notebooks";
import { parseLesson, renderLesson } from "../../dist/lesson";

// Text, code, and every picture with its words: each is drawn anew of the figure that is stored beside it.
describe.each(lessonFiles())("the notebook of %s", (name) => {
  it("is what the lesson says and the code draws now", async () => {
    expect(await staleNotebook(name)).toBeUndefined();
  }, 300_000);
});

const root = join(__dirname, "..", "..");

describe("links between lessons", () => {
  it.each(lessonFiles())("of %s lead to notebooks that there are", (name) => {
    const text = readFileSync(join(root, "lessons", name), "utf8");
    const cells = renderLesson(text, `lessons/${name}`, { course: {} }).cells.map(({ source }) =>
      source.join(""),
    );
    const links = cells.flatMap((cell) => [...cell.matchAll(/\]\(([\w-]+\.ipynb)/g)].map(([, to]) => to));
    expect(links.filter((to) => !existsSync(join(root, "notebooks", to)))).toEqual([]);
  });

  it("go from each to the next and back", () => {
    const names = lessonFiles().map((name) => name.replace(/\.md$/, ".ipynb"));
    const titles = names.map((name) => {
      const { cells } = JSON.parse(readFileSync(join(root, "notebooks", name), "utf8")) as {
        cells: { source: string[] }[];
      };
      return [...cells[0].source.join("").matchAll(/\]\(([\w-]+\.ipynb)\)/g)].map(([, to]) => to);
    });
    expect(titles).toEqual(names.map((_, i) => [names[i - 1], names[i + 1]].filter(Boolean)));
  });
});

describe("the map of the lessons in 00-start", () => {
  const text = (name: string) => readFileSync(join(root, "lessons", name), "utf8");
  const lessons = lessonFiles().filter((name) => !/^(00-start|9)/.test(name));

  it("has each with its title and its minutes", () => {
    const rows = [...text("00-start.md").matchAll(/^\| \[(\d\d) ([^\]]+)\]\(([^)]+)\) \| (\d+) \|/gm)];
    expect(rows.map(([, number, title, file, minutes]) => [number, title, file, Number(minutes)])).toEqual(
      lessons.map((name) => {
        const { id, title, minutes } = parseLesson(text(name), name);
        return [id.slice(0, 2), title, name, minutes];
      }),
    );
  });
});
