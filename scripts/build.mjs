// Builds the package: TypeScript to dist/, AssemblyScript kernels to dist/backend/.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

function run(script, ...args) {
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

run(require.resolve("typescript/bin/tsc"), "-p", ".");
const kernels = join("src", "backend", "assembly", "index.ts");
if (existsSync(join(root, kernels))) {
  mkdirSync(join(root, "dist", "backend"), { recursive: true });
  const asc = join(dirname(require.resolve("assemblyscript/package.json")), "bin", "asc.js");
  const config = join("src", "backend", "assembly", "asconfig.json");
  // Twice: plain SIMD, and with fused multiply-add (relaxed SIMD) for machines and engines that have it.
  for (const [name, ...options] of [
    ["kernels.wasm"],
    ["kernels-fma.wasm", "--enable", "relaxed-simd", "--use", "FMA=1"],
  ]) {
    run(asc, kernels, "--config", config, "--outFile", join("dist", "backend", name), ...options);
  }
}
