import { DisplayableBase, type MimeBundle } from "../display/displayable";
import {
  checkBoolean,
  checkCount,
  checkOptions,
  checkText,
  type OptionChecks,
  refuse,
} from "../tensor/validate";
import { announceNamed } from "./named";
import { checkList } from "./options";
import type { Provenance } from "./provenance";

export type Cell = string | number | null;

/** A column of a {@link Table}. */
export interface Column {
  title: string;
  /** Written after the title in brackets: "seconds per epoch (s)". */
  unit?: string;
  /** Digits after the decimal point; without it four significant digits. */
  digits?: number;
  /**
   * The numbers are times of this machine, different at every run: shown in the notebook, but kept out of the
   * table's file, so that a repeated `npm run reproduce` gives the same file.
   */
  time?: boolean;
}

export interface TableSpec {
  title: string;
  columns: readonly (Column | string)[];
  rows: readonly (readonly Cell[])[];
  caption?: string;
  name?: string;
  /** Where its numbers come from, for the manifest. */
  provenance?: Provenance;
}

const columnOptions: OptionChecks<Column> = {
  title: { required: checkText },
  unit: checkText,
  digits: checkCount,
  time: checkBoolean,
};

const tableOptions: OptionChecks<TableSpec> = {
  title: { required: checkText },
  columns: {
    required: (argument, value) => checkList(argument, value, "a list of titles or { title, unit, … }"),
  },
  rows: { required: checkRows },
  caption: checkText,
  name: checkText,
  provenance: true,
};

function checkRows(argument: string, value: unknown): void {
  if (!Array.isArray(value) || !value.every(Array.isArray))
    refuse(argument, value, "a list of rows of cells");
}

const escapeHtml = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/**
 * A table of results, readable everywhere: HTML for JupyterLab and GitHub, Markdown and aligned text elsewhere.
 *
 * @throws RangeError when a row has more or fewer cells than there are columns.
 */
export class Table extends DisplayableBase {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  readonly caption: string | undefined;
  readonly name: string | undefined;
  readonly provenance: Provenance;

  constructor(spec: TableSpec) {
    super();
    checkOptions("Table", spec, tableOptions);
    const { title, columns, rows, caption, name, provenance = {} } = spec;
    for (const [i, column] of columns.entries()) {
      if (typeof column !== "string") checkOptions(`Table (columns[${i}])`, column, columnOptions);
    }
    this.title = title;
    this.columns = columns.map((column) => (typeof column === "string" ? { title: column } : { ...column }));
    for (const [i, row] of rows.entries()) {
      if (row.length !== columns.length) {
        refuse(`Table: rows[${i}]`, row, `an array of ${columns.length} cells, one a column`);
      }
    }
    this.rows = rows.map((row) => [...row]);
    this.caption = caption;
    this.name = name;
    this.provenance = provenance;
  }

  /** The same table under a name, such as "mnist-results": as with figures. */
  named(name: string, provenance: Provenance = {}): Table {
    const all = { ...this.provenance, ...provenance };
    return announceNamed(new Table({ ...this, name, provenance: all }));
  }

  /** The same table without its columns of times. */
  withoutTimes(): Table {
    const kept = <T>(cells: readonly T[]): T[] => cells.filter((_, i) => !this.columns[i].time);
    return new Table({ ...this, columns: kept(this.columns), rows: this.rows.map((row) => kept(row)) });
  }

  toJSON(): {
    title: string;
    columns: readonly Column[];
    rows: readonly (readonly Cell[])[];
    caption?: string;
  } {
    const { title, columns, rows, caption } = this;
    return { title, columns, rows, ...(caption && { caption }) };
  }

  /** The column titles with their units. */
  headers(): string[] {
    return this.columns.map(({ title, unit }) => (unit ? `${title} (${unit})` : title));
  }

  /** All cells as they are written. */
  texts(): string[][] {
    return this.rows.map((row) =>
      row.map((cell, i) => {
        if (cell === null) return "–";
        if (typeof cell === "string") return cell;
        const { digits } = this.columns[i];
        if (digits === undefined) return String(Number(cell.toPrecision(4)));
        return cell.toFixed(digits).replace(/^-(0(\.0*)?)$/, "$1"); // no −0.000
      }),
    );
  }

  /** A column of numbers stands flush right. */
  isNumeric(column: number): boolean {
    return this.rows.some((row) => typeof row[column] === "number");
  }

  toMarkdown(): string {
    const line = (cells: readonly string[]) =>
      `| ${cells.map((cell) => cell.replace(/\|/g, "\\|")).join(" | ")} |`;
    const rule = this.columns.map((_, i) => (this.isNumeric(i) ? "---:" : "---"));
    const body = [line(this.headers()), line(rule), ...this.texts().map(line)].join("\n");
    return `**${this.title}**\n\n${body}\n${this.caption ? `\n${this.caption}\n` : ""}`;
  }

  toText(): string {
    const all = [this.headers(), ...this.texts()];
    const widths = this.columns.map((_, i) => Math.max(...all.map((row) => row[i].length)));
    const line = (row: readonly string[]) =>
      row
        .map((cell, i) => (this.isNumeric(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
        .join("  ")
        .trimEnd();
    const rule = widths.map((width) => "-".repeat(width)).join("  ");
    const parts = [this.title, line(all[0]), rule, ...all.slice(1).map(line)];
    return (this.caption ? [...parts, this.caption] : parts).join("\n");
  }

  toHtml(): string {
    const align = this.columns.map((_, i) => `style="text-align:${this.isNumeric(i) ? "right" : "left"}"`);
    const cells = (row: readonly string[], tag: string) =>
      row.map((cell, i) => `<${tag} ${align[i]}>${escapeHtml(cell)}</${tag}>`).join("");
    const body = this.texts().map((row) => `<tr>${cells(row, "td")}</tr>`);
    return [
      `<p><b>${escapeHtml(this.title)}</b></p>`,
      "<table>",
      `<thead><tr>${cells(this.headers(), "th")}</tr></thead>`,
      "<tbody>",
      ...body,
      "</tbody>",
      "</table>",
      ...(this.caption ? [`<p><small>${escapeHtml(this.caption)}</small></p>`] : []),
    ].join("\n");
  }

  /** The table as SVG text and as PNG bytes; only under Node. */
  async toPicture(): Promise<{ svg: string; png: Uint8Array }> {
    const { drawTable } = await import("./picture/picture");
    const { title, caption } = this;
    const numeric = this.columns.map((_, i) => this.isNumeric(i));
    return drawTable({ title, caption, headers: this.headers(), rows: this.texts(), numeric });
  }

  override toBundle(): MimeBundle {
    return { "text/html": this.toHtml(), "text/markdown": this.toMarkdown(), "text/plain": this.toText() };
  }
}
