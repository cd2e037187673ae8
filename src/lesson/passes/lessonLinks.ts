import type { Pass } from "../lesson";

/** `[text](03-backward.md)`, with or without a place in it. */
const link = /\[([^\]]*)\]\((\d\d-[\w-]+)\.md(#[^)]*)?\)/g;

/**
 * Lessons link to each other as Markdown files, and their notebooks to each other's notebooks. What is handed out as
 * coursework lies beside none, so there only the text stays.
 */
export const lessonLinks: Pass = (lesson, { course }) => ({
  ...lesson,
  cells: lesson.cells.map((cell) =>
    cell.kind === "markdown"
      ? { ...cell, source: cell.source.replace(link, course ? "[$1]($2.ipynb$3)" : "$1") }
      : cell,
  ),
});
