/** All that needs Node's own modules: a build for web pages replaces this one file. */

import { createRequire } from "node:module";

const requirePackage = createRequire(__filename);

/** The package, or undefined where it is not installed. A package that is there but broken throws. */
export function loadOptionalPackage(name: string): unknown {
  try {
    return requirePackage(name);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "MODULE_NOT_FOUND" && message.includes(`'${name}'`)) return undefined;
    throw error;
  }
}
