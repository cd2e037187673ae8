import type { Pass } from "../lesson";

/** Hints fold. The empty lines make the text inside be read as Markdown. */
export const hints: Pass = (lesson) => ({
  ...lesson,
  cells: lesson.cells.map((cell) =>
    cell.role === "hint"
      ? { ...cell, source: `<details>\n<summary>Hint</summary>\n\n${cell.source}\n\n</details>` }
      : cell,
  ),
});
