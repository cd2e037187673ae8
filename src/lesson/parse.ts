import MarkdownIt from "markdown-it";
import { containers, containerToken } from "./containers";
import { readFrontMatter } from "./frontMatter";
import { type Attributes, type Lesson, type LessonCell, LessonError, type Role } from "./lesson";

type Token = ReturnType<MarkdownIt["parse"]>[number];

const markdown = new MarkdownIt({ html: true }).use(containers);
const fenceRoles: Role[] = ["exercise", "check", "hidden"];
const containerRoles: Role[] = ["hint", "question", "why"];
/** How each attribute is read; undefined when it can't be, and what it must be. */
const attributeKinds: Record<keyof Attributes, { must: string; read: (text: string) => unknown }> = {
  id: {
    must: "lower-case letters, digits and hyphens",
    read: (text) => (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(text) ? text : undefined),
  },
  points: { must: "a positive number", read: positive },
  difficulty: {
    must: "a number from 1 to 5",
    read: (text) => (Number(text) <= 5 ? positive(text) : undefined),
  },
  minutes: { must: "a positive number", read: positive },
  uses: { must: "files of src, such as norm/standardize, with commas between them", read: list(/^[\w/]+$/) },
  without: { must: "names that normlab exports, with commas between them", read: list(/^\w+$/) },
  folded: { must: "given without a value", read: (text) => text === "" || undefined },
};

function positive(text: string): number | undefined {
  return Number(text) > 0 ? Number(text) : undefined;
}

function list(item: RegExp) {
  return (text: string): string[] | undefined =>
    text.split(",").every((each) => item.test(each)) ? text.split(",") : undefined;
}

class Parser {
  private readonly cells: LessonCell[] = [];
  constructor(
    private readonly file: string,
    private readonly lines: readonly string[],
  ) {}

  private fail(line: number, problem: string): LessonError {
    return new LessonError(this.file, line, problem);
  }

  private attributes(words: readonly string[], line: number): Attributes {
    const attributes: Record<string, unknown> = {};
    for (const word of words) {
      const [, key, value = ""] = /^(\w+)(?:=(\S+))?$/.exec(word) ?? [];
      if (!key || !Object.hasOwn(attributeKinds, key)) {
        const names = Object.keys(attributeKinds).map((name) => (name === "folded" ? name : `${name}=…`));
        throw this.fail(line, `can't read "${word}"; it must be one of ${names.join(", ")}.`);
      }
      if (key in attributes) throw this.fail(line, `${key} is given twice.`);
      const { must, read } = attributeKinds[key as keyof Attributes];
      attributes[key] = read(value);
      if (attributes[key] === undefined) throw this.fail(line, `${key} is "${value}"; it must be ${must}.`);
    }
    return attributes;
  }

  /** Text between two other cells, one cell for each section. */
  private addText(from: number, to: number, headings: ReadonlySet<number>): void {
    let start = from;
    for (let line = from; line <= to; line++) {
      if (line < to && !(headings.has(line) && line > start)) continue;
      const first = this.lines.slice(start, line).findIndex((text) => text.trim());
      if (first >= 0) {
        const source = this.lines
          .slice(start + first, line)
          .join("\n")
          .trimEnd();
        this.cells.push({ kind: "markdown", role: "text", attributes: {}, source, line: start + first + 1 });
      }
      start = line;
    }
  }

  private addFence(token: Token, [from, to]: [number, number]): void {
    const [, ...words] = token.info.trim().split(/\s+/);
    const [word] = words;
    const isRole = fenceRoles.includes(word as Role);
    if (word !== undefined && !isRole && word !== "folded" && !word.includes("=")) {
      throw this.fail(
        from + 1,
        `unknown role "${word}"; a \`ts\` fence is plain, or its role is one of ${fenceRoles.join(", ")}.`,
      );
    }
    this.cells.push({
      kind: "code",
      role: isRole ? (word as Role) : "code",
      attributes: this.attributes(isRole ? words.slice(1) : words, from + 1),
      source: this.lines.slice(from + 1, to - 1).join("\n"),
      line: from + 2,
    });
  }

  private addContainer(token: Token, from: number): void {
    const { problem, line } = token.meta as { problem?: string; line: number };
    if (problem) throw this.fail((problem.includes("stands inside") ? line : from) + 1, `${problem}.`);
    const [name, ...rest] = token.info.split(/\s+/);
    if (!containerRoles.includes(name as Role)) {
      throw this.fail(
        from + 1,
        `unknown container ":::${name}"; it must be one of ${containerRoles.map((r) => `:::${r}`).join(", ")}.`,
      );
    }
    this.cells.push({
      kind: "markdown",
      role: name as Role,
      attributes: this.attributes(rest, from + 1),
      source: token.content.trim(),
      line: from + 2,
    });
  }

  private checkClosed(token: Token, [from, to]: [number, number]): void {
    const last = this.lines[to - 1]?.trim() ?? "";
    if (to - 1 === from || !last.startsWith(token.markup) || last.replaceAll(token.markup[0], "") !== "") {
      throw this.fail(from + 1, `the fence \`${token.markup}${token.info}\` is not closed.`);
    }
  }

  parse(bodyStart: number): LessonCell[] {
    // The front matter's lines stay, empty, so that line numbers are the file's.
    const body = this.lines.map((line, i) => (i < bodyStart ? "" : line)).join("\n");
    const tokens = markdown.parse(body, {});
    const headings = new Set(
      tokens
        .filter(({ type, tag, level }) => type === "heading_open" && level === 0 && /h[123]/.test(tag))
        .map(({ map }) => map![0]),
    );
    let textStart = bodyStart;
    for (const token of tokens) {
      if (token.type !== "fence" && token.type !== containerToken) continue;
      const range = token.map as [number, number];
      if (token.type === "fence") this.checkClosed(token, range);
      const isCode = token.type === "fence" && /^ts(\s|$)/.test(token.info.trim());
      if (token.type === "fence" && !isCode) continue; // other languages stay in the text
      if (token.level > 0) {
        throw this.fail(
          range[0] + 1,
          "a cell must not stand inside a list or a quotation; use ```typescript to only show code.",
        );
      }
      this.addText(textStart, range[0], headings);
      if (isCode) this.addFence(token, range);
      else this.addContainer(token, range[0]);
      textStart = range[1];
    }
    this.addText(textStart, this.lines.length, headings);
    return this.cells;
  }
}

/**
 * Reads a lesson: front matter, text, `ts` fences with their roles, `:::` containers.
 *
 * @param text the Markdown
 * @param file the path for error messages; its last part without `.md` is the lesson's id
 * @throws LessonError with file and line on anything the format does not know
 */
export function parseLesson(text: string, file: string): Lesson {
  const lines = text.replace(/\r\n/g, "\n").split("\n");
  const { head, length } = readFrontMatter(lines, file);
  const id = file.replace(/^.*[\\/]/, "").replace(/\.md$/, "");
  return { id, file, ...head, cells: new Parser(file, lines).parse(length) };
}
