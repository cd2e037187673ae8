import {
  checkOptions,
  checkPositiveInteger,
  checkText,
  type OptionChecks,
  refuse,
} from "../../tensor/validate";
import { Figure } from "../figure";
import { heading } from "../heading";
import { checkList, checkNumbers, checkRange, headingOptions, withParts } from "../options";

/** A grey image, row by row, with a line of text above it. */
export interface GridImage {
  pixels: ArrayLike<number>;
  title?: string;
}

export interface ImageGridOptions {
  title: string;
  caption?: string;
  /** Pixels in a row of an image, 28 by default (MNIST). */
  width?: number;
  /** Images in a row, 8 by default. */
  columns?: number;
  /** Wider gaps after every so many columns, where images belong together; none when left out. */
  gapEvery?: number;
  /** Values drawn as black and as white ink's opposite: 0 is paper, 255 ink by default. */
  range?: [number, number];
  description?: string;
}

const imageParts = withParts<GridImage>({ pixels: { required: checkNumbers }, title: checkText });

const imageGridOptions: OptionChecks<ImageGridOptions> = {
  ...headingOptions,
  width: checkPositiveInteger,
  columns: checkPositiveInteger,
  gapEvery: checkPositiveInteger,
  range: checkRange,
};

/** Width of the whole grid in the static picture. */
const pixelsWide = 720;

/** Small grey images side by side: dark ink on white paper, with a label above each. */
export function imageGrid(images: readonly GridImage[], options: ImageGridOptions): Figure {
  checkOptions("imageGrid", options, imageGridOptions);
  checkList("imageGrid: images", images, "at least one image", imageParts);
  const { width = 28, range = [0, 255] } = options;
  const columns = Math.min(options.columns ?? 8, images.length);
  const height = (images[0]?.pixels.length ?? 0) / width;
  if (images.length === 0 || !Number.isInteger(height) || height === 0) {
    refuse("imageGrid: images", images, `at least one, each with rows of ${width} pixels`);
  }
  const titled = images.some(({ title }) => title);
  const stepX = width + 4;
  const { gapEvery = columns } = options;
  const gap = Math.round(width / 2);
  const leftOf = (column: number) => column * stepX + Math.floor(column / gapEvery) * gap;
  const across = leftOf(columns - 1) + stepX;
  const pixelsPerCell = pixelsWide / Math.max(across, 5 * stepX);
  const stepY = height + (titled ? Math.ceil(26 / pixelsPerCell) : 4);
  const rows = Math.ceil(images.length / columns);
  const z = Array.from({ length: rows * stepY }, () => new Array<number | null>(across).fill(null));
  const annotations = images.map(({ pixels, title }, k) => {
    if (pixels.length !== width * height) {
      refuse(`imageGrid: images[${k}].pixels`, pixels, `${width * height} numbers, like the first`);
    }
    const [left, top] = [leftOf(k % columns), Math.floor(k / columns) * stepY + (stepY - height)];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) z[top + y][left + x] = pixels[y * width + x];
    return {
      x: left + width / 2 - 0.5,
      y: top - 1,
      yanchor: "bottom",
      text: title ?? "",
      showarrow: false,
      font: { size: 11 },
    };
  });
  const head = heading(options.title, options.caption);
  const hidden = { visible: false, showgrid: false };
  return new Figure({
    data: [
      {
        type: "heatmap",
        z,
        zmin: range[0],
        zmax: range[1],
        colorscale: [
          [0, "#f4f4f4"],
          [1, "#111111"],
        ],
        showscale: false,
        hoverongaps: false,
        hovertemplate: "%{z}<extra></extra>",
      },
    ],
    layout: {
      ...head,
      xaxis: { ...hidden, constrain: "domain" },
      yaxis: { ...hidden, autorange: "reversed", scaleanchor: "x", constrain: "domain" },
      margin: { ...head.margin, l: 16, r: 16, b: 16 },
      height: Math.round(head.margin.t + 16 + pixelsPerCell * rows * stepY),
      annotations: titled ? annotations : [],
    },
    description:
      options.description ??
      `${options.title}: ${images.length} images${titled ? `, labelled ${images.map(({ title }) => title ?? "").join("; ")}` : ""}.`,
  });
}
