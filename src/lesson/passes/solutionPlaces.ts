import ts from "typescript";
import { type LessonCell, LessonError, type Pass } from "../lesson";
import { type Region, regionsOf } from "../solutions";

/** The innermost node of a kind that encloses both positions. */
function enclosing(
  file: ts.SourceFile,
  from: number,
  to: number,
  wanted: (node: ts.Node) => boolean,
): ts.Node | undefined {
  let found: ts.Node | undefined;
  const visit = (node: ts.Node): void => {
    if (node.getStart(file) > from || node.getEnd() < to) return;
    if (wanted(node)) found = node;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const isFunctionBody = (node: ts.Node): boolean => ts.isBlock(node) && ts.isFunctionLike(node.parent);

function isInsideFunction(cell: LessonCell, { begin, end }: Region): boolean {
  const file = ts.createSourceFile("cell.ts", cell.source, ts.ScriptTarget.Latest, true);
  const starts = file.getLineStarts();
  const [from, to] = [starts[begin], starts[end] + cell.source.split("\n")[end].length];
  const body = enclosing(file, from, to, isFunctionBody);
  if (!body) return false;
  // Both markers between the same statements: no block begins inside the region and ends outside.
  const straddles = (node: ts.Node): boolean => {
    const [start, stop] = [node.getStart(file), node.getEnd()];
    const inside = start >= from && stop <= to;
    const around = start <= from && stop >= to;
    const apart = stop <= from || start >= to;
    return !(inside || around || apart) || (around && (ts.forEachChild(node, straddles) ?? false));
  };
  return !straddles(body);
}

/**
 * Solution regions lie inside function bodies. The stub in their place throws when it is called: anywhere else
 * it would throw when the cell is run, and the learner's notebook would not reach its end.
 */
export const solutionPlaces: Pass = (lesson) => {
  for (const cell of lesson.cells) {
    if (cell.role !== "exercise") continue;
    for (const region of regionsOf(cell, lesson.file)) {
      if (!isInsideFunction(cell, region)) {
        const problem = "the solution must lie inside a function's body, around whole statements.";
        throw new LessonError(lesson.file, cell.line + region.begin, problem);
      }
    }
  }
  return lesson;
};
