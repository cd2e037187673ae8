/** Messages of a kernel. All are kept, so none is lost because it came before somebody asked for it. */
import type { Message } from "../../dist/kernel/protocol/message";
import { within } from "./within";

type Condition = (message: Message) => boolean;

interface Reader {
  condition: Condition;
  take(message: Message): void;
  refuse(why: string): void;
}

export class Inbox {
  /** in the order in which they came */
  readonly messages: Message[] = [];
  private readonly readers = new Set<Reader>();
  private closed: string | undefined;

  add(message: Message): void {
    this.messages.push(message);
    for (const { condition, take } of this.readers) if (condition(message)) take(message);
  }

  /** Nothing more will come; `why` becomes the error of all who wait. */
  close(why: string): void {
    this.closed ??= why;
    for (const { refuse } of this.readers) refuse(this.closed);
  }

  /** The first message that satisfies a condition, whether it is here or still to come; `what` names it in errors. */
  async first(what: string, condition: Condition, milliseconds: number): Promise<Message> {
    const here = this.messages.find(condition);
    if (here) return here;
    let reader: Reader | undefined;
    const found = new Promise<Message>((take, fail) => {
      const refuse = (why: string) =>
        fail(new Error(`${why}, before ${what} came; what came: ${this.summary()}`));
      reader = { condition, take, refuse };
      this.readers.add(reader);
      if (this.closed !== undefined) refuse(this.closed);
    });
    try {
      return await within(milliseconds, what, found, () => this.summary());
    } finally {
      this.readers.delete(reader!);
    }
  }

  /** The last messages in words. */
  summary(): string {
    const words = this.messages.map(({ header: { msg_type }, content }) =>
      msg_type === "status" ? String(content.execution_state) : msg_type,
    );
    return (
      [words.length > 12 ? `${words.length - 12} messages` : [], words.slice(-12)].flat().join(", ") ||
      "nothing"
    );
  }
}
