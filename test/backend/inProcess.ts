/** For what a process can do only once: start a backend, apply the patches. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const requireHere = createRequire(__filename);
/** The files that the packages' names stand for. */
export const normlab: string = requireHere.resolve("normlab");
export const tfjs: string = requireHere.resolve("@tensorflow/tfjs");

/** Runs a script in a process of its own, with packages that exist only there; answers what it printed. */
export function inProcess(
  script: string,
  packages: Record<string, string> = {},
): { out: unknown; warnings: string[] } {
  const folder = mkdtempSync(join(tmpdir(), "normlab-backend-"));
  try {
    for (const [name, code] of Object.entries(packages)) {
      const file = join(folder, name, "index.js");
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, code);
    }
    const preamble = `
      const warnings = [];
      console.warn = (...words) => warnings.push(words.join(" "));
      const finish = (value) => process.stdout.write(JSON.stringify({ out: value, warnings }));
      const load = () => ({ tf: require(${JSON.stringify(tfjs)}), normlab: require(${JSON.stringify(normlab)}) });`;
    const main = join(folder, "main.js");
    writeFileSync(main, `${preamble}\n(async () => {${script}})().catch((error) => finish(error.message));`);
    const env = { ...process.env, NODE_PATH: folder };
    return JSON.parse(
      execFileSync(process.execPath, [main], { env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
