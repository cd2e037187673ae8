/** Draws figures as SVG and PNG in a worker thread, so that the notebook's own thread stays free. */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { TableTexts } from "./display/tableSvg";
import type { Figure } from "./figure";
import type { Table } from "./table";
import { defaultHeight, defaultWidth } from "./theme";

/** A figure as a picture. */
export interface Picture {
  svg: string;
  png: Uint8Array;
}
/** What the worker is asked: a Plotly figure or a table … */
export type DrawRequest = { id: number; scale: number } & (
  { data: unknown; layout: unknown; width: number; height: number } | { table: TableTexts }
);
/** … and what it answers. */
export type DrawReply = { id: number } & ({ svg: string; png: Uint8Array } | { error: string });

/** Generous: a figure takes about 0.1 s, the first one 2 s, on a busy machine some times more. */
const timeLimit = 60_000;

interface Job {
  resolve: (picture: Picture) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

let worker: Worker | undefined;
let lastId = 0;
const jobs = new Map<number, Job>();

function finish(id: number): Job | undefined {
  const job = jobs.get(id);
  if (!job) return undefined;
  clearTimeout(job.timer);
  jobs.delete(id);
  // An idle worker must not keep the process alive.
  if (jobs.size === 0) worker?.unref();
  return job;
}

function failAll(message: string): void {
  worker = undefined;
  for (const id of [...jobs.keys()]) finish(id)?.reject(new Error(message));
}

function startWorker(): Worker {
  const started = new Worker(join(__dirname, "display", "worker.js"));
  started.on("message", (reply: DrawReply) => {
    const job = finish(reply.id);
    if ("error" in reply) job?.reject(new Error(`The picture could not be drawn: ${reply.error}`));
    else job?.resolve({ svg: reply.svg, png: reply.png });
  });
  started.on("error", (error) => failAll(`The drawing thread stopped: ${error.message}`));
  started.on("exit", (code) => {
    if (started === worker) failAll(`The drawing thread ended with status ${code}.`);
  });
  return started;
}

type Content = DrawRequest extends infer Request
  ? Request extends unknown
    ? Omit<Request, "id">
    : never
  : never;

function draw(content: Content): Promise<Picture> {
  worker ??= startWorker();
  const current = worker;
  const id = ++lastId;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      worker = undefined;
      void current.terminate();
      failAll(`The picture was not drawn within ${timeLimit / 1000} s.`);
    }, timeLimit);
    jobs.set(id, { resolve, reject, timer });
    current.ref();
    current.postMessage({ ...content, id });
  });
}

/** Pixels of the PNG per unit of width: 2 suits dense screens and print. */
const defaultScale = 2;

/**
 * The figure as SVG and as PNG.
 * The same figure gives the same bytes on every machine: fixed font, fixed ids, no system settings.
 *
 * @throws Error when Plotly refuses the figure, or when drawing takes longer than a minute.
 */
export function drawPicture(
  { data, layout }: Figure,
  { scale = defaultScale }: { scale?: number } = {},
): Promise<Picture> {
  const { width = defaultWidth, height = defaultHeight } = layout as { width?: number; height?: number };
  return draw({ data, layout, width, height, scale });
}

/** The table as SVG and as PNG. */
export function drawTable(table: Table): Promise<Picture> {
  const { title, caption, columns } = table;
  const numeric = columns.map((_, i) => table.isNumeric(i));
  return draw({
    table: { title, caption, headers: table.headers(), rows: table.texts(), numeric },
    scale: defaultScale,
  });
}
