import type { Gap } from "../../domain/Complete.js";

export const formats = ["csv", "json", "ndjson"] as const;
export type Format = (typeof formats)[number];

/** What stands in one cell; several values of one cell, and plain data, are told apart by the format. */
export type Cell = string | number | boolean | null | readonly string[] | Readonly<Record<string, unknown>>;
export type Row = readonly Cell[];

/** What goes around the rows of a file. */
export interface Sheet {
  readonly columns: readonly string[];
  /** Of which site, what, and as of when: what a file says of itself where its format has room for it. */
  readonly about: Readonly<Record<string, unknown>>;
  /** What is missing of the rows; told in the file only where it was asked for all the same. */
  readonly gaps: readonly Gap[];
}

/** A chunk of text to be written at once: large enough for few writes, small enough for little memory. */
const chunkLength = 65_536;

/** The text of a file, in chunks; no more of it is made than is asked for. */
export function* writeSheet(format: Format, sheet: Sheet, rows: Iterable<Row>): Generator<string> {
  let text = "";
  for (const part of writers[format](sheet, rows)) {
    text += part;
    if (text.length < chunkLength) continue;
    yield text;
    text = "";
  }
  if (text !== "") yield text;
}

const writers: Readonly<Record<Format, (sheet: Sheet, rows: Iterable<Row>) => Generator<string>>> = {
  *csv({ columns, gaps }, rows) {
    const isTold = gaps.length > 0;
    // The mark at the beginning tells spreadsheets that the text is UTF-8.
    yield `\ufeff${csvLine(isTold ? [...columns, "gap"] : columns)}`;
    for (const row of rows) yield csvLine(isTold ? [...row, null] : row);
    for (const gap of gaps) yield csvLine([...columns.map(() => null), gapText(gap)]);
  },
  *ndjson({ columns, gaps }, rows) {
    for (const row of rows) yield `${JSON.stringify(objectOf(columns, row))}\n`;
    for (const gap of gaps) yield `${JSON.stringify({ gap })}\n`;
  },
  *json({ columns, about, gaps }, rows) {
    const head = JSON.stringify({ ...about, isComplete: gaps.length === 0, gaps }, null, 2);
    yield `${head.slice(0, -2)},\n  "rows": [`;
    let separator = "\n";
    for (const row of rows) {
      yield `${separator}    ${JSON.stringify(objectOf(columns, row))}`;
      separator = ",\n";
    }
    yield "\n  ]\n}\n";
  },
};

/** What is missing, and why, in one line. */
export function gapText({ missing, reason }: Gap): string {
  return `Not known: ${missing}. ${reason}`;
}

function objectOf(columns: readonly string[], row: Row): Record<string, Cell> {
  return Object.fromEntries(columns.map((column, index) => [column, row[index] ?? null]));
}

function csvLine(row: Row): string {
  return `${row.map(csvCell).join(",")}\r\n`;
}

/**
 * What a spreadsheet would run as a formula gets an apostrophe in front, which makes it a text: names and sentences come from
 * whoever could choose them. Full-width signs count as well.
 */
const formula = /^[\s\u00a0\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

function csvCell(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number" || typeof cell === "boolean") return String(cell);
  const plain = typeof cell === "string" ? cell : Array.isArray(cell) ? cell.join(" ") : JSON.stringify(cell);
  const harmless = formula.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
