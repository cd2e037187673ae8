/** CSV as spreadsheets write it, with commas, semicolons or tabs, and as they may safely open it. */
import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { CourseworkError } from "../errors";

export interface CsvTable {
  /** What stands between its columns. */
  delimiter: string;
  header: string[];
  rows: Record<string, string>[];
}

/** @throws CourseworkError that names the file */
export function readCsv(path: string): CsvTable {
  try {
    const text = readFileSync(path, "utf8");
    const [first] = text.split(/\r?\n/);
    const count = (delimiter: string) => first.split(delimiter).length;
    const delimiter = [",", ";", "\t"].reduce((a, b) => (count(b) > count(a) ? b : a));
    const [header = [], ...rows] = parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as string[][];
    const cells = (row: string[]) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? ""]));
    return { delimiter, header, rows: rows.map(cells) };
  } catch (error) {
    throw new CourseworkError(`${path} can't be read as CSV: ${(error as Error).message}`);
  }
}

/**
 * The text of a table. What a spreadsheet would take for a formula (`=cmd()`) is written with an apostrophe before it,
 * which makes it a text there.
 */
export function csvText(
  header: readonly string[],
  rows: readonly Record<string, unknown>[],
  delimiter = ",",
): string {
  return stringify(
    rows.map((row) => header.map((name) => row[name] ?? "")),
    { header: true, columns: [...header], escape_formulas: true, delimiter },
  );
}

/** A text without the apostrophe that {@link csvText} put before what a spreadsheet would take for a formula. */
export const withoutApostrophe = (text: string): string => text.replace(/^'(?=[=+\-@])/, "");

/** A column under any of its usual names, whatever their case, spaces and signs. */
export function columnNamed(header: readonly string[], ...names: string[]): string | undefined {
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");
  return names
    .map((name) => header.find((each) => plain(each) === plain(name)))
    .find((each) => each !== undefined);
}
