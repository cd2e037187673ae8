/**
 * What the two processes of the kernel say to each other: the router (protocol and types) and the runner (cells).
 * To the runner go Node IPC messages; from it come JSON lines on a pipe, written synchronously, so that the
 * output of a loop that never returns arrives and a slow reader slows the loop down.
 */
import type { MimeBundle } from "../display";

/** File descriptors of the runner beside stdin, stdout, stderr and Node's IPC (3). */
export const messagesDescriptor = 4;
export const watchdogDescriptor = 5;

/** An error as the protocol's `error` message and replies carry it. */
export interface CellError {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** A cell, ready to run. */
export interface CompiledCell {
  /** JavaScript (CommonJS) and its source map */
  code: string;
  map: string;
  /** the variables, functions and classes it declares at its top level */
  names: string[];
  /** whether it imports or requires anything */
  imports: boolean;
  /** TypeScript files that the reader keeps beside the notebook, by path */
  files: Record<string, { code: string; map: string }>;
}

/** A cell on its way to the runner. */
export interface CellToRun extends CompiledCell {
  id: number;
  /** how error messages call it: `Cell In [3]` */
  label: string;
  source: string;
  /** its result is wanted for `user_expressions`, nothing is shown */
  quiet: boolean;
  allowInput: boolean;
}

export type ToRunner =
  | { type: "run"; cell: CellToRun }
  | { type: "preload"; packages: string[] }
  | { type: "interrupt"; cell: number }
  | { type: "input"; cell: number; value: string };

export type FromRunner =
  | { type: "interrupting"; cell: number }
  | { type: "stream"; cell: number; name: "stdout" | "stderr"; text: string }
  | {
      type: "display";
      cell: number;
      data: MimeBundle;
      metadata: Record<string, unknown>;
      displayId?: string;
      update: boolean;
    }
  | { type: "result"; cell: number; data: MimeBundle; metadata: Record<string, unknown> }
  | { type: "clear"; cell: number; wait: boolean }
  | { type: "error"; cell: number; error: CellError }
  | { type: "input"; cell: number; prompt: string; password: boolean }
  | { type: "done"; cell: number; assigned: string[]; error?: CellError };
