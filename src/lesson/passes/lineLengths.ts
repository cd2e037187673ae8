import { LessonError, type Pass } from "../lesson";

/** What JupyterLab shows of a line in a window of 1,280 pixels, with its file browser open. */
const widest = 100;

/** Lines of code fit into a cell: what is longer would have to be scrolled to be read. */
export const lineLengths: Pass = (lesson) => {
  for (const { kind, source, line } of lesson.cells) {
    if (kind !== "code") continue;
    const lines = source.split("\n");
    const at = lines.findIndex((text) => text.length > widest);
    if (at >= 0) {
      const problem = `this line of code has ${lines[at].length} characters; it must have at most ${widest}.`;
      throw new LessonError(lesson.file, line + at, problem);
    }
  }
  return lesson;
};
