import type { LessonCell, Pass } from "../lesson";

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;

function banner({ attributes: { id, points = 0, difficulty, minutes }, line }: LessonCell): LessonCell {
  const parts = [
    `**Exercise** \`${id}\``,
    ...(difficulty ? [`difficulty ${"●".repeat(difficulty)}${"○".repeat(5 - difficulty)}`] : []),
    ...(minutes ? [`about ${plural(minutes, "minute")}`] : []),
    plural(points, "point"),
  ];
  return { kind: "markdown", role: "text", attributes: {}, source: parts.join(" · "), line: line - 1 };
}

/** A line above each exercise: its name, how hard it is, how long it takes, what it is worth. */
export const exerciseBanners: Pass = (lesson) => ({
  ...lesson,
  cells: lesson.cells.flatMap((cell) => (cell.role === "exercise" ? [banner(cell), cell] : [cell])),
});
