import { type Tensor } from "../../tensor";
import {
  checkOptions,
  checkPositiveInteger,
  checkText,
  type OptionChecks,
  refuse,
} from "../../tensor/validate";
import { pngUri } from "../bitmap";
import { Figure, type Layout } from "../figure";
import { heading } from "../heading";
import { checkList, checkTensors, headingOptions, withParts } from "../options";
import { listed } from "../words";

/** A picture in colour, (H, W, 3) with red, green and blue from 0 to 1, and a line of text above it. */
export interface ColorImage {
  pixels: Tensor;
  title?: string;
}

export interface ColorImagesOptions {
  title: string;
  caption?: string;
  /** Pictures in a row, 3 by default. */
  columns?: number;
  description?: string;
}

const imageParts = withParts<ColorImage>({ pixels: { required: () => undefined }, title: checkText });
const colorImagesOptions: OptionChecks<ColorImagesOptions> = {
  ...headingOptions,
  columns: checkPositiveInteger,
};

/** Width of the whole grid in the static picture, and the room above each picture for its title, in pixels. */
const pixelsWide = 728;
const titleHeight = 24;
const gap = 12;

/**
 * Pictures in colour side by side, each as wide as the others; what lies outside 0 … 1 is drawn as the nearest end.
 * Four bytes a pixel in the notebook: 100 × 75 pixels are 30 kB.
 *
 * @throws RangeError for a picture that is not of shape (H, W, 3)
 */
export function colorImages(images: readonly ColorImage[], options: ColorImagesOptions): Figure {
  checkOptions("colorImages", options, colorImagesOptions);
  checkList("colorImages: images", images, "at least one picture", imageParts);
  images.forEach((image, i) => {
    checkTensors(`colorImages: images[${i}]`, image, ["pixels"]);
    const { rank, shape } = image.pixels;
    if (rank !== 3 || shape[2] !== 3) {
      refuse(`colorImages: images[${i}].pixels`, image.pixels, "of shape [height, width, 3]");
    }
  });
  const columns = Math.min(options.columns ?? 3, images.length);
  const width = (pixelsWide - gap * (columns - 1)) / columns;
  const heights = images.map(({ pixels: { shape } }) => (width * shape[0]) / shape[1]);
  const rows = Array.from({ length: Math.ceil(images.length / columns) }, (_, row) =>
    Math.max(...heights.slice(row * columns, (row + 1) * columns)),
  );
  const topOf = (row: number) => rows.slice(0, row).reduce((sum, height) => sum + height + titleHeight, 0);
  const total = topOf(rows.length);
  const placed = images.map(({ title = "" }, i) => {
    const [x, y] = [(i % columns) * (width + gap), topOf(Math.floor(i / columns)) + titleHeight];
    return { x, y, title };
  });
  const head = heading(options.title, options.caption);
  const hidden = { visible: false, fixedrange: true };
  const titles = images.flatMap(({ title }) => (title === undefined ? [] : [title]));
  const layout: Layout = {
    ...head,
    // An empty trace: Plotly draws axes, and pictures that lie along them, only where there is one.
    xaxis: { ...hidden, range: [0, pixelsWide], constrain: "domain" },
    yaxis: { ...hidden, range: [total, 0], scaleanchor: "x", constrain: "domain" },
    margin: { ...head.margin, l: 16, r: 16, b: 16 },
    height: Math.round(head.margin.t + 16 + total),
    images: images.map(({ pixels }, i) => ({
      source: uriOf(pixels),
      ...{ xref: "x", yref: "y", x: placed[i].x, y: placed[i].y },
      ...{ sizex: width, sizey: heights[i], sizing: "stretch", layer: "above" },
    })),
    annotations: placed.map(({ x, y, title }) => ({
      ...{ x: x + width / 2, y, yanchor: "bottom", text: title, showarrow: false, font: { size: 11 } },
    })),
  };
  return new Figure({
    data: [{ type: "scatter", mode: "markers", x: [null], y: [null], showlegend: false }],
    layout,
    description:
      options.description ??
      `${options.title}: ${images.length} pictures in colour${titles.length > 0 ? `, ${listed(titles)}` : ""}.`,
  });
}

const uriOf = ({ shape: [height, width], data }: Tensor): string =>
  pngUri(
    width,
    height,
    Array.from(data, (value) => Math.round(255 * Math.min(1, Math.max(0, value)))),
  );
