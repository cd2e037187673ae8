/** Formulas in Markdown, between `$` or `$$` as in the lessons, drawn as MathML: a page that shows them needs no script. */
import { readFileSync } from "node:fs";
import type MarkdownIt from "markdown-it";
import temml from "temml";
import { escapeHtml } from "./html";

/** No formula that a person writes is longer; what is longer is shown as it was typed. */
const longest = 2000;

/** Nothing in a formula may name an address, a class or a style (`trust`), be larger than a line or expand without end. */
const limits = { throwOnError: true, trust: false, maxSize: [20, 20] as [number, number], maxExpand: 200 };

/** TeX as MathML; as it was typed where it can't be understood, so that a person still can. */
export function formulaHtml(tex: string, isDisplay: boolean): string {
  const sign = isDisplay ? "$$" : "$";
  try {
    if (tex.length > longest) throw new RangeError("too long");
    return temml.renderToString(tex, { ...limits, displayMode: isDisplay });
  } catch {
    // Whatever a student's TeX does to the parser (it may run out of stack), it is their text that counts.
    return `<code class="broken" title="this formula can't be drawn">${escapeHtml(sign + tex + sign)}</code>`;
  }
}

let style: string | undefined;

/** What a page with formulas needs beside its own style; without the font, which it could not load. */
export function formulaStyle(body: string): string {
  if (!body.includes("<math")) return "";
  style ??= readFileSync(require.resolve("temml/dist/Temml-Local.css"), "utf8")
    .replace(/\/\*[^]*?\*\//g, "")
    .replace(/@font-face\s*\{[^}]*\}/g, "");
  return style;
}

const dollar = "$".charCodeAt(0);
const backslash = "\\".charCodeAt(0);

/** Where the formula that begins before `from` ends: the place of `sign`, which no backslash stands before. */
function endOf(text: string, sign: string, from: number): number {
  for (let at = text.indexOf(sign, from); at >= 0; at = text.indexOf(sign, at + 1)) {
    if (text.charCodeAt(at - 1) !== backslash) return at;
  }
  return -1;
}

/** `$5 and $6` are prices: a formula within a line has spaces at both ends or at none, and no digit behind it. */
const isFormula = (tex: string, next: string): boolean =>
  /^\s/.test(tex) === /\s$/.test(tex) && !/^\d/.test(next);

/** A rule for markdown-it: `$…$` and `$$…$$`, in which no sign is Markdown's. */
export function formulas(md: MarkdownIt): void {
  md.inline.ruler.before("escape", "formula", (state, silent) => {
    const { src, pos } = state;
    if (src.charCodeAt(pos) !== dollar) return false;
    const sign = src.charCodeAt(pos + 1) === dollar ? "$$" : "$";
    const end = endOf(src, sign, pos + sign.length);
    const tex = src.slice(pos + sign.length, end);
    if (end < 0 || end >= state.posMax || tex.trim() === "") return false;
    if (sign === "$" && !isFormula(tex, src.slice(end + 1, end + 2))) return false;
    if (!silent) {
      const token = state.push("formula", "math", 0);
      token.content = tex;
      token.meta = { isDisplay: sign === "$$" };
    }
    state.pos = end + sign.length;
    return true;
  });
  // A formula of several lines, of which one may begin like a list: "+ \beta".
  md.block.ruler.before(
    "fence",
    "formula",
    (state, startLine, endLine, silent) => {
      const textAt = (line: number) =>
        state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line]);
      const first = textAt(startLine);
      if (!first.startsWith("$$") || endOf(first, "$$", 2) >= 0) return false;
      for (let line = startLine + 1; line < endLine && !state.isEmpty(line); line++) {
        if (!textAt(line).trimEnd().endsWith("$$")) continue;
        if (silent) return true;
        const lines = state.getLines(startLine, line + 1, state.blkIndent, false).trim();
        const token = state.push("formula", "math", 0);
        token.content = lines.slice(2, -2);
        token.meta = { isDisplay: true };
        token.map = [startLine, line + 1];
        state.line = line + 1;
        return true;
      }
      return false;
    },
    { alt: ["paragraph", "blockquote", "list"] },
  );
  md.renderer.rules.formula = (tokens, i) => {
    const { content, meta } = tokens[i] as { content: string; meta: { isDisplay: boolean } };
    return formulaHtml(content, meta.isDisplay);
  };
}
