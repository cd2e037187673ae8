/** Answers that are lists of axes. */
import type { Finding } from "../finding";
import { written } from "../written";

/** The axes of an answer, counted from the start and ascending; undefined when it is no list of whole numbers. */
export function axesOf(answer: unknown, rank: number): number[] | undefined {
  if (!Array.isArray(answer) || !answer.every((axis) => Number.isInteger(axis))) return undefined;
  return (answer as number[]).map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
}

export const listOf = (axes: readonly number[]): string => `[${axes.join(", ")}]`;

/** What is wrong with a list of axes of a tensor of this rank; `told` says it of two lists that differ. */
export function axesDiffer(
  answer: unknown,
  expected: unknown,
  rank: number,
  told: (given: string, right: string) => string,
): Finding | undefined {
  const [axes, right] = [axesOf(answer, rank), axesOf(expected, rank)!];
  if (!axes) {
    const message = `your function returned ${written(answer)}; it must return a list of axes, such as [0]`;
    return { kind: "type", message };
  }
  if (listOf(axes) === listOf(right)) return undefined;
  return { kind: "values", message: told(listOf(axes), listOf(right)) };
}
