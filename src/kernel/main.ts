/**
 * The notebook kernel: `node dist/kernel/main.js --config-path=CONNECTION_FILE`, as kernel.json says.
 *
 * This process, the *router*, speaks Jupyter's protocol and checks types; the cells run in another, the *runner*.
 * So the kernel answers while a cell runs, and outlives whatever a cell does (docs/kernel.md).
 */
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Kernel, type Language } from "./router/kernel";
import { Connection } from "./protocol/connection";

const usage = "normlab's kernel: --config-path=FILE is missing; it is Jupyter that starts kernels.";

function connectionFile(values: string[]): string {
  const at = values.findIndex((value) => value.startsWith("--config-path"));
  const path = values[at]?.split("=")[1] ?? values[at + 1];
  if (at < 0 || path === undefined) {
    console.error(usage);
    process.exit(2);
  }
  return path;
}

const turn = () => new Promise((next) => setTimeout(next, 5));

/**
 * Ends the kernel when whoever started it is gone without saying so: nobody could ever stop it otherwise.
 * Jupyter names itself in JPY_PARENT_PID (on Windows that is a handle, which Node can't read).
 */
function endWithParent(): void {
  const parent = Number(process.env.JPY_PARENT_PID);
  if (!parent || process.platform === "win32") return;
  const watch = setInterval(() => {
    try {
      process.kill(parent, 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ESRCH") process.exit(1);
    }
  }, 1000);
  watch.unref();
}

async function main(): Promise<void> {
  endWithParent();
  // Each cell makes a type checker and leaves it behind. V8 would let the heap double before it looks for such
  // garbage; this way memory stays about where it was, for no measurable time (docs/kernel.md).
  setFlagsFromString("--heap-growing-percent=30");
  const connection = new Connection(connectionFile(process.argv.slice(2)));
  let load: (language: Language) => void;
  const kernel = new Kernel(connection, new Promise((resolve) => (load = resolve)));
  process.on("SIGINT", () => kernel.interrupt());
  await kernel.open();
  // TypeScript takes a second to load, so it is loaded when the sockets are open and the runner is starting;
  // between its two halves the front end's first questions are answered.
  await turn();
  const { CellCompiler, completeness } = await import("./compiler/compiler");
  await turn();
  load!({ compiler: new CellCompiler(process.cwd(), join(__dirname, "../..")), completeness });
}

void main();
