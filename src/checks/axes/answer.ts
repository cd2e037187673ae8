/** Answers that are lists of axes. */

/** The axes of an answer, counted from the start and ascending; undefined when it is no list of whole numbers. */
export function axesOf(answer: unknown, rank: number): number[] | undefined {
  if (!Array.isArray(answer) || !answer.every((axis) => Number.isInteger(axis))) return undefined;
  return (answer as number[]).map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
}

export const listOf = (axes: readonly number[]): string => `[${axes.join(", ")}]`;
