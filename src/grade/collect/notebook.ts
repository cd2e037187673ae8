/** A notebook that a stranger wrote: its cells, and nothing believed that it says about them. */
import { isObject } from "../../tensor/validate";
import { CourseworkError } from "../errors";

/** It can't be read; the message says why, for the student. */
export class BadNotebook extends CourseworkError {}

export interface SubmittedCell {
  kind: string;
  source: string;
  id?: string;
  /** What our own metadata says, where an editor has lost the id: "exercise-bn-forward". */
  label?: string;
}

/** No cell that a person writes is longer. */
const longestSource = 200_000;

/** Notebooks with outputs of hundreds of megabytes are read, but not without end. */
export const largestNotebook = 400e6;

/** UTF-8 and UTF-16 by their marks; what is neither is taken for the old Windows set, so that the code is still there. */
function textOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** A cell's text, which editors keep as a text or as lines, with the ends of lines of any system. */
function sourceOf(source: unknown): string | undefined {
  const isLines = Array.isArray(source) && source.every((line) => typeof line === "string");
  const text = isLines ? source.join("") : source;
  return typeof text === "string" ? text.replace(/\r\n?/g, "\n") : undefined;
}

/** @throws BadNotebook when it is none */
export function cellsOf(bytes: Uint8Array): SubmittedCell[] {
  if (bytes.length > largestNotebook) {
    throw new BadNotebook(`it is larger than ${largestNotebook / 1e6} MB; clear its outputs`);
  }
  let notebook: unknown;
  try {
    notebook = JSON.parse(textOf(bytes));
  } catch (error) {
    throw new BadNotebook(`it is no notebook: ${(error as Error).message.slice(0, 200)}`);
  }
  const cells = isObject(notebook) ? notebook.cells : undefined;
  if (!Array.isArray(cells)) throw new BadNotebook("it is no notebook: it has no cells");
  return cells.flatMap((cell: unknown) => {
    if (!isObject(cell)) return [];
    const source = sourceOf(cell.source);
    if (source === undefined || source.length > longestSource) return [];
    const { role, exercise } = recordOf(cell);
    const label =
      typeof role === "string" && typeof exercise === "string" ? `${role}-${exercise}` : undefined;
    return [
      {
        kind: String(cell.cell_type),
        source,
        ...(typeof cell.id === "string" && { id: cell.id }),
        ...(label !== undefined && { label }),
      },
    ];
  });
}

function recordOf({ metadata }: Record<string, unknown>): Record<string, unknown> {
  const record = isObject(metadata) ? metadata.normlab : undefined;
  return isObject(record) ? record : {};
}
