/** The kernel as Jupyter sees it: every request that the protocol knows, answered. */
import { randomUUID } from "node:crypto";
import type { CellCompiler, completeness } from "../compiler/compiler";
import type { Channel, Connection } from "../protocol/connection";
import { type Message, messageFor } from "../protocol/message";
import { Executions } from "./executions";
import type { FrontEnd } from "./frontEnd";
import { History } from "./history";
import { kernelInfo } from "./kernelInfo";

/** The compiler, loaded when the sockets are open. */
export interface Language {
  compiler: CellCompiler;
  completeness: typeof completeness;
}

type Content = Record<string, unknown>;

export class Kernel implements FrontEnd {
  private readonly session = randomUUID();
  private readonly history = new History();
  private readonly executions: Executions;
  private readonly channels = new WeakMap<Message, Channel>();

  constructor(
    private readonly connection: Connection,
    private readonly language: Promise<Language>,
  ) {
    const compiler = language.then((loaded) => loaded.compiler);
    this.executions = new Executions(this, compiler, this.history);
  }

  async open(): Promise<void> {
    await this.connection.open((message, channel) => {
      this.channels.set(message, channel);
      void this.receive(message);
    });
    this.publish("status", { execution_state: "starting" }, undefined);
  }

  interrupt(): void {
    this.executions.interrupt();
  }

  private async receive(message: Message): Promise<void> {
    const type = message.header.msg_type;
    if (type === "execute_request") {
      this.executions.add(message);
      return;
    }
    if (type === "input_reply") {
      this.executions.answer(String(message.content.value ?? ""));
      return;
    }
    this.status("busy", message);
    try {
      const content = await this.answer(type, message.content, message);
      if (content) this.reply(message, { status: "ok", ...content });
    } catch (error) {
      const { name, message: evalue, stack } = error as Error;
      this.reply(message, { status: "error", ename: name, evalue, traceback: String(stack).split("\n") });
    }
    this.status("idle", message);
    // The front end shows the last state it heard of, and a cell may still be running.
    if (this.executions.running) this.status("busy", this.executions.running);
    if (type === "shutdown_request") await this.close();
  }

  /** The content of a reply; `undefined` where the protocol wants none. */
  private async answer(type: string, content: Content, message: Message): Promise<Content | undefined> {
    switch (type) {
      case "kernel_info_request":
        return kernelInfo;
      case "is_complete_request":
        return (await this.language).completeness(String(content.code));
      case "complete_request": {
        const { compiler } = await this.language;
        return { ...compiler.complete(String(content.code), Number(content.cursor_pos)) };
      }
      case "inspect_request": {
        const { compiler } = await this.language;
        const text = compiler.inspect(String(content.code), Number(content.cursor_pos));
        return {
          found: text !== undefined,
          data: text === undefined ? {} : { "text/plain": text },
          metadata: {},
        };
      }
      case "history_request":
        return { history: this.history.answer(content) };
      case "comm_info_request":
        return { comms: {} };
      case "comm_open":
        // There are no targets to talk to; the protocol's answer to that is to close.
        this.publish("comm_close", { comm_id: content.comm_id, data: {} }, message);
        return undefined;
      case "interrupt_request":
        this.interrupt();
        return {};
      case "shutdown_request":
        return { restart: content.restart === true };
      default:
        return undefined;
    }
  }

  private async close(): Promise<void> {
    this.executions.close();
    await this.connection.close();
  }

  // ─── FrontEnd ───

  publish(type: string, content: Content, parent: Message | undefined): void {
    this.connection.publish(messageFor(parent, type, content, this.session));
  }

  status(state: "busy" | "idle", parent: Message): void {
    this.publish("status", { execution_state: state }, parent);
  }

  reply(request: Message, content: Content): void {
    const type = request.header.msg_type.replace(/_request$/, "_reply");
    this.connection.send(
      messageFor(request, type, content, this.session),
      this.channels.get(request) ?? "shell",
    );
  }

  ask(content: { prompt: string; password: boolean }, parent: Message): void {
    this.connection.send(messageFor(parent, "input_request", content, this.session), "stdin");
  }
}
