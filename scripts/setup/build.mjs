// The package itself, from src/ to dist/.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withProgress } from "./progress.mjs";
import { hashOf, isStamped, run } from "./run.mjs";

/** Hash of everything the build reads. */
export function sourceStamp(root) {
  const files = readdirSync(join(root, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const inputs = [
    ...files,
    join(root, "tsconfig.json"),
    join(root, "scripts", "build.mjs"),
    join(root, "package-lock.json"),
  ];
  return hashOf(...inputs.flatMap((path) => [path, readFileSync(path)]));
}

export async function buildPackage(root, signal) {
  const file = join(root, "dist", ".normlab");
  const stamp = sourceStamp(root);
  if (isStamped(file, stamp)) return;
  await withProgress("Building normlab", async () => {
    // A deleted source file must not live on in dist/.
    rmSync(join(root, "dist"), { recursive: true, force: true });
    await run("building normlab", process.execPath, [join(root, "scripts", "build.mjs")], {
      cwd: root,
      signal,
    });
    writeFileSync(file, stamp);
  });
}
