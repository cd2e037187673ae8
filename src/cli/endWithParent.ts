/**
 * What a command starts ends with it, however it ends: each such program holds the reading end of a pipe, its
 * standard input, and ends when the other end closes. Here for Node; scripts/with_caller.py does it for Python.
 */
import { Socket } from "node:net";
import { isMainThread, Worker } from "node:worker_threads";

/** Ends this process when the one that started it is gone; a thread of its own sees it, however busy this one is. */
export function endWithParent(): void {
  new Worker(__filename).unref();
}

if (!isMainThread) {
  const end = () => process.kill(process.pid, "SIGKILL");
  new Socket({ fd: 0, readable: true, writable: false }).on("end", end).on("error", end).resume();
}
