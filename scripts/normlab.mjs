#!/usr/bin/env node
// `npx normlab …`: the command line, once the package is built.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";

const main = "../dist/cli/main.js";
if (!existsSync(new URL(main, import.meta.url))) {
  console.error("normlab: the package is not built yet; run `npm start` or `npm run build` once.");
  process.exit(1);
}
createRequire(import.meta.url)(main);
