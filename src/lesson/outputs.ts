/** Outputs: kept while the code they came from stays the same, and written so that they can be compared. */
import type { Notebook, NotebookCell, Output } from "./notebook";

/** What an execution returned for one cell. */
export interface Execution {
  outputs: Output[];
  execution_count: number | null;
}

const codeCells = ({ cells }: Notebook): NotebookCell[] =>
  cells.filter(({ cell_type }) => cell_type === "code");

/** Takes over the outputs of an earlier version of the notebook, cell by cell, wherever the hash is the same. */
export function keepOutputs(notebook: Notebook, earlier: Notebook): Notebook {
  const known = new Map(codeCells(earlier).map((cell) => [cell.metadata.normlab?.hash, cell]));
  const cells = notebook.cells.map((cell) => {
    const old = cell.cell_type === "code" ? known.get(cell.metadata.normlab.hash) : undefined;
    return old ? { ...cell, outputs: old.outputs, execution_count: old.execution_count } : cell;
  });
  return { ...notebook, cells };
}

/** How many code cells have not been executed since their code changed. */
export function unexecuted(notebook: Notebook): number {
  return codeCells(notebook).filter(({ execution_count }) => execution_count == null).length;
}

/** Text as Jupyter's files hold it: a list of lines. */
function asLines(value: unknown, hide: (text: string) => string): unknown {
  const text =
    Array.isArray(value) && value.every((line) => typeof line === "string") ? value.join("") : value;
  return typeof text === "string" ? hide(text).split(/(?<=\n)/) : value;
}

function normalized(output: Output, hide: (text: string) => string): Output {
  const result: Output = { ...output };
  delete result.transient;
  if (output.output_type === "stream") result.text = asLines(output.text, hide);
  if (output.output_type === "error") {
    result.evalue = hide(String(output.evalue));
    result.traceback = (output.traceback as string[]).map(hide);
  }
  if (output.data) {
    const data = Object.entries(output.data as Record<string, unknown>);
    result.data = Object.fromEntries(
      data.map(([mime, value]) => [mime, mime.startsWith("text/") ? asLines(value, hide) : trimmed(value)]),
    );
  }
  return result;
}

/** Base64 comes with or without a line break at its end. */
const trimmed = (value: unknown) => (typeof value === "string" ? value.trimEnd() : value);

/** Neighbouring pieces of one stream as one: how the kernel happened to cut them is not part of the result. */
function joined(outputs: readonly Output[]): Output[] {
  const result: Output[] = [];
  for (const output of outputs) {
    const last = result.at(-1);
    if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name) {
      last.text = [last.text, output.text].flat().join("");
    } else {
      result.push({ ...output });
    }
  }
  return result;
}

/**
 * Fills in what an execution returned, without what differs from machine to machine: the project's own path,
 * ids of displays, times of execution.
 */
export function fillOutputs(
  notebook: Notebook,
  executions: Readonly<Record<string, Execution>>,
  root: string,
): Notebook {
  const hide = (text: string) => text.replaceAll(root, ".");
  let count = 0;
  const cells = notebook.cells.map((cell) => {
    if (cell.cell_type !== "code" || !(cell.id in executions)) return cell;
    const execution_count = ++count;
    const outputs = joined(executions[cell.id].outputs).map((output) => {
      const result = normalized(output, hide);
      return result.output_type === "execute_result" ? { ...result, execution_count } : result;
    });
    return { ...cell, outputs, execution_count };
  });
  return { ...notebook, cells };
}
