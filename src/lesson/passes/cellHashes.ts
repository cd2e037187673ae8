import { createHash } from "node:crypto";
import type { Pass } from "../lesson";

/**
 * Each code cell gets the hash of its own source and of all code before it: what its outputs depend on.
 * Text between the cells is left out, and so is the lesson's number: neither a corrected comma nor a lesson that
 * moves throws away an hour's training.
 */
export const cellHashes: Pass = (lesson) => {
  let previous = "";
  const cells = lesson.cells.map((cell) => {
    if (cell.kind !== "code") return cell;
    previous = createHash("sha256").update(`${previous}\n${cell.source}`).digest("hex").slice(0, 16);
    return { ...cell, hash: previous };
  });
  return { ...lesson, cells };
};
