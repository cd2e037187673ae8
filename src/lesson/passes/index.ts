import type { Lesson, Pass, Variant } from "../lesson";
import { cellHashes } from "./cellHashes";
import { cellIds } from "./cellIds";
import { exerciseBanners } from "./exerciseBanners";
import { exerciseCalls } from "./exerciseCalls";
import { exerciseIds } from "./exerciseIds";
import { hiddenTests } from "./hiddenTests";
import { hints } from "./hints";
import { lessonLinks } from "./lessonLinks";
import { lineLengths } from "./lineLengths";
import { questions } from "./questions";
import { solutionMarkers } from "./solutionMarkers";
import { solutionPlaces } from "./solutionPlaces";
import { stubs } from "./stubs";
import { titleCell } from "./titleCell";
import { whys } from "./whys";

/** What a lesson must satisfy. These passes change nothing; they come first, while lines are still the file's. */
export const checkingPasses: readonly Pass[] = [
  solutionMarkers, // first: the others rely on paired markers
  exerciseIds, // before exerciseCalls, whose messages name the exercise
  solutionPlaces,
  exerciseCalls,
  lineLengths,
];

/** From the lesson to the cells of one variant. */
export const shapingPasses: readonly Pass[] = [
  hiddenTests, // before ids and hashes: hidden cells must leave no trace in the learner's notebook
  whys,
  exerciseBanners, // while exercises still carry their attributes next to their source
  hints,
  questions, // adds cells
  lessonLinks,
  stubs, // the last to change code …
  titleCell, // … and the last to add a cell: from here on sources stand
  cellIds, // ids and hashes are made of the final sources
  cellHashes,
];

/** All passes, in their order. */
export function applyPasses(lesson: Lesson, variant: Variant = {}): Lesson {
  return [...checkingPasses, ...shapingPasses].reduce((current, pass) => pass(current, variant), lesson);
}
