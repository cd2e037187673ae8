import type { Pass } from "../lesson";

/** Why a solution is one: with `--solutions` below it, elsewhere left out; a learner asks for it by `reveal`. */
export const whys: Pass = (lesson, { solutions }) => ({
  ...lesson,
  cells: lesson.cells
    .filter(({ role }) => solutions || role !== "why")
    .map((cell) => (cell.role === "why" ? { ...cell, source: `**Why:** ${cell.source}` } : cell)),
});
