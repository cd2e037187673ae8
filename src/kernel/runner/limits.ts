/** How much a cell may put out: a loop that prints without end, or a picture of 100 MB, must not stop a browser. */
import type { MimeBundle } from "../../display";

const megabyte = 2 ** 20;
export const limits: Record<"text" | "content" | "displays" | "displayCount", number> = {
  /** text of a cell */
  text: megabyte,
  /** one MIME type's content of a display */
  content: 8 * megabyte,
  /** all displays of a cell */
  displays: 48 * megabyte,
  displayCount: 1000,
};

export const inMegabytes = (bytes: number): string => `${(bytes / megabyte).toFixed(1)} MB`;

const sizeOf = (content: unknown): number =>
  typeof content === "string" ? content.length : (JSON.stringify(content) ?? "").length;

/** The output of one cell, counted. */
export class OutputBudget {
  private text = 0;
  private displays = 0;
  private displayCount = 0;
  /** characters that were left out */
  cut = 0;

  /** What may be shown of some text. */
  takeText(text: string): { shown: string; isFirstCut: boolean } {
    const room = Math.max(0, limits.text - this.text);
    this.text += Math.min(text.length, room);
    const cut = Math.max(0, text.length - room);
    const isFirstCut = cut > 0 && this.cut === 0;
    this.cut += cut;
    return { shown: cut > 0 ? text.slice(0, room) : text, isFirstCut };
  }

  /** What may be shown of a bundle: contents that are too large are left out, with a note in its text. */
  takeBundle(bundle: MimeBundle): MimeBundle {
    const shown: MimeBundle = {};
    const notes: string[] = [];
    for (const [type, content] of Object.entries(bundle)) {
      const size = sizeOf(content);
      if (size > limits.content) {
        notes.push(
          `[${type} of ${inMegabytes(size)} left out: a display may carry ${inMegabytes(limits.content)}]`,
        );
      } else {
        shown[type] = content;
        this.displays += size;
      }
    }
    if (notes.length > 0)
      shown["text/plain"] = [shown["text/plain"] ?? "", ...notes].filter(Boolean).join("\n");
    return shown;
  }

  /** Whether one more display may be added; `isFirst` at the first that may not. */
  takeDisplay(): { ok: boolean; isFirst: boolean } {
    this.displayCount++;
    const ok = this.displayCount <= limits.displayCount && this.displays <= limits.displays;
    const isFirst = !ok && !this.refused;
    this.refused ||= !ok;
    return { ok, isFirst };
  }
  private refused = false;

  /** `clearOutput` makes room. */
  clear(): void {
    this.text = this.displays = this.displayCount = this.cut = 0;
    this.refused = false;
  }
}
