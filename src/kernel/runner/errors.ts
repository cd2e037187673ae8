/** What was thrown, in a reader's terms. Whatever it is: a getter or a Proxy that throws must not keep a cell from ending. */
import { inspect } from "node:util";
import { excerpt } from "../excerpt";
import type { CellError } from "../wire";
import { type Frame, framesOf, shown } from "./frames";

const shownFrames = 12;
/** How far causes, and the errors of an AggregateError, are followed. */
const maxDepth = 3;

/** What looking at a value gives, or where that throws, something else. */
function attempt<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}

/** Where the running cell threw values that are no errors, and so have no stack: the latest few. */
const places = new Map<unknown, string>();
const maxPlaces = 50;

export function noteThrown(value: unknown): void {
  if (isError(value)) return;
  places.delete(value);
  places.set(value, new Error().stack ?? "");
  if (places.size > maxPlaces) places.delete(places.keys().next().value);
}

/** A cell starts: the same value thrown again comes from somewhere else. */
export const forgetThrown = (): void => places.clear();

/** What the protocol's `error` message says about something that was thrown in the cell called `label`. */
export function describeError(thrown: unknown, label: string): CellError {
  if (!isError(thrown)) {
    const evalue = typeof thrown === "string" ? thrown : inspected(thrown);
    const frames = framesOf(places.get(thrown) ?? "");
    const title = `Error: a value that is no Error was thrown: ${evalue}`;
    const where = frames.length === 0 ? [label] : [];
    return { ename: "Error", evalue, traceback: [...where, ...told(title, frames)] };
  }
  const { name, message, traceback } = described(thrown);
  traceback.push(...relatives(thrown, maxDepth));
  return { ename: name, evalue: message, traceback };
}

/** An error's causes, and the errors that an AggregateError holds, with theirs. */
function relatives(error: Error, depth: number): string[] {
  if (depth === 0) return [];
  const tell = (title: string, value: unknown): string[] => [
    "",
    title,
    ...(isError(value)
      ? [...described(value).traceback, ...relatives(value, depth - 1)]
      : [inspected(value)]),
  ];
  const cause = attempt(() => ("cause" in error ? { value: error.cause } : undefined), undefined);
  const all = attempt(() => (error instanceof AggregateError ? [...error.errors].slice(0, 3) : []), []);
  return [
    ...(cause ? tell("Caused by:", cause.value) : []),
    ...all.flatMap((each: unknown) => tell("One of them:", each)),
  ];
}

/** Errors may come from another realm, such as jsdom's. */
const isError = (value: unknown): value is Error =>
  attempt(
    () =>
      value instanceof Error ||
      (typeof value === "object" && value !== null && "stack" in value && "message" in value),
    false,
  );

const inspected = (value: unknown): string =>
  attempt(() => inspect(value, { depth: 2 }), "(looking at it throws an error, too)");

function described(error: Error): { name: string; message: string; traceback: string[] } {
  const name = attempt(() => String(error.name || "Error"), "Error");
  const message = attempt(() => String(error.message), "(reading its message throws an error, too)");
  const shownMessage = inOwnWords(message);
  const stack = attempt(() => (typeof error.stack === "string" ? error.stack : ""), "");
  // The frames come after the message, which may have lines that look like frames.
  const start = stack.indexOf(message);
  const frames = framesOf(start >= 0 ? stack.slice(start + message.length) : stack);
  const traceback = told(message ? `${name}: ${shownMessage}` : name, frames);
  const properties = attempt(() => ownProperties(error), {});
  if (Object.keys(properties).length > 0) traceback.push(inspected(properties));
  return { name, message: shownMessage, traceback };
}

/** tfjs names functions that no lesson calls. */
function inOwnWords(message: string): string {
  return /\bbackend '\w+' has not yet been initialized/i.test(message)
    ? 'tfjs has no backend yet. Write first: import { initBackend } from "normlab"; await initBackend();'
    : message;
}

/** The line of the cell, what happened there, and how it came to that. */
function told(title: string, frames: Frame[]): string[] {
  const inCell = frames.find(({ source }) => source !== undefined);
  const traceback: string[] = [];
  if (inCell?.source !== undefined) {
    traceback.push(
      `${inCell.where}, line ${inCell.line}`,
      ...excerpt(inCell.source, inCell.line, inCell.column),
    );
  }
  traceback.push(title);
  if (frames.length > 1 || !inCell) {
    for (const frame of frames.slice(0, shownFrames)) traceback.push(`    ${shown(frame)}`);
    if (frames.length > shownFrames) traceback.push(`    … ${frames.length - shownFrames} more`);
  }
  return traceback;
}

/** What an error carries beside its text, such as the `code` and `path` of Node's own. */
function ownProperties(error: Error): Record<string, unknown> {
  const told = new Set(["name", "message", "stack", "cause", "errors"]);
  return Object.fromEntries(Object.entries(error).filter(([key]) => !told.has(key)));
}
