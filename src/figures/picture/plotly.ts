/**
 * Plotly under Node: it wants a browser, so it gets a window of jsdom with what it misses there.
 *
 * A browser would draw the same, but no package brings one, and each draws text in its own fonts. Here everything
 * comes from packages, text is measured in one font that comes along (`measure.ts`), and the little of a canvas that
 * Plotly asks for is filled by ourselves (`canvas.ts`): so the same figure gives the same bytes on every machine.
 */
import { readFileSync } from "node:fs";
import { TextDecoder, TextEncoder } from "node:util";
import { type DOMWindow, JSDOM, VirtualConsole } from "jsdom";
import { randomGenerator } from "../../tensor/random";
import { Canvas2d } from "./canvas";
import { boxOf, pageBoxOf } from "./measure";
import type { PlotlyFigure } from "./picture";

interface Plotly {
  newPlot(element: Element, figure: { data: unknown; layout: unknown; config: unknown }): Promise<unknown>;
  toImage(element: Element, options: { format: "svg"; width: number; height: number }): Promise<string>;
  purge(element: Element): void;
}

type Window = DOMWindow & { Plotly: Plotly; Math: { random: () => number } };

/** Fills in what jsdom leaves out: sizes of SVG elements, and a canvas. */
function completeWindow(window: Window): void {
  Object.assign(window, { TextDecoder, TextEncoder });
  Object.assign(window.URL, { createObjectURL: () => "blob:none", revokeObjectURL: () => undefined });

  const { Element, SVGElement, HTMLCanvasElement } = window;
  const htmlBox = Element.prototype.getBoundingClientRect;
  Object.assign(SVGElement.prototype, {
    getBBox(this: SVGElement) {
      return boxOf(this);
    },
    getTotalLength: () => 100,
    getPointAtLength: () => ({ x: 0, y: 0 }),
  });
  Element.prototype.getBoundingClientRect = function (this: Element) {
    if (!(this instanceof SVGElement)) return htmlBox.call(this);
    const { x, y, width, height } = pageBoxOf(this);
    return { x, y, width, height, left: x, top: y, right: x + width, bottom: y + height } as DOMRect;
  };

  const contexts = new WeakMap<object, Canvas2d>();
  const contextOf = (canvas: HTMLCanvasElement): Canvas2d => {
    let context = contexts.get(canvas);
    if (!context) contexts.set(canvas, (context = new Canvas2d(canvas)));
    return context;
  };
  Object.assign(HTMLCanvasElement.prototype, {
    getContext(this: HTMLCanvasElement, kind: string) {
      return kind === "2d" ? contextOf(this) : null;
    },
    toDataURL(this: HTMLCanvasElement) {
      return contextOf(this).toDataURL();
    },
  });
}

let opened: Window | undefined;

function openWindow(): Window {
  if (opened) return opened;
  const dom = new JSDOM("<!doctype html><body></body>", {
    runScripts: "outside-only",
    pretendToBeVisual: true,
    virtualConsole: new VirtualConsole(), // jsdom's own remarks ("not implemented") go nowhere
  });
  const window = dom.window as unknown as Window;
  completeWindow(window);
  window.eval(readFileSync(require.resolve("plotly.js-dist"), "utf8"));
  return (opened = window);
}

/** The figure as SVG text; the same figure gives the same text. */
export async function drawSvg({ data, layout, width, height }: PlotlyFigure): Promise<string> {
  const window = openWindow();
  // Plotly draws the ids in its SVG from it.
  window.Math.random = randomGenerator(1).uniform;
  const element = window.document.createElement("div");
  window.document.body.append(element);
  try {
    // A copy, since Plotly writes into what it is given.
    const figure = structuredClone({ data, layout: { ...(layout as object), width, height } });
    await window.Plotly.newPlot(element, { ...figure, config: { staticPlot: true } });
    const url = await window.Plotly.toImage(element, { format: "svg", width, height });
    return decodeURIComponent(url.slice(url.indexOf(",") + 1));
  } finally {
    window.Plotly.purge(element);
    element.remove();
  }
}
