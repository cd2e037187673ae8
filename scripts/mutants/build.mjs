// Run in Stryker's copy of the project: builds dist/ of its mutated sources, and gives it the project's packages, but
// for normlab itself, which is the copy.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const packages = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "node_modules");

mkdirSync("node_modules");
for (const name of readdirSync(packages)) {
  const target = name === "normlab" ? process.cwd() : join(packages, name);
  symlinkSync(target, join("node_modules", name), "junction");
}

// Emits and nothing else: what Stryker writes into the sources has no types, and imports need not be read for it.
const options = ["--noCheck", "--noResolve", "--isolatedModules"];
const off = ["--declaration", "--declarationMap", "--isolatedDeclarations", "--incremental"];
const args = [
  join(packages, "typescript", "bin", "tsc"),
  ...options,
  ...off.flatMap((name) => [name, "false"]),
];
const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
process.exit(status ?? 1);
