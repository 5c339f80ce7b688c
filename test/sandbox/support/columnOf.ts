import { fieldOf } from "./fieldOf.js";

/** One field of every row of `results`; fails the test where there are no results. */
export function columnOf(body: unknown, path: string): unknown[] {
  const rows = fieldOf(body, "results");
  if (!Array.isArray(rows)) throw new Error(`no results in ${JSON.stringify(body)}`);
  return rows.map((row: unknown) => fieldOf(row, path));
}
