/** A client of a Jupyter kernel: sends requests, keeps all messages, waits for those that are asked for. */
import { Dealer, Subscriber } from "zeromq";
import { fromFrames, type Message, messageFor, toFrames } from "../../dist/kernel/protocol/message";
import { Inbox } from "./inbox";

/** Where the sockets are, as a connection file says it. */
export interface Ports {
  shell_port: number;
  iopub_port: number;
  stdin_port: number;
  control_port: number;
}

export const key = "test";
const session = "test-session";
/** How long anything may take (ms): much longer than on any busy machine. */
export const patience = 90_000;
type Channel = "shell" | "control" | "stdin";
type Content = Record<string, unknown>;

/** Everything that came because of one execute request. */
export interface CellRun {
  reply: Content;
  /** `stream`, `display_data`, `execute_result`, `error`, … in order */
  messages: Message[];
  stdout: string;
  stderr: string;
  /** `text/plain` of the result */
  result: string | undefined;
  /** the traceback of all errors, as one text */
  errors: string;
}

interface Started {
  id: string;
  done: Promise<CellRun>;
}

const isReply = ({ header }: Message): boolean => header.msg_type.endsWith("_reply");
export const isIdleOf = (id: string) => (m: Message) =>
  m.parent.msg_id === id && m.header.msg_type === "status" && m.content.execution_state === "idle";

export class KernelClient {
  protected readonly inbox: Inbox = new Inbox();
  private readonly iopub = new Subscriber({ receiveHighWaterMark: 0 });
  // The kernel asks on stdin whoever asked on shell, so both have one identity.
  private readonly sockets: Record<Channel, Dealer> = {
    shell: new Dealer({ routingId: session, linger: 0 }),
    control: new Dealer({ routingId: session, linger: 0 }),
    stdin: new Dealer({ routingId: session, linger: 0 }),
  };

  constructor(ports: Ports) {
    this.iopub.subscribe();
    this.iopub.connect(`tcp://127.0.0.1:${ports.iopub_port}`);
    void this.listen(this.iopub);
    for (const channel of ["shell", "control", "stdin"] as const) {
      this.sockets[channel].connect(`tcp://127.0.0.1:${ports[`${channel}_port`]}`);
      void this.listen(this.sockets[channel]);
    }
  }

  private async listen(socket: Dealer | Subscriber): Promise<void> {
    for await (const frames of socket) this.inbox.add(fromFrames(frames, key));
  }

  /** All that came on iopub and stdin. */
  get published(): Message[] {
    return this.inbox.messages.filter((message) => !isReply(message));
  }

  /** Sends a message; its id. */
  async send(type: string, content: Content = {}, channel: Channel = "shell"): Promise<string> {
    const message = messageFor(undefined, type, content, session);
    await this.sockets[channel].send(toFrames(message, key));
    return message.header.msg_id;
  }

  /** The first message published since the start, or from now on, that satisfies a condition; `what` names it. */
  waitFor(what: string, condition: (message: Message) => boolean): Promise<Message> {
    return this.inbox.first(what, (message) => !isReply(message) && condition(message), patience);
  }

  /** Waits until a cell has printed a text. */
  printed(id: string, text: string): Promise<Message> {
    const what = `${JSON.stringify(text)} printed by the cell`;
    return this.waitFor(what, (m) => m.parent.msg_id === id && m.content.text === text);
  }

  /** The reply to a request that was sent. */
  replyTo(id: string, type: string): Promise<Message> {
    const isItsReply = (m: Message) => isReply(m) && m.parent.msg_id === id;
    return this.inbox.first(`the reply to ${type}`, isItsReply, patience);
  }

  /** Sends a request and answers with the content of its reply. */
  async request(type: string, content: Content = {}, channel: Channel = "shell"): Promise<Content> {
    const id = await this.send(type, content, channel);
    return (await this.replyTo(id, type)).content;
  }

  /** Sends a cell without waiting. */
  async begin(code: string, options: Content = {}): Promise<Started> {
    const id = await this.send("execute_request", {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: false,
      ...options,
    });
    const done = this.doneRun(id);
    done.catch(() => undefined); // a test need not wait for a cell that it lets run on
    return { id, done };
  }

  private async doneRun(id: string): Promise<CellRun> {
    const { content: reply } = await this.replyTo(id, "execute_request");
    await this.waitFor("the end of execute_request", isIdleOf(id));
    const messages = this.messagesOf(id);
    const of = (type: string) => messages.filter((m) => m.header.msg_type === type);
    const textOf = (name: string) =>
      of("stream")
        .filter((m) => m.content.name === name)
        .map((m) => m.content.text as string)
        .join("");
    const data = of("execute_result")[0]?.content.data as Record<string, string> | undefined;
    const errors = of("error").flatMap((m) => m.content.traceback as string[]);
    return {
      reply,
      messages,
      stdout: textOf("stdout"),
      stderr: textOf("stderr"),
      result: data?.["text/plain"],
      errors: errors.join("\n"),
    };
  }

  /** What was published because of a request, but for status and inputs. */
  messagesOf(id: string): Message[] {
    return this.published.filter(
      (m) => m.parent.msg_id === id && !["status", "execute_input"].includes(m.header.msg_type),
    );
  }

  /** Runs a cell to its end. */
  async run(code: string, options: Content = {}): Promise<CellRun> {
    return (await this.begin(code, options)).done;
  }

  async answerInput(value: string): Promise<void> {
    await this.send("input_reply", { status: "ok", value }, "stdin");
  }

  interrupt(): Promise<Content> {
    return this.request("interrupt_request", {}, "control");
  }

  protected disconnect(): void {
    for (const socket of [this.iopub, ...Object.values(this.sockets)]) socket.close();
  }
}
