/** How cells reach the front end: the part of the kernel that their execution may use. */
import type { Message } from "../protocol/message";

export interface FrontEnd {
  publish(type: string, content: Record<string, unknown>, parent: Message | undefined): void;
  reply(request: Message, content: Record<string, unknown>): void;
  ask(content: { prompt: string; password: boolean }, parent: Message): void;
  status(state: "busy" | "idle", parent: Message): void;
}
