// Runs a program and ends, with all that it started, when whoever called it is gone, however that ended.
//     with-caller.mjs PROGRAM ARGUMENTS… < PIPE
// The caller keeps PIPE open. Start this as the leader of a process group (`detached`), which is what is ended.
import { spawn, spawnSync } from "node:child_process";

const windows = process.platform === "win32";
const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, {
  stdio: ["ignore", "inherit", "inherit"],
  // On Windows only a shell finds npm.
  shell: windows && !/\.exe$/i.test(command),
});

function end() {
  if (!windows) process.kill(0, "SIGKILL");
  if (child.pid) spawnSync("taskkill", ["/pid", String(child.pid), "/t", "/f"]);
  process.exit(1);
}
process.stdin.on("close", end).on("error", end).resume();
// The program gets it too, as part of the group, and says how it ends.
process.on("SIGINT", () => {});

child.on("error", (error) => {
  console.error(error.message);
  process.exit(127);
});
child.on("exit", (status) => process.exit(status ?? 1));
