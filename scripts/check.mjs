// `npm run check`: everything a change must pass, in the order in which it fails fastest.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const bin = (name) => join("node_modules", name);
const steps = [
  ["set-up", "scripts/setup.mjs"],
  ["types of the tests", bin("typescript/bin/tsc"), "-p", "test"],
  ["lint", bin("eslint/bin/eslint.js"), "."],
  ["format", bin("prettier/bin/prettier.cjs"), "--check", "--log-level=warn", "."],
  ["generated files", "scripts/normlab.mjs", "lessons", "--check"],
  ["tests", bin("vitest/vitest.mjs"), "run"],
];

for (const [title, ...args] of steps) {
  console.log(`— ${title}`);
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  if (status !== 0) {
    console.error(`check: ${title} failed`);
    process.exit(1);
  }
}
console.log("check: all is well");
