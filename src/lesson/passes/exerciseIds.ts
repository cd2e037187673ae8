import { type LessonCell, LessonError, type Pass } from "../lesson";

/** Exercises and questions have an id of their own and points; checks, hidden tests and reasons belong to an exercise. */
export const exerciseIds: Pass = (lesson) => {
  const fail = (cell: LessonCell, problem: string) => new LessonError(lesson.file, cell.line - 1, problem);
  const owners = new Map<string, LessonCell>();
  const checked = new Map<string, LessonCell>();
  for (const cell of lesson.cells) {
    const { id, points } = cell.attributes;
    if (cell.role === "exercise" || cell.role === "question") {
      if (!id) throw fail(cell, `${cell.role} without id=…`);
      if (!points) throw fail(cell, `${cell.role} "${id}" without points=…`);
      const other = owners.get(id);
      if (other)
        throw fail(cell, `the id "${id}" is already that of the ${other.role} in line ${other.line - 1}.`);
      owners.set(id, cell);
    } else if (cell.role === "check" || cell.role === "hidden" || cell.role === "why") {
      if (!id) throw fail(cell, `${cell.role} without id=…: it must name its exercise.`);
      if (owners.get(id)?.role !== "exercise")
        throw fail(cell, `${cell.role} "${id}" without an exercise of that id above it.`);
      const key = `${cell.role} ${id}`;
      if (checked.has(key))
        throw fail(cell, `the exercise "${id}" has two ${cell.role} cells; put them into one.`);
      checked.set(key, cell);
    }
  }
  return lesson;
};
