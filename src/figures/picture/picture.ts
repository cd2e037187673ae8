/** Draws figures as SVG and PNG in a worker thread, so that the notebook's own thread stays free. */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { TableTexts } from "./tableSvg";

/** A figure or a table as a picture. */
export interface Picture {
  svg: string;
  png: Uint8Array;
}
/** Plotly's data and layout, and the picture's size in its units. */
export interface PlotlyFigure {
  data: unknown;
  layout: unknown;
  width: number;
  height: number;
}
/** What the worker is asked … */
export type DrawRequest = { id: number; scale: number } & ({ figure: PlotlyFigure } | { table: TableTexts });
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
  const started = new Worker(join(__dirname, "worker.js"));
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
export function drawFigure(
  figure: PlotlyFigure,
  { scale = defaultScale }: { scale?: number } = {},
): Promise<Picture> {
  return draw({ figure, scale });
}

/** The table as SVG and as PNG. */
export function drawTable(table: TableTexts): Promise<Picture> {
  return draw({ table, scale: defaultScale });
}
