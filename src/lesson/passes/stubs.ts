import type { Pass } from "../lesson";
import { regionsOf, replaceRegions, solutionOf } from "../solutions";

/** What an unsolved exercise throws; the checks know it by its first word and report "not done yet". */
export const stub = (id: string): string =>
  `throw new Error("Exercise ${id}: replace this line, run this cell and its check.");`;

/** Solutions give way to a line that throws, or (with `--solutions`) lose their markers. */
export const stubs: Pass = (lesson, { solutions = false }) => ({
  ...lesson,
  cells: lesson.cells.map((cell) => {
    if (cell.role !== "exercise") return cell;
    const source = solutions
      ? solutionOf(cell, lesson.file)
      : replaceRegions(cell.source, regionsOf(cell, lesson.file), (indent) => [
          `${indent}${stub(cell.attributes.id ?? "")}`,
        ]);
    return { ...cell, source };
  }),
});
