/** The inputs of this session, for `history_request`. */
const session = 1;

interface Entry {
  line: number;
  input: string;
  output?: string;
}

/** `glob` as IPython's search understands it: `*` and `?`, anywhere in the text. */
function globPattern(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${source}$`, "s");
}

export class History {
  private readonly entries: Entry[] = [];

  add(line: number, input: string): void {
    this.entries.push({ line, input });
  }

  setOutput(line: number, output: string): void {
    const entry = this.entries.findLast((candidate) => candidate.line === line);
    if (entry) entry.output = output;
  }

  /** The `history` of a reply: `[session, line, input]`, or `[session, line, [input, output]]`. */
  answer(request: Record<string, unknown>): unknown[] {
    const found = this.select(request);
    return found.map(({ line, input, output }) => [
      session,
      line,
      request.output ? [input, output ?? null] : input,
    ]);
  }

  private select(request: Record<string, unknown>): Entry[] {
    const n = typeof request.n === "number" ? request.n : 10;
    switch (request.hist_access_type) {
      case "range": {
        // Session 0 is the present one; older sessions are not kept.
        if (request.session !== 0 && request.session !== session) return [];
        const start = typeof request.start === "number" ? request.start : 1;
        const stop = typeof request.stop === "number" ? request.stop : Infinity;
        return this.entries.filter(({ line }) => line >= start && line < stop);
      }
      case "search": {
        const pattern = globPattern(typeof request.pattern === "string" ? request.pattern : "*");
        let found = this.entries.filter(({ input }) => pattern.test(input));
        if (request.unique)
          found = found.filter(({ input }, i) => found.findLastIndex((e) => e.input === input) === i);
        return found.slice(-n);
      }
      default:
        return this.entries.slice(-n);
    }
  }
}
