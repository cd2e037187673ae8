/** Outputs slowed down for the front end: text is joined, displays that are replaced too fast are thinned out. */

/** Text waits this long for more (ms). */
const joinMs = 25;
/** A display is replaced at most every so often (ms). */
const updateMs = 100;

interface StreamText {
  cell: number;
  name: "stdout" | "stderr";
  text: string;
}

export class OutputJoiner {
  private text: StreamText | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly updates = new Map<string, { timer: NodeJS.Timeout; latest?: () => void }>();

  constructor(private readonly sendText: (text: StreamText) => void) {}

  write(piece: StreamText): void {
    if (this.text && (this.text.cell !== piece.cell || this.text.name !== piece.name)) this.flush();
    if (this.text) this.text.text += piece.text;
    else this.text = { ...piece };
    this.timer ??= setTimeout(() => this.flush(), joinMs);
  }

  /** Sends the replacement of a display, or the latest one a little later. */
  update(displayId: string, sendUpdate: () => void): void {
    const entry = this.updates.get(displayId);
    if (entry) {
      entry.latest = sendUpdate;
      return;
    }
    sendUpdate();
    const timer = setTimeout(() => {
      const { latest } = this.updates.get(displayId)!;
      this.updates.delete(displayId);
      if (latest) this.update(displayId, latest);
    }, updateMs);
    this.updates.set(displayId, { timer });
  }

  /** Sends what waits; everything else that is sent comes after it. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { text } = this;
    this.text = undefined;
    if (text) this.sendText(text);
  }

  /** Sends the replacements that wait as well: the cell ends. */
  flushAll(): void {
    this.flush();
    for (const [displayId, { timer, latest }] of this.updates) {
      clearTimeout(timer);
      this.updates.delete(displayId);
      latest?.();
    }
  }
}
