/**
 * The text of a function, the same whichever program compiled it: normlab's kernel writes `$cells.x` for a name of an
 * earlier cell and asks in each loop whether to stop, TypeScript writes `(0, module_1.x)(…)` for an import. What is
 * read from outside the function does not count.
 */
export const functionText = (of: (...values: never[]) => unknown): string =>
  of
    .toString()
    .replace(/\bif \(\$stop\[0\]\)\s*\$cell\.stop\(\);?/g, "")
    .replace(/\(0, [\w$]+\.(\w+)\)/g, "$1")
    .replace(/(?:\$cells|normlab_\d+)\./g, "")
    .replace(/\/\/[^\n]*$/gm, "")
    .replace(/\s+/g, " ");
