/** A line of a cell with a caret below it, as error messages show it. */

/** `line` counts from 1, `column` from 0; one line of context above. */
export function excerpt(source: string, line: number, column: number, length = 1): string[] {
  const lines = source.split("\n");
  const text = lines[line - 1];
  if (text === undefined) return [];
  const width = String(line).length;
  const numbered = (n: number) => `${n === line ? ">" : " "} ${String(n).padStart(width)} | ${lines[n - 1]}`;
  const carets = "^".repeat(Math.max(1, Math.min(length, text.length - column)));
  // Tabs stay tabs, so that the caret stands below its character.
  const indent = text.slice(0, column).replace(/[^\t]/g, " ");
  return [
    ...(line > 1 && lines[line - 2].trim() !== "" ? [numbered(line - 1)] : []),
    numbered(line),
    `  ${" ".repeat(width)} | ${indent}${carets}`,
  ];
}
