// What the project adds to its own Jupyter, inside .venv, so that the user's never sees it: the files of jupyter/ as
// they are, what its template for pages draws formulas with, and the kernelspec `tslab`, which names Node and this
// folder.
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Puts it all into `venv`. */
export function furnishJupyter(root, venv = join(root, ".venv")) {
  for (const name of ["etc", "share"])
    cpSync(join(root, "jupyter", name), join(venv, name), { recursive: true });
  for (const name of ["temml.min.js", "Temml-Local.css"]) {
    const template = join(venv, "share", "jupyter", "nbconvert", "templates", "normlab");
    cpSync(join(root, "node_modules", "temml", "dist", name), join(template, name));
  }
  const spec = {
    argv: [process.execPath, join(root, "dist", "kernel", "main.js"), "--config-path={connection_file}"],
    display_name: "TypeScript (normlab)",
    language: "typescript",
    interrupt_mode: "message",
  };
  const path = join(venv, "share", "jupyter", "kernels", "tslab", "kernel.json");
  writeFileSync(path, `${JSON.stringify(spec, null, 2)}\n`);
}
