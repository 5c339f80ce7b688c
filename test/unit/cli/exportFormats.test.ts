import { read, utils } from "@e965/xlsx";
import { describe, expect, it } from "vitest";
import { type Cell, formats, type Row, writeSheet } from "../../../src/cli/export/formats.js";
import { ProgressBar } from "../../../src/cli/export/ProgressBar.js";
import type { Gap } from "../../../src/domain/Complete.js";

const gap: Gap = {
  ...{ missing: "what space 1 grants", kind: "AccessRefused", reason: "403." },
  ...{ call: null, retryAfterMs: null },
};
const columns = ["name", "permissions", "count", "isDirect", "input"];
const rowOf = (name: Cell): Row => [name, ["read/space", "create/page"], 2, true, { grants: ["a"] }];

function textOf(format: (typeof formats)[number], rows: readonly Row[], gaps: readonly Gap[] = []): string {
  return [...writeSheet(format, { columns, about: { site: "acme", what: "grants" }, gaps }, rows)].join("");
}

/** What a spreadsheet makes of a file: the rows of its only sheet, and every cell that it would run. */
function opened(text: string) {
  const book = read(Buffer.from(text), { type: "buffer" });
  const sheet = book.Sheets[book.SheetNames[0] ?? ""] ?? {};
  const cells = Object.entries(sheet).filter(([address]) => !address.startsWith("!"));
  return {
    rows: utils.sheet_to_json<Record<string, unknown>>(sheet),
    formulas: cells.filter(([, cell]) => (cell as { readonly f?: string }).f !== undefined).map(([address]) => address),
  };
}

describe("an export as csv", () => {
  const nasty = ["=1+1", "+1", "-1", "@SUM(A1)", " =1+1", "\t=1", "\r=1", "＝1+1", '=HYPERLINK("http://x","y")'];

  it.each(nasty)("holds nothing that a spreadsheet runs: %j", (name) => {
    const { rows, formulas } = opened(textOf("csv", [rowOf(name)]));
    expect(formulas).toEqual([]);
    expect(rows).toHaveLength(1);
    expect(String(rows[0]?.name)).toMatch(/^'/);
  });

  it("would be run without that: the spreadsheet is one that does", () => {
    expect(opened("name\r\n=1+1\r\n").formulas).toEqual(["A2"]);
  });

  it("opens with as many rows as there are, whatever stands in them", () => {
    const names = ["Ann", "Doe, John", 'say "hi"', "two\nlines", "Zoë", "", "日本", "a=b", "0012"];
    const { rows } = opened(
      textOf(
        "csv",
        Array.from({ length: 3_000 }, (_, index) => rowOf(names[index % names.length] ?? null)),
      ),
    );
    expect(rows).toHaveLength(3_000);
    expect(rows.slice(0, 5).map(({ name }) => name)).toEqual(["Ann", "Doe, John", 'say "hi"', "two\nlines", "Zoë"]);
    expect(rows[0]).toMatchObject({ permissions: "read/space create/page", count: 2, input: '{"grants":["a"]}' });
  });

  it("tells what is missing in a column of its own, behind the rows", () => {
    const { rows } = opened(textOf("csv", [rowOf("Ann")], [gap]));
    expect(rows.map((row) => row.gap)).toEqual([undefined, "Not known: what space 1 grants. 403."]);
    expect(textOf("csv", [rowOf("Ann")])).not.toContain("gap");
  });
});

it("is the same in json, with what it is of and what is missing", () => {
  expect(JSON.parse(textOf("json", [rowOf("=1"), rowOf(null)], [gap]))).toEqual({
    ...{ site: "acme", what: "grants", isComplete: false, gaps: [gap] },
    rows: ["=1", null].map((name) => ({
      ...{ name, permissions: ["read/space", "create/page"], count: 2, isDirect: true, input: { grants: ["a"] } },
    })),
  });
  expect(JSON.parse(textOf("json", []))).toMatchObject({ isComplete: true, gaps: [], rows: [] });
});

it("is a line a row in ndjson, and a line a gap", () => {
  const lines = textOf("ndjson", [rowOf("Ann")], [gap])
    .trimEnd()
    .split("\n");
  expect(lines.map((line) => JSON.parse(line) as object)).toEqual([expect.objectContaining({ name: "Ann" }), { gap }]);
});

it.each(formats)("makes no more rows than are asked for: %s", (format) => {
  let made = 0;
  function* endless(): Generator<Row> {
    for (;;) {
      made += 1;
      yield rowOf(`name ${made}`);
    }
  }
  const chunks = writeSheet(format, { columns, about: {}, gaps: [] }, endless());
  expect(chunks.next().value?.length).toBeGreaterThan(60_000);
  const first = made;
  expect(first).toBeLessThan(2_000);
  chunks.next();
  expect(made).toBeLessThan(2 * first + 10);
});

describe("the bar of its progress", () => {
  const drawn = (isTTY: boolean) => {
    const lines: string[] = [];
    let now = 0;
    const bar = new ProgressBar({ isTTY, write: (text) => lines.push(text) }, () => now);
    bar.show("spaces", 250, 1_000);
    now += 50;
    bar.show("spaces", 300, 1_000);
    now += 60;
    bar.show("spaces", 500, null);
    bar.show("spaces", 12_345, 12_345);
    bar.end();
    bar.end();
    return lines;
  };

  it("is drawn ten times a second at most, and at the end", () => {
    expect(drawn(true)).toEqual([
      `\r\u001b[K[${"#".repeat(8)}${".".repeat(22)}] 250 of 1,000 spaces`,
      `\r\u001b[K[${".".repeat(30)}] 500 spaces`,
      `\r\u001b[K[${"#".repeat(30)}] 12,345 of 12,345 spaces`,
      "\n",
    ]);
  });

  it("is not drawn where nobody looks", () => {
    expect(drawn(false)).toEqual([]);
  });
});
