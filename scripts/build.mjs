// Builds the package: TypeScript to dist/, AssemblyScript kernels to dist/backend/, side by side.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

async function run(script, ...args) {
  const program = spawn(process.execPath, [script, ...args], { cwd: root, stdio: "inherit" });
  const [status] = await once(program, "close");
  if (status !== 0) process.exitCode = status ?? 1;
}

/** Twice: plain SIMD, and with fused multiply-add (relaxed SIMD) for machines and engines that have it. */
async function buildKernels() {
  const asc = join(dirname(require.resolve("assemblyscript/package.json")), "bin", "asc.js");
  const assembly = join("src", "backend", "assembly");
  for (const [name, ...options] of [
    ["kernels.wasm"],
    ["kernels-fma.wasm", "--enable", "relaxed-simd", "--use", "FMA=1"],
  ]) {
    const config = join(assembly, "asconfig.json");
    const outFile = join("dist", "backend", name);
    await run(asc, join(assembly, "index.ts"), "--config", config, "--outFile", outFile, ...options);
  }
}

mkdirSync(join(root, "dist", "backend"), { recursive: true });
await Promise.all([run(require.resolve("typescript/bin/tsc"), "-p", "."), buildKernels()]);
