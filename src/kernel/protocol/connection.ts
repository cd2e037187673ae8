/** The five ZeroMQ sockets of a Jupyter kernel. */
import { readFileSync } from "node:fs";
import { Publisher, Reply, Router } from "zeromq";
import { fromFrames, type Message, toFrames } from "./message";

interface ConnectionFile {
  transport: string;
  ip: string;
  key: string;
  shell_port: number;
  iopub_port: number;
  stdin_port: number;
  control_port: number;
  hb_port: number;
}

export type Channel = "shell" | "control" | "stdin";

/** Sends in order: a ZeroMQ socket takes one message at a time. */
class Outbox {
  private last: Promise<unknown> = Promise.resolve();
  constructor(private readonly socket: Publisher | Router) {}

  send(frames: (string | Buffer)[]): void {
    // A client that has gone away is not this kernel's failure.
    this.last = this.last.then(() => this.socket.send(frames)).catch(() => undefined);
  }

  get flushed(): Promise<unknown> {
    return this.last;
  }
}

export class Connection {
  private readonly file: ConnectionFile;
  private readonly heartbeat = new Reply();
  private readonly publisher = new Publisher({ sendHighWaterMark: 0 });
  private readonly routers: Record<Channel, Router> = {
    shell: new Router({ sendHighWaterMark: 0 }),
    control: new Router({ sendHighWaterMark: 0 }),
    stdin: new Router({ sendHighWaterMark: 0 }),
  };
  private readonly outboxes = {
    iopub: new Outbox(this.publisher),
    shell: new Outbox(this.routers.shell),
    control: new Outbox(this.routers.control),
    stdin: new Outbox(this.routers.stdin),
  };

  constructor(path: string) {
    this.file = JSON.parse(readFileSync(path, "utf8")) as ConnectionFile;
  }

  /** Binds all sockets and hands every message to `receive`. */
  async open(receive: (message: Message, channel: Channel) => void): Promise<void> {
    const { file } = this;
    const separator = file.transport === "ipc" ? "-" : ":";
    const address = (port: number) => `${file.transport}://${file.ip}${separator}${port}`;
    await Promise.all([
      this.publisher.bind(address(file.iopub_port)),
      this.heartbeat.bind(address(file.hb_port)),
      this.routers.shell.bind(address(file.shell_port)),
      this.routers.control.bind(address(file.control_port)),
      this.routers.stdin.bind(address(file.stdin_port)),
    ]);
    void this.beat();
    for (const channel of ["shell", "control", "stdin"] as const) void this.listen(channel, receive);
  }

  private async beat(): Promise<void> {
    for await (const frames of this.heartbeat) {
      // The socket may have been closed between a beat's arrival and its echo.
      if (this.heartbeat.closed) return;
      await this.heartbeat.send(frames);
    }
  }

  private async listen(
    channel: Channel,
    receive: (message: Message, channel: Channel) => void,
  ): Promise<void> {
    for await (const frames of this.routers[channel]) {
      let message: Message;
      try {
        message = fromFrames(frames, this.file.key);
      } catch (error) {
        console.error(`normlab's kernel: ignored ${(error as Error).message}`);
        continue;
      }
      receive(message, channel);
    }
  }

  publish(message: Message, topic: string = message.header.msg_type): void {
    this.outboxes.iopub.send(toFrames({ ...message, identities: [Buffer.from(topic)] }, this.file.key));
  }

  send(message: Message, channel: Channel): void {
    this.outboxes[channel].send(toFrames(message, this.file.key));
  }

  /** Closes the sockets once everything sent so far has left. */
  async close(): Promise<void> {
    await Promise.all(Object.values(this.outboxes).map((outbox) => outbox.flushed));
    for (const socket of [this.publisher, this.heartbeat, ...Object.values(this.routers)]) socket.close();
  }
}
