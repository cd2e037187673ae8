import { createHash } from "node:crypto";
import type { LessonCell, Pass } from "../lesson";

const shortHash = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 8);

function baseId({ role, source, attributes }: LessonCell): string {
  return attributes.id ? `${role}-${attributes.id}` : `${role}-${shortHash(source)}`;
}

/**
 * Ids that stay when other cells come and go: an exercise's is made of its name (what was handed in is found by
 * it), any other of a hash of the text. Equal texts are told apart by a number.
 */
export const cellIds: Pass = (lesson) => {
  const used = new Map<string, number>();
  const cells = lesson.cells.map((cell) => {
    const base = baseId(cell);
    const count = (used.get(base) ?? 0) + 1;
    used.set(base, count);
    return { ...cell, id: (count === 1 ? base : `${base}-${count}`).slice(0, 64) };
  });
  return { ...lesson, cells };
};
