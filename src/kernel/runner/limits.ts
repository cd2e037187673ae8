/** How much a cell may put out: a loop that prints without end, or a picture of 100 MB, must not stop a browser. */
import type { MimeBundle } from "../../display";

const megabyte = 2 ** 20;
export const limits: Record<"text" | "tail" | "content" | "displays" | "displayCount", number> = {
  /** text of a cell */
  text: megabyte,
  /** of it, the last text, which is kept when there is more: what a long run says at its end counts most */
  tail: 16 * 1024,
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
  /** the last of what came after the cut */
  private tail = "";
  /** characters that came after the cut */
  private cut = 0;

  /** What may be shown of some text at once. */
  takeText(text: string): { shown: string; isFirstCut: boolean } {
    const room = Math.max(0, limits.text - limits.tail - this.text);
    const shown = text.slice(0, room);
    const kept = text.slice(room);
    const isFirstCut = kept !== "" && this.cut === 0;
    this.text += shown.length;
    this.cut += kept.length;
    this.tail = (this.tail + kept.slice(-limits.tail)).slice(-limits.tail);
    return { shown, isFirstCut };
  }

  /** What is shown when the cell ends: how many characters were left out, and the text after them. */
  takeTail(): { leftOut: number; tail: string } {
    const { cut, tail } = this;
    this.tail = "";
    return { leftOut: cut - tail.length, tail };
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
    this.tail = "";
    this.refused = false;
  }
}
