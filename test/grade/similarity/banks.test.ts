/**
 * What the thresholds are worth: the right solutions of the banks are as different as two honest students' are, and
 * their disguised copies as alike as copies are.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lessonFiles } from "../../../dist/cli/lessons/notebooks";
import { exercisesOf } from "../../../dist/grade/assignment/exercises";
import { similarPairs } from "../../../dist/grade/similarity/pairs";
import { tokensOf } from "../../../dist/grade/similarity/tokens";
import { parseLesson } from "../../../dist/lesson";
import { padded, recommented, renamed, reordered, rightSolutions } from "./disguises";

const lessons = join(__dirname, "..", "..", "..", "lessons");
const exercises = lessonFiles()
  .flatMap((file) => exercisesOf(parseLesson(readFileSync(join(lessons, file), "utf8"), file), file))
  .map((exercise) => ({ exercise, right: rightSolutions(exercise.id) }));
type Exercise = (typeof exercises)[number]["exercise"];

const areListed = (exercise: Exercise, one: string, other: string) =>
  similarPairs(exercise, new Map(Object.entries({ one, other }))).length > 0;
/** A copy can be listed only when it leaves the least that a pair must share. */
const isLong = (source: string) => tokensOf(source).length >= 50;

describe("on the banks", () => {
  it("no two honest solutions are listed", () => {
    const pairs = exercises.flatMap(({ exercise, right }) =>
      right.flatMap((one, i) => right.slice(i + 1).map((other) => ({ exercise, one, other }))),
    );
    expect(pairs.length).toBeGreaterThanOrEqual(40);
    expect(pairs.filter(({ exercise, one, other }) => areListed(exercise, one, other))).toEqual([]);
  });

  const copies = exercises.flatMap(({ exercise, right }) => right.map((source) => ({ exercise, source })));
  it.each([
    ["renamed", renamed],
    [
      "with other comments, helpers and declarations",
      (text: string) => recommented(reordered(renamed(text))),
    ],
    ["with statements in between", (text: string) => padded(recommented(reordered(renamed(text))))],
  ])("copies are, %s, if they are long enough", (_, disguise) => {
    const listed = copies.filter(({ exercise, source }) => {
      const copy = disguise(source);
      expect(copy).not.toBe(source);
      return areListed(exercise, source, copy);
    });
    // 48 of 62, when this was written; of the 48 with 50 tokens or more all but one.
    expect(listed.length).toBeGreaterThanOrEqual(46);
    const long = copies.filter(({ source }) => isLong(source));
    expect(listed.filter((each) => long.includes(each)).length / long.length).toBeGreaterThan(0.9);
  });

  it("the lesson's own solution is no evidence, whoever hands it in", () => {
    for (const { exercise } of exercises) {
      expect(areListed(exercise, exercise.sample, renamed(exercise.sample)), exercise.id).toBe(false);
      expect(areListed(exercise, exercise.stub, exercise.stub), exercise.id).toBe(false);
    }
  });
});
