/** Jupyter counts a cursor in Unicode characters, JavaScript in UTF-16 units. */

/** Where the `cursor`-th character starts in the string. */
export function stringPosition(text: string, cursor: number): number {
  return Array.from(text).slice(0, cursor).join("").length;
}

/** How many characters come before a position in the string. */
export function cursorPosition(text: string, position: number): number {
  return Array.from(text.slice(0, position)).length;
}
