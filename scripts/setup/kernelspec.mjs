// The kernelspec `tslab`, inside .venv so that the user's own Jupyter never sees it.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export function writeKernelspec(root) {
  const folder = join(root, ".venv", "share", "jupyter", "kernels", "tslab");
  const spec = {
    argv: [process.execPath, join(root, "dist", "kernel", "main.js"), "--config-path={connection_file}"],
    display_name: "TypeScript (normlab)",
    language: "typescript",
    interrupt_mode: "message",
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(spec, null, 2)}\n`);
}
