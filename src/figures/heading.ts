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

/** The part of a layout that a title needs. */
export interface Heading {
  title: Layout;
  /** Pixels above the plot. */
  margin: { t: number };
}

/**
 * Title and caption at the top left, with the margin they need, and `below` pixels more for what else stands above
 * the plot. The caption is part of the title's text: Plotly's own subtitles overlap the title when they have more
 * than one line.
 */
export function heading(title: string, caption: string | readonly string[] = [], below = 0): Heading {
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
    margin: { t: 52 + 21 * lines.length + below },
  };
}
