/** Stacks in a reader's terms: lines of cells, the library's own source lines, nothing of Node and the kernel. */
import { existsSync, readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "../project";

const kernelFolder = resolve(__dirname, "..");

interface Place {
  /** `Cell In [3]`, or a path */
  where: string;
  line: number;
  column: number;
  source?: string;
}

export interface Frame extends Place {
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

/** Where a position in JavaScript comes from; `undefined` for Node's and the kernel's own code, and for nonsense. */
function placeOf(location: string): Place | undefined {
  try {
    return find(location);
  } catch {
    return undefined; // a URL that names no file, a source map that is none
  }
}

function find(location: string): Place | undefined {
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
export function framesOf(stack: string): Frame[] {
  const frames: Frame[] = [];
  for (const line of stack.split("\n")) {
    const match = stackLine.exec(line);
    const place = match && placeOf(match[3]);
    if (place) frames.push({ ...place, name: nameOf(match[2]) });
  }
  return frames;
}

export const shown = ({ where, line, name, source }: Frame): string => {
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
