// Takes away what packages bring and nothing here reads: half of what npm installs.
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const unused = [
  // Source maps of packages: only debuggers of the packages' own authors read them (230 MB).
  /\.map$/,
  // tfjs comes in eight builds. Node loads dist/*.node.js, a bundler dist/**/*.js of single modules (45 MB).
  /^@tensorflow\/[^/]+\/dist\/(.*\.(es2017|fesm|min)\.js(\.html)?|tf(-[\w-]+)?\.js|miniprogram\/.*)$/,
  // AssemblyScript calls Binaryen's index.js; these are command line tools (85 MB).
  /^binaryen\/bin\//,
];

/** All files of a folder; links are not followed: one of node_modules leads back to the project itself. */
function* filesOf(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesOf(path);
    else if (entry.isFile()) yield path;
  }
}

/** Removes the files of `folder` (a node_modules) that no program of this project reads. */
export function pruneNodePackages(folder) {
  for (const path of filesOf(folder)) {
    const name = path.slice(folder.length + 1).replaceAll("\\", "/");
    if (unused.some((pattern) => pattern.test(name))) rmSync(path);
  }
}
