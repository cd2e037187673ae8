import type MarkdownIt from "markdown-it";

/** The type of the tokens that this rule makes; `info` holds the name and the attributes. */
export const containerToken = "lesson_container";

/**
 * A rule for markdown-it: `:::name attributes` … `:::`, as one token with the text in between.
 * The rule reports mistakes by a token whose `meta.problem` says what is wrong.
 */
export function containers(md: MarkdownIt): void {
  md.block.ruler.before(
    "fence",
    containerToken,
    (state, startLine, endLine, silent) => {
      const lineAt = (line: number) => state.src.slice(state.bMarks[line], state.eMarks[line]);
      if (!lineAt(startLine).startsWith(":::") || state.level > 0) return false;
      if (silent) return true;

      let problem = lineAt(startLine).trim() === ":::" ? "`:::` closes nothing" : undefined;
      let fence = "";
      let line = startLine + 1;
      for (; problem === undefined && line < endLine; line++) {
        const text = lineAt(line);
        const mark = /^(`{3,}|~{3,})/.exec(text)?.[1];
        if (fence) fence = mark && mark[0] === fence[0] && mark.length >= fence.length ? "" : fence;
        else if (mark) fence = mark;
        else if (text.trim() === ":::") break;
        else if (text.startsWith(":::")) {
          problem = `\`${text.trim()}\` stands inside another \`:::\` that is not closed`;
          break;
        }
      }
      if (!problem && line >= endLine)
        problem = `\`${lineAt(startLine).trim()}\` is not closed: a line \`:::\` is missing`;

      const token = state.push(containerToken, "", 0);
      token.info = lineAt(startLine).slice(3).trim();
      token.content = state.getLines(startLine + 1, line, 0, true);
      token.map = [startLine, Math.min(line + 1, endLine)];
      token.meta = { problem, line };
      state.line = problem ? endLine : line + 1;
      return true;
    },
    { alt: ["paragraph", "blockquote", "list"] },
  );
}
