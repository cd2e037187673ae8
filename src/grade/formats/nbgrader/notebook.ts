/**
 * A lesson's notebook as nbgrader's source/ holds it. Of it nbgrader makes what is handed out: the lines between solution
 * markers give way to a stub, those between hidden-test markers go.
 */
import {
  type LessonCell,
  type Notebook,
  type NotebookCell,
  parseLesson,
  renderLesson,
} from "../../../lesson";
import { unanswered } from "../../../lesson/passes/questions";
import { stub } from "../../../lesson/passes/stubs";
import type { ExerciseEntry, Manifest } from "../../assignment/manifest";

/** nbgrader has one stub for all cells, so it can't name the exercise. */
export const nbgraderStub: string = stub("of this cell");

/** The metadata by which nbgrader knows a cell, its schema 3. */
interface NbgraderRecord {
  schema_version: 3;
  grade_id: string;
  grade: boolean;
  solution: boolean;
  locked: boolean;
  task: false;
  points?: number;
}

/** The assignment as nbgrader hands it out: with its stub. */
export const forNbgrader = (manifest: Manifest): Manifest => ({
  ...manifest,
  exercises: manifest.exercises.map((each) => ({
    ...each,
    stub: each.stub.replaceAll(stub(each.id), nbgraderStub),
  })),
});

export function sourceNotebook(
  lesson: { file: string; text: string },
  { name, exercises, questions }: Manifest,
): Notebook {
  const { cells, metadata, ...rest } = renderLesson(lesson.text, lesson.file);
  const written = parseLesson(lesson.text, lesson.file).cells;
  const graded = new Map(exercises.map((each) => [each.id, each]));
  const asked = new Map(questions.map((each) => [each.id, each]));
  return {
    ...rest,
    metadata: { ...metadata, normlab: { ...(metadata.normlab as object), assignment: name } },
    cells: cells.flatMap((cell): NotebookCell[] => {
      const { role, exercise: id = "" } = cell.metadata.normlab;
      switch (role) {
        case "exercise":
          return [marked(withSource(cell, sourceOf(written, id)), { solution: true })];
        case "check": {
          const entry = graded.get(id);
          return [marked(cell, { locked: true }), ...(entry ? [gradedCell(name, entry)] : [])];
        }
        case "answer": {
          // nbgrader has no answers in words without points.
          const entry = asked.get(id);
          if (!entry) return [cell];
          const record = { solution: true, grade: true, points: entry.points };
          return [marked(withSource(cell, entry.sample || unanswered), record)];
        }
        default:
          return [cell];
      }
    }),
  };
}

/** An exercise with its solution between the markers; the lessons' are nbgrader's. */
const sourceOf = (cells: readonly LessonCell[], id: string): string =>
  cells.find(({ role, attributes }) => role === "exercise" && attributes.id === id)!.source;

const withSource = (cell: NotebookCell, source: string): NotebookCell => ({ ...cell, source: [source] });

function marked(cell: NotebookCell, record: Partial<NbgraderRecord>): NotebookCell {
  const nbgrader: NbgraderRecord = {
    ...{ schema_version: 3, grade_id: cell.id, grade: false, solution: false, locked: false, task: false },
    ...record,
  };
  return { ...cell, metadata: { ...cell.metadata, nbgrader } as NotebookCell["metadata"] };
}

/**
 * The cell that earns the exercise's points. nbgrader gives full marks to one that ends in no number, so it ends in 0 also
 * without the lines that students don't get.
 */
function gradedCell(assignment: string, { id, notebook, points }: ExerciseEntry): NotebookCell {
  const call = [assignment, notebook, id].map((each) => JSON.stringify(each)).join(", ");
  const source = [
    `// ${points} points, given after you have handed in; there is nothing to do here.`,
    "0;",
    "// BEGIN HIDDEN TESTS",
    'import { graded } from "normlab/dist/grade/formats/nbgrader/graded";',
    `graded(${call});`,
    "// END HIDDEN TESTS",
  ].join("\n");
  const cell: NotebookCell = {
    cell_type: "code",
    id: `graded-${id}`.slice(0, 64),
    metadata: { normlab: { role: "graded", exercise: id, points }, editable: false, deletable: false },
    source: [source],
    execution_count: null,
    outputs: [],
  };
  return marked(cell, { grade: true, locked: true, points });
}
