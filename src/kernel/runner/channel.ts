/** Messages to the router, written before the call returns. */
import { writeSync } from "node:fs";
import { type FromRunner, messagesDescriptor } from "../wire";

const pause = new Int32Array(new SharedArrayBuffer(4));

export function send(message: FromRunner): void {
  let rest = Buffer.from(`${JSON.stringify(message)}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(messagesDescriptor, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(pause, 0, 0, 5); // the router is behind: let it read
    }
  }
}
