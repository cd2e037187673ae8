/** What the runner says about its cells, published under the request that each came from, however late. */
import type { MimeBundle } from "../../display";
import type { Message } from "../protocol/message";
import type { CellError, FromRunner } from "../wire";
import { optionsOf } from "./executeRequest";
import type { FrontEnd } from "./frontEnd";
import type { History } from "./history";
import { OutputJoiner } from "./outputJoiner";

/** What a number that the runner knows a cell by stands for. */
interface Parent {
  request: Message;
  executionCount: number;
  /** not the request's cell but one of its user expressions: nothing is shown, the reply carries its value */
  isExpression: boolean;
}

/** Cells whose late output can still be told apart; output of older ones is not shown. */
const remembered = 1000;

export class Outputs {
  private lastId = 0;
  private readonly parents = new Map<number, Parent>();
  /** what user expressions evaluated to */
  private readonly values = new Map<number, MimeBundle>();
  private readonly joiner: OutputJoiner;

  constructor(
    private readonly frontEnd: FrontEnd,
    private readonly history: History,
  ) {
    this.joiner = new OutputJoiner(({ cell, name, text }) => this.send("stream", { name, text }, cell));
  }

  /** The number for a cell, or for a user expression, that is going to run. */
  register(parent: Parent): number {
    const id = ++this.lastId;
    this.parents.set(id, parent);
    this.parents.delete(id - remembered);
    return id;
  }

  receive(message: FromRunner): void {
    switch (message.type) {
      case "stream":
        this.joiner.write(message);
        break;
      case "display":
        this.display(message);
        break;
      case "result":
        this.result(message);
        break;
      case "clear":
        this.publish("clear_output", { wait: message.wait }, message.cell);
        break;
      case "error":
        this.error(message.cell, message.error);
        break;
      case "input": {
        const parent = this.parents.get(message.cell);
        this.joiner.flush();
        if (parent) this.frontEnd.ask({ prompt: message.prompt, password: message.password }, parent.request);
      }
    }
  }

  private display({ cell, data, metadata, displayId, update }: FromRunner & { type: "display" }): void {
    const transient = displayId === undefined ? {} : { display_id: displayId };
    const show = (type: string) => this.publish(type, { data, metadata, transient }, cell);
    if (update && displayId !== undefined) this.joiner.update(displayId, () => show("update_display_data"));
    else show("display_data");
  }

  private result({ cell, data, metadata }: FromRunner & { type: "result" }): void {
    const parent = this.parents.get(cell);
    if (!parent) return;
    if (parent.isExpression) {
      this.values.set(cell, data);
      return;
    }
    const { silent, storeHistory } = optionsOf(parent.request);
    if (silent) return;
    const { executionCount } = parent;
    const text = data["text/plain"];
    if (storeHistory && typeof text === "string") this.history.setOutput(executionCount, text);
    this.publish("execute_result", { execution_count: executionCount, data, metadata }, cell);
  }

  /** Shows an error of a cell, unless nothing of it is to be shown. */
  error(cell: number, error: CellError): void {
    const parent = this.parents.get(cell);
    if (parent && !parent.isExpression && !optionsOf(parent.request).silent) {
      this.publish("error", { ...error }, cell);
    }
  }

  /** Tells that the runner ended while no cell ran: in the cell that ran last, which most likely is the cause. */
  lost(error: CellError): void {
    this.publish("error", { ...error }, this.lastId);
  }

  /** Output of the runner's process that no cell's code wrote through Node: of native libraries, say. */
  writeRaw(name: "stdout" | "stderr", text: string): void {
    this.joiner.write({ cell: this.lastId, name, text });
  }

  /** The value of a user expression that has been evaluated. */
  takeValue(id: number): MimeBundle {
    const value = this.values.get(id) ?? { "text/plain": "undefined" };
    this.values.delete(id);
    return value;
  }

  /** Publishes what still waits: a cell ends. */
  flush(): void {
    this.joiner.flushAll();
  }

  /** Sends a message after the text that waits. */
  private publish(type: string, content: Record<string, unknown>, cell: number): void {
    this.joiner.flush();
    this.send(type, content, cell);
  }

  private send(type: string, content: Record<string, unknown>, cell: number): void {
    const parent = this.parents.get(cell);
    if (parent) this.frontEnd.publish(type, content, parent.request);
  }
}
