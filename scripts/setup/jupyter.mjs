// What the project adds to its own Jupyter, inside .venv, so that the user's never sees it: the files of jupyter/ as
// they are, what its template for pages draws formulas and figures with, and the kernelspec `tslab`, which names Node and this
// folder.
import { cpSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where the environment's Python has its packages. */
function pythonPackages(venv) {
  if (process.platform === "win32") return join(venv, "Lib", "site-packages");
  const python = readdirSync(join(venv, "lib")).find((name) => name.startsWith("python"));
  return join(venv, "lib", python, "site-packages");
}

/** Puts it all into `venv`. */
export function furnishJupyter(root, venv = join(root, ".venv")) {
  for (const name of ["etc", "share"])
    cpSync(join(root, "jupyter", name), join(venv, name), { recursive: true });
  const template = join(venv, "share", "jupyter", "nbconvert", "templates", "normlab");
  for (const name of ["temml.min.js", "Temml-Local.css"])
    cpSync(join(root, "node_modules", "temml", "dist", name), join(template, name));
  // Minified: half as large as that of plotly.js-dist.
  const plotly = join(pythonPackages(venv), "plotly", "package_data", "plotly.min.js");
  cpSync(plotly, join(template, "plotly.min.js"));
  const spec = {
    argv: [process.execPath, join(root, "dist", "kernel", "main.js"), "--config-path={connection_file}"],
    display_name: "TypeScript (normlab)",
    language: "typescript",
    interrupt_mode: "message",
  };
  const path = join(venv, "share", "jupyter", "kernels", "tslab", "kernel.json");
  writeFileSync(path, `${JSON.stringify(spec, null, 2)}\n`);
}
