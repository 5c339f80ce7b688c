/** A table for a terminal: the first column to the left, the others to the right. */
export function formatTable(head, rows) {
  const texts = [head, ...rows].map((row) =>
    row.map((cell) => (cell === null || cell === undefined ? "–" : String(cell))),
  );
  const widths = head.map((_, column) => Math.max(...texts.map((row) => row[column].length)));
  const lines = texts.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join("  "),
  );
  lines.splice(1, 0, widths.map((width) => "-".repeat(width)).join("  "));
  return `${lines.join("\n")}\n`;
}

/** `0.38 (0.35–0.41)`. */
export function withSpread(summary) {
  return summary === null || summary === undefined ? null : `${summary.median} (${summary.least}–${summary.most})`;
}
