import {
  bundleMetadata,
  DisplayableBase,
  type DisplayOptions,
  type MimeBundle,
} from "../display/displayable";
import { checkOptions, checkPositive, checkText, type OptionChecks, refuse } from "../tensor/validate";
import { announceNamed } from "./named";
import type { Provenance } from "./provenance";
import { stillOf } from "./slider/still";
import { defaultHeight, defaultWidth, themedLayout } from "./theme";

/** One Plotly trace; https://plotly.com/javascript/reference names its attributes. */
export interface Trace {
  type?: string;
  [attribute: string]: unknown;
}
/** A Plotly layout. */
export type Layout = Record<string, unknown>;

/** Trace types that Plotly draws as SVG, so that they can become a picture without WebGL. */
const drawableTypes = new Set([
  "scatter",
  "bar",
  "box",
  "violin",
  "histogram",
  "histogram2d",
  "histogram2dcontour",
  "heatmap",
  "contour",
  "image",
  "pie",
  "scatterpolar",
  "barpolar",
  "sankey",
  "treemap",
]);

/** A deep copy that JSON can carry: typed arrays become arrays, numbers that are not finite become null. */
function plain(value: unknown, path: string): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as unknown as ArrayLike<number>, (v) => (Number.isFinite(v) ? v : null));
  }
  if (Array.isArray(value)) return value.map((v, i) => (v === undefined ? null : plain(v, `${path}[${i}]`)));
  if (typeof value === "object") {
    const entries = Object.entries(value).filter(([, v]) => v !== undefined);
    return Object.fromEntries(entries.map(([key, v]) => [key, plain(v, `${path}.${key}`)]));
  }
  return refuse(`Figure: ${path}`, value, "plain data (JSON)");
}

/** What one makes a figure of. */
export interface FigureSpec {
  data: readonly Trace[];
  layout?: Layout;
  /** What the picture shows, in words: for readers who can't see it, and for searching. */
  description: string;
  /** The name under which `npm run reproduce` keeps it, see {@link Figure.named}. */
  name?: string;
  /** Where its numbers come from, for the manifest. */
  provenance?: Provenance;
}

const figureOptions: OptionChecks<FigureSpec> = {
  data: {
    required(argument, value) {
      if (!Array.isArray(value)) refuse(argument, value, "a list of Plotly traces");
    },
  },
  layout: true,
  description: true,
  name: checkText,
  provenance: true,
};

/**
 * A picture: Plotly data and layout in the course's theme, with a description in words.
 *
 * In a notebook, end a cell with it: it shows as an interactive figure where Plotly is known, as a PNG
 * elsewhere (GitHub, a printed page), and as its description where there are no pictures at all.
 *
 * @throws RangeError on a trace type that needs WebGL (surface, scatter3d, …gl, maps), on data that is not
 * plain, and without a description.
 */
export class Figure extends DisplayableBase {
  readonly data: readonly Trace[];
  readonly layout: Layout;
  readonly description: string;
  readonly name: string | undefined;
  readonly provenance: Provenance;

  constructor(spec: FigureSpec) {
    super();
    checkOptions("Figure", spec, figureOptions);
    const { data, layout = {}, description, name, provenance = {} } = spec;
    if (typeof description !== "string" || !description.trim()) {
      refuse("Figure: description", description, "words that say what the picture shows");
    }
    for (const [i, { type = "scatter" }] of data.entries()) {
      if (!drawableTypes.has(type)) {
        refuse(
          `Figure: data[${i}].type`,
          type,
          `one that can be drawn without WebGL: ${[...drawableTypes].join(", ")}`,
        );
      }
    }
    this.data = plain(data, "data") as Trace[];
    this.layout = themedLayout(plain(layout, "layout") as Layout);
    this.description = description.trim();
    this.name = name;
    this.provenance = provenance;
  }

  /**
   * The same figure under a name, such as "mnist-curves": `npm run reproduce` keeps it in a file of that name.
   * What a figure does not know itself (a seed, the data) can be said in `provenance`.
   */
  named(name: string, provenance: Provenance = {}): Figure {
    const all = { ...this.provenance, ...provenance };
    return announceNamed(new Figure({ ...this, name, provenance: all }));
  }

  /** Plotly's JSON. */
  toJSON(): { data: readonly Trace[]; layout: Layout } {
    return { data: this.data, layout: this.layout };
  }

  /**
   * The figure as SVG text and as PNG bytes (`scale` pixels per unit of width), the same on every machine;
   * only under Node. Of one with a slider it is the picture at its initial value.
   */
  async toPicture(options: { scale?: number } = {}): Promise<{ svg: string; png: Uint8Array }> {
    checkOptions<typeof options>("toPicture", options, { scale: checkPositive });
    const { drawFigure } = await import("./picture/picture");
    return drawFigure({ data: this.data, layout: stillOf(this.layout), ...sizeOf(this) }, options);
  }

  override toBundle({ live = false }: DisplayOptions = {}): MimeBundle | Promise<MimeBundle> {
    const bundle: MimeBundle = {
      "application/vnd.plotly.v1+json": {
        ...this.toJSON(),
        config: { displaylogo: false, responsive: true },
      },
      "text/plain": this.description,
    };
    return live ? bundle : withPicture(this, bundle);
  }
}

/** Width and height of a figure's picture, in the layout's pixels. */
function sizeOf({ layout }: Figure): { width: number; height: number } {
  const { width = defaultWidth, height = defaultHeight } = stillOf(layout) as {
    width?: number;
    height?: number;
  };
  return { width, height };
}

/** Adds the PNG where it can be drawn: under Node. A web page shows the interactive figure alone. */
async function withPicture(figure: Figure, bundle: MimeBundle): Promise<MimeBundle> {
  // A bundler may put something named `process` on a page.
  if (typeof process === "undefined" || !process.versions?.node) return bundle;
  const { png } = await figure.toPicture();
  const { width, height } = sizeOf(figure);
  return {
    ...bundle,
    "image/png": Buffer.from(png).toString("base64"),
    // Twice as dense as it is shown, and the words where nbconvert looks for an image's alternative text.
    [bundleMetadata]: { "image/png": { width, height, alt: figure.description } },
  };
}
