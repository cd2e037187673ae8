/**
 * Ends what a test process started when that process is gone, however it ended: a Ctrl+C in the terminal reaches neither
 * a program in a group of its own nor a test's `afterAll`. Lines on stdin: the number of a process group, with a minus
 * sign once it has ended.
 */
import { createInterface } from "node:readline";

const groups = new Set();
createInterface({ input: process.stdin })
  .on("line", (line) => (line.startsWith("-") ? groups.delete(line.slice(1)) : groups.add(line)))
  .on("close", () => {
    signal("SIGTERM");
    setTimeout(signal, groups.size ? 20_000 : 0, "SIGKILL");
  });

function signal(name) {
  for (const group of groups) {
    try {
      process.kill(-Number(group), name);
    } catch {
      groups.delete(group); // it has ended
    }
  }
}
