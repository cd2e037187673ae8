import type { Layout } from "./figure";

const charactersPerLine = 110;

function wrapped(text: string): string[] {
  const lines: string[] = [];
  if (!text) return lines;
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > charactersPerLine) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/**
 * Title and caption at the top left, with the margin they need. The caption is part of the title's text:
 * Plotly's own subtitles overlap the title when they have more than one line.
 */
export function heading(title: string, caption: string | readonly string[] = []): Layout {
  const lines = [caption].flat().flatMap((text) => wrapped(text));
  const small = lines.map((line) => `<span style="font-size:12px;color:#5a5a5a">${line}</span>`);
  return {
    title: {
      text: [`<b>${title}</b>`, ...small].join("<br>"),
      x: 0,
      xref: "container",
      xanchor: "left",
      y: 1,
      yref: "container",
      yanchor: "top",
      pad: { l: 16, t: lines.length > 0 ? 24 : 16 },
      font: { size: 16 },
    },
    margin: { t: 52 + 21 * lines.length },
  };
}

/** A number for a sentence: four significant digits, no trailing zeros. */
export function inWords(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const short = Number(value.toPrecision(4));
  return Math.abs(short) >= 1e6 || (short !== 0 && Math.abs(short) < 1e-4)
    ? short.toExponential()
    : String(short);
}

/** "a", "a and b", "a, b and c". */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
