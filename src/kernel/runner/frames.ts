/** Errors in a reader's terms: the line of the cell, the library's own source lines, nothing of Node and the kernel. */
import { existsSync, readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { excerpt } from "../excerpt";
import { root } from "../project";
import type { CellError } from "../wire";

const kernelFolder = resolve(__dirname, "..");
const shownFrames = 12;

interface Place {
  /** `Cell In [3]`, or a path */
  where: string;
  line: number;
  column: number;
  source?: string;
}

interface Frame extends Place {
  name: string;
}

interface Origin {
  label: string;
  source: string;
  map: SourceMap;
}

/** The cells that ran, by the file name their code was given. */
const origins = new Map<string, Origin>();
const maps = new Map<string, SourceMap | undefined>();

export function registerCell(file: string, label: string, source: string, map: string): void {
  origins.set(file, { label, source, map: new SourceMap(JSON.parse(map) as SourceMapPayload) });
}

/** A TypeScript file beside the notebook, translated by the router. */
export function registerMap(path: string, map: string): void {
  maps.set(path, new SourceMap(JSON.parse(map) as SourceMapPayload));
}

function mapOf(path: string): SourceMap | undefined {
  if (!maps.has(path)) {
    const file = `${path}.map`;
    const isOurs = !/[\\/]node_modules[\\/]/.test(path) && existsSync(file);
    maps.set(
      path,
      isOurs ? new SourceMap(JSON.parse(readFileSync(file, "utf8")) as SourceMapPayload) : undefined,
    );
  }
  return maps.get(path);
}

/** Forgets the maps of files that are loaded anew. */
export const forgetMap = (path: string): void => void maps.delete(path);

/** Where a position in JavaScript comes from; `undefined` for Node's and the kernel's own code. */
function placeOf(location: string): Place | undefined {
  const match = /^(.*?):(\d+):(\d+)$/.exec(
    location.replace(/^file:\/\/.*?(?=:\d+:\d+$)/, (url) => fileURLToPath(url)),
  );
  if (!match) return undefined;
  const file = match[1];
  const [line, column] = match.slice(2).map(Number);
  const origin = origins.get(file);
  if (origin) {
    const entry = origin.map.findEntry(line - 1, column - 1);
    if (!("originalLine" in entry)) return undefined;
    // The compiler puts one line before the reader's first, and these lines count from 0.
    return {
      where: origin.label,
      line: entry.originalLine,
      column: entry.originalColumn,
      source: origin.source,
    };
  }
  if (!/^([a-zA-Z]:)?[\\/]/.test(file) || isKernels(file)) return undefined;
  const entry = mapOf(file)?.findEntry(line - 1, column - 1);
  if (entry && "originalLine" in entry) {
    const original = entry.originalSource.startsWith("file:")
      ? fileURLToPath(entry.originalSource)
      : resolve(dirname(file), entry.originalSource);
    return { where: shortened(original), line: entry.originalLine + 1, column: entry.originalColumn };
  }
  return { where: shortened(file), line, column };
}

const isKernels = (file: string): boolean =>
  (file.startsWith(kernelFolder) && !file.startsWith(join(kernelFolder, "api."))) ||
  /[\\/]tslab[\\/]dist[\\/]/.test(file);

/** `src/norm/layerNorm.ts`, `node_modules/…` or, beside the notebook, the path from there. */
function shortened(path: string): string {
  const fromRoot = relative(root, path);
  return fromRoot.startsWith("..") ? relative(process.cwd(), path) : fromRoot.replace(/\\/g, "/");
}

const stackLine = /^(\s+)at (?:async )?(?:(.*?) \()?([^()]+:\d+:\d+)\)?(.*)$/;

/** The frames of a stack that mean something to the reader. */
function framesOf(stack: string): Frame[] {
  const frames: Frame[] = [];
  for (const line of stack.split("\n")) {
    const match = stackLine.exec(line);
    const place = match && placeOf(match[3]);
    if (place) frames.push({ ...place, name: nameOf(match[2]) });
  }
  return frames;
}

const shown = ({ where, line, name, source }: Frame): string => {
  const place = source === undefined ? `${where}:${line}` : `${where}, line ${line}`;
  return name ? `at ${name} (${place})` : `at ${place}`;
};

/** Printed text in which the stacks of errors are told in the reader's terms. */
export function readable(text: string): string {
  if (!/^\s+at .*:\d+:\d+/m.test(text)) return text;
  const lines = text.split("\n").flatMap((line) => {
    const match = stackLine.exec(line);
    if (!match) return [line];
    const [, indent, name, location, rest] = match;
    const place = placeOf(location);
    if (place) return [`${indent}${shown({ ...place, name: nameOf(name) })}${rest}`];
    return rest ? [indent + rest] : []; // what follows a stack, such as the error's properties, stays
  });
  return lines.join("\n");
}

/** V8's names, less the ones it gives to the function around a cell and to the kernel's transformations. */
function nameOf(name: string | undefined): string {
  if (!name || /^(eval|<anonymous>|Object\.<anonymous>|module\.exports)$/.test(name)) return "";
  return name.replace(/^(Object|exports|\$cells|Module)\./, "").replace(/ \[as .*\]$/, "");
}

/** What the protocol's `error` message says about something that was thrown. */
export function describeError(thrown: unknown): CellError {
  if (!isError(thrown)) {
    const evalue = typeof thrown === "string" ? thrown : inspect(thrown, { depth: 2 });
    return { ename: "Error", evalue, traceback: [`Error: a value that is no Error was thrown: ${evalue}`] };
  }
  const { name, message, traceback } = described(thrown);
  let { cause } = thrown;
  for (let depth = 0; isError(cause) && depth < 3; depth++) {
    traceback.push("", "Caused by:", ...described(cause).traceback);
    ({ cause } = cause);
  }
  if (thrown instanceof AggregateError) {
    for (const each of thrown.errors.slice(0, 3))
      traceback.push("", "One of them:", ...describeError(each).traceback);
  }
  return { ename: name, evalue: message, traceback };
}

/** Errors may come from another realm, such as jsdom's. */
const isError = (value: unknown): value is Error =>
  value instanceof Error ||
  (typeof value === "object" && value !== null && "stack" in value && "message" in value);

function described(error: Error): { name: string; message: string; traceback: string[] } {
  const name = String(error.name || "Error");
  const message = String(error.message);
  const stack = typeof error.stack === "string" ? error.stack : "";
  // The frames come after the message, which may have lines that look like frames.
  const start = stack.indexOf(message);
  const frames = framesOf(start >= 0 ? stack.slice(start + message.length) : stack);
  const inCell = frames.find(({ source }) => source !== undefined);
  const traceback: string[] = [];
  if (inCell?.source !== undefined) {
    traceback.push(
      `${inCell.where}, line ${inCell.line}`,
      ...excerpt(inCell.source, inCell.line, inCell.column),
    );
  }
  traceback.push(message ? `${name}: ${message}` : name);
  if (frames.length > 1 || !inCell) {
    for (const frame of frames.slice(0, shownFrames)) traceback.push(`    ${shown(frame)}`);
    if (frames.length > shownFrames) traceback.push(`    … ${frames.length - shownFrames} more`);
  }
  return { name, message, traceback };
}
