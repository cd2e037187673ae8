import type { Pass } from "../lesson";

/** Hidden tests leave the notebook, except the graded one: what isn't in the file can't be read in it. */
export const hiddenTests: Pass = (lesson, { graded }) =>
  graded ? lesson : { ...lesson, cells: lesson.cells.filter(({ role }) => role !== "hidden") };
