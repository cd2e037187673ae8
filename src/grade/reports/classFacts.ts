/** What a class did, counted: no names. The summary shows it. */
import type { ExerciseGrade, ExerciseStatus, Grades, StudentGrade } from "../grading/grade";
import { rounded } from "../../checks/points";
import type { WorksOf } from "./works";
import { toldOf } from "./feedback";

export interface ExerciseFacts {
  id: string;
  points: number;
  /** Of those who handed in anything that could be graded; undefined where nobody did. */
  mean: number | undefined;
  counts: Record<ExerciseStatus, number>;
}

export interface QuestionFacts {
  id: string;
  points: number;
  answered: number;
  unread: number;
  /** Of the answers that were read. */
  mean: number | undefined;
}

export interface Mistake {
  exercise: string;
  sentence: string;
  /** Whether it is a misconception by name, or only the kind of what fails. */
  isKnown: boolean;
  /** How many students made it, of those whose solution could be tested. */
  students: number;
  tested: number;
  /** The tests that showed it, those first that showed it to most students. */
  tests: string[];
}

export interface ClassFacts {
  students: number;
  handedIn: number;
  nothing: number;
  /** Handed in, and not graded through no fault of theirs. */
  ungraded: number;
  maxScore: number;
  mean: number | undefined;
  median: number | undefined;
  /** How many have 0 % to below 10 % of the points, and so on; the last tenth has its upper end, too. */
  tenths: number[];
  exercises: ExerciseFacts[];
  questions: QuestionFacts[];
  mistakes: Mistake[];
}

export const isUngraded = ({ exercises }: StudentGrade): boolean =>
  exercises.some(({ status }) => status === "ungraded");

export const handedInNothing = ({ paths }: StudentGrade): boolean => paths.length === 0;

const meanOf = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : rounded(values.reduce((a, b) => a + b, 0) / values.length);

function medianOf(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : meanOf(sorted.slice(middle - 1, middle + 1));
}

/** The ids of all entries, in the order of the assignment. */
const idsOf = (entries: readonly { id: string }[]): string[] => [...new Set(entries.map(({ id }) => id))];

export function classFacts({ students }: Pick<Grades, "students">, worksOf: WorksOf): ClassFacts {
  const graded = students.filter((student) => !isUngraded(student) && !handedInNothing(student));
  const exercises = idsOf(students.flatMap((student) => student.exercises));
  const questions = idsOf(students.flatMap((student) => student.questions));
  const scores = graded.map(({ score }) => score);
  const nothing = students.filter(handedInNothing).length;
  return {
    students: students.length,
    handedIn: students.length - nothing,
    nothing,
    ungraded: students.filter(isUngraded).length,
    maxScore: students[0]?.maxScore ?? 0,
    mean: meanOf(scores),
    median: medianOf(scores),
    tenths: tenthsOf(graded),
    exercises: exercises.map((id) => exerciseFacts(id, students, graded)),
    questions: questions.map((id) => questionFacts(id, graded, worksOf)),
    mistakes: exercises
      .flatMap((id) => mistakesOf(gradesFor(id, students)))
      .sort(
        (a, b) => b.students - a.students || Number(b.isKnown) - Number(a.isKnown) || a.tested - b.tested,
      ),
  };
}

function tenthsOf(graded: readonly StudentGrade[]): number[] {
  const tenths = new Array<number>(10).fill(0);
  for (const { score, maxScore } of graded) {
    if (maxScore > 0) tenths[Math.min(9, Math.floor((10 * score) / maxScore))]++;
  }
  return tenths;
}

const gradesFor = (id: string, students: readonly StudentGrade[]): ExerciseGrade[] =>
  students.flatMap(({ exercises }) => exercises.filter((each) => each.id === id));

function exerciseFacts(
  id: string,
  students: readonly StudentGrade[],
  graded: readonly StudentGrade[],
): ExerciseFacts {
  const counts = { passed: 0, failed: 0, refused: 0, "not done": 0, missing: 0, ungraded: 0 };
  const all = gradesFor(id, students);
  for (const { status } of all) counts[status]++;
  return {
    ...{ id, counts, points: all[0].points },
    mean: meanOf(gradesFor(id, graded).map(({ score }) => score)),
  };
}

function questionFacts(id: string, graded: readonly StudentGrade[], worksOf: WorksOf): QuestionFacts {
  const all = graded
    .filter((student) => worksOf(student).answers[id] !== undefined)
    .flatMap(({ questions }) => questions.filter((each) => each.id === id));
  const read = all.flatMap(({ score }) => (score === null ? [] : [score]));
  const points = graded[0]?.questions.find((each) => each.id === id)?.points ?? 0;
  return { id, points, answered: all.length, unread: all.length - read.length, mean: meanOf(read) };
}

/**
 * Who has a misconception usually fails other tests, too, whose values are then not right: a kind is counted only for
 * those in whose work no misconception was found.
 */
function mistakesOf(grades: readonly ExerciseGrade[]): Mistake[] {
  const tested = grades.filter(({ status }) => status === "passed" || status === "failed");
  const found = new Map<string, { isKnown: boolean; students: number; tests: Map<string, number> }>();
  for (const { results, end, reason } of tested) {
    const failed = results.filter(({ passed }) => !passed);
    const known = failed.filter(({ misconception }) => misconception !== undefined);
    const names = new Map<string, string[]>(end && reason ? [[reason, []]] : []);
    for (const result of known.length > 0 ? known : failed) {
      const sentence = toldOf(result);
      names.set(sentence, [...(names.get(sentence) ?? []), result.name]);
    }
    for (const [sentence, tests] of names) {
      const mistake = found.get(sentence) ?? { isKnown: known.length > 0, students: 0, tests: new Map() };
      found.set(sentence, mistake);
      mistake.students++;
      for (const test of tests) mistake.tests.set(test, (mistake.tests.get(test) ?? 0) + 1);
    }
  }
  return [...found].map(([sentence, { tests, ...mistake }]) => ({
    ...{ exercise: grades[0].id, sentence, tested: tested.length, ...mistake },
    tests: [...tests].sort(([, a], [, b]) => b - a).map(([test]) => test),
  }));
}
