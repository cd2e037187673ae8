import { rounded, sum, totalPoints } from "../checks/points";
import { Table } from "../figures";
import { exercisesOf, readLessons } from "./lessons";
import { readProgress } from "./record";

/**
 * Your progress: for each lesson the exercises that are right and the points of all of them, partly right ones too, as
 * far as their checks have said so in the notebooks of this folder. Questions in words are not counted: nobody read them.
 */
export function progress(): Table {
  const folder = process.cwd();
  const lessons = readLessons().filter((lesson) => exercisesOf(lesson).length > 0);
  const rows = lessons.map((lesson) => {
    const exercises = exercisesOf(lesson).map(({ id, points }) => ({ points, ...readProgress(folder, id) }));
    return {
      lesson: `${lesson.id.slice(0, 2)} ${lesson.title}`,
      minutes: lesson.minutes,
      done: exercises.filter(({ best }) => best === 1).length,
      exercises: exercises.length,
      earned: sum(exercises.map(({ best, points }) => rounded(best * points))),
      points: totalPoints(exercises),
    };
  });
  const of = (a: number, b: number) => `${a} of ${b}`;
  const total = <Key extends "minutes" | "done" | "exercises" | "earned" | "points">(key: Key) =>
    sum(rows.map((row) => row[key]));
  return new Table({
    title: "Your progress",
    columns: ["lesson", { title: "time", unit: "minutes" }, "exercises done", "points"],
    rows: [
      ...rows.map((row) => [
        row.lesson,
        row.minutes,
        of(row.done, row.exercises),
        of(row.earned, row.points),
      ]),
      ["all", total("minutes"), of(total("done"), total("exercises")), of(total("earned"), total("points"))],
    ],
    caption:
      "Exercises whose check has passed in the notebooks of this folder. Run the cell again to see it anew.",
  });
}
