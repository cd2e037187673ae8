/** The one font of all pictures, and how wide its text runs. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Font, parse } from "opentype.js";

const folder = join(dirname(require.resolve("dejavu-fonts-ttf/package.json")), "ttf");
const faces = [
  "DejaVuSans.ttf",
  "DejaVuSans-Bold.ttf",
  "DejaVuSans-Oblique.ttf",
  "DejaVuSans-BoldOblique.ttf",
];

/** Regular, bold, oblique, bold oblique. */
export const fontFiles: string[] = faces.map((name) => join(folder, name));

const loaded = new Map<number, Font>();
const widths = new Map<string, number>();

function face(index: number): Font {
  let font = loaded.get(index);
  if (!font) {
    const { buffer, byteOffset, byteLength } = readFileSync(fontFiles[index]);
    font = parse(buffer.slice(byteOffset, byteOffset + byteLength));
    loaded.set(index, font);
  }
  return font;
}

/** How a run of text is set. */
export interface TextStyle {
  size: number;
  bold?: boolean;
  italic?: boolean;
}

/** The width of a line of text in pixels. */
export function textWidth(text: string, { size, bold = false, italic = false }: TextStyle): number {
  const index = Number(bold) + 2 * Number(italic);
  const key = `${index}${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    const font = face(index);
    const glyphs = Array.from(text, (character) => font.charToGlyph(character));
    // Glyph by glyph: opentype.js does not know all of the font's ligature tables.
    const units = glyphs.map(
      (glyph, i) => (glyph.advanceWidth ?? 0) + (i > 0 ? font.getKerningValue(glyphs[i - 1], glyph) : 0),
    );
    width = units.reduce((sum, unit) => sum + unit, 0) / font.unitsPerEm;
    widths.set(key, width);
  }
  return width * size;
}

/** Above and below the baseline, as a share of the font size (DejaVu Sans, all faces). */
export const ascent = 0.928;
export const descent = 0.236;
