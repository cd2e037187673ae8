/** A table as SVG, its columns as wide as their widest text. */
import { textWidth } from "./fonts";

/** The texts of a table, and which columns hold numbers (they stand flush right). */
export interface TableTexts {
  title: string;
  caption?: string;
  headers: string[];
  rows: string[][];
  numeric: boolean[];
}

const size = 13;
const rowHeight = 26;
const padding = 12;
const margin = 16;

const escape = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

interface TextOptions {
  x: number;
  y: number;
  end?: boolean;
  bold?: boolean;
  fontSize?: number;
  color?: string;
}

function textAt(text: string, { x, y, end, bold, fontSize = size, color = "#222222" }: TextOptions): string {
  const anchor = end ? ' text-anchor="end"' : "";
  const weight = bold ? ' font-weight="bold"' : "";
  return `<text x="${x}" y="${y}" font-size="${fontSize}" fill="${color}"${anchor}${weight}>${escape(text)}</text>`;
}

/** Words in as many lines as the width asks for. */
function wrapped(text: string, width: number, fontSize: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && textWidth(longer, { size: fontSize }) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

export function drawTableSvg({ title, caption, headers, rows, numeric }: TableTexts): string {
  const widths = headers.map((header, i) =>
    Math.ceil(
      Math.max(textWidth(header, { size, bold: true }), ...rows.map((row) => textWidth(row[i], { size }))) +
        2 * padding,
    ),
  );
  const tableWidth = widths.reduce((a, b) => a + b, 0);
  const titleWidth = Math.ceil(textWidth(title, { size: 16, bold: true }));
  const width = Math.max(tableWidth, titleWidth, 360) + 2 * margin;
  const captionLines = caption ? wrapped(caption, width - 2 * margin, 12) : [];
  const top = margin + 16 + 14;
  const bottom = top + rowHeight * (rows.length + 1);
  const height = bottom + (captionLines.length ? 10 + 18 * captionLines.length : 0) + margin;

  const starts = widths.map((_, i) => margin + widths.slice(0, i).reduce((a, b) => a + b, 0));
  const rowTexts = (row: readonly string[], line: number, bold: boolean) =>
    row.map((text, i) =>
      textAt(text, {
        x: numeric[i] ? starts[i] + widths[i] - padding : starts[i] + padding,
        y: top + rowHeight * line + 18,
        end: numeric[i],
        bold,
      }),
    );
  const rule = (y: number, color: string) =>
    `<path d="M${margin},${y}h${tableWidth}" stroke="${color}" stroke-width="1" fill="none"/>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="DejaVu Sans, Verdana, sans-serif">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    textAt(title, { x: margin, y: margin + 16, bold: true, fontSize: 16 }),
    ...rowTexts(headers, 0, true),
    rule(top + rowHeight, "#8a8a8a"),
    ...rows.flatMap((row, i) => [...rowTexts(row, i + 1, false), rule(top + rowHeight * (i + 2), "#e6e6e6")]),
    ...captionLines.map((line, i) =>
      textAt(line, { x: margin, y: bottom + 22 + 18 * i, fontSize: 12, color: "#5a5a5a" }),
    ),
    "</svg>",
  ].join("\n");
}
