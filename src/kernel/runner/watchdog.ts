/**
 * A thread beside the one that runs cells. A cell's number on its pipe raises the flag that loops look at; the
 * pipe's end means that the router is gone, and then nobody needs this process any more, however busy it is.
 */
import { Socket } from "node:net";
import { workerData } from "node:worker_threads";
import { watchdogDescriptor } from "../wire";

const flag = workerData as Int32Array;
const pipe = new Socket({ fd: watchdogDescriptor, readable: true, writable: false });
let text = "";
pipe.on("data", (chunk) => {
  text += chunk.toString();
  const lines = text.split("\n");
  text = lines.pop()!;
  if (lines.length > 0) Atomics.store(flag, 0, Number(lines.at(-1)));
});
const end = () => process.kill(process.pid, "SIGKILL");
pipe.on("end", end);
pipe.on("error", end);
