import { describe, expect, it, onTestFinished, vi } from "vitest";
import { Turns } from "../../../src/callers/Turns.js";
import { LongText } from "../../../src/server/operations/planned/texts.js";
import { WrittenData } from "../../../src/server/operations/planned/WrittenData.js";
import { bodyOf, type WrittenAnswer, writeAnswer } from "../../../src/server/operations/writeAnswer.js";

const row = (at: number) => ({
  id: `row ${at}`,
  names: ["ä", "\u2028", '"'],
  at: new Date(at),
  none: null,
  left: undefined,
});
const rows = (count: number) => Array.from({ length: count }, (_, at) => row(at));
const most = 100_000_000;

/** As its client reads it. */
const sentOf = async (written: WrittenAnswer) => ({
  text: String(await bodyOf(written)),
  isTooLong: written.isTooLong,
});

describe("an answer", () => {
  it("of 1,000 rows is written at once", async () => {
    const answer = { data: { rows: rows(1_000) } };
    const written = writeAnswer(answer, most, new Turns());
    if (written instanceof Promise) throw new Error("It waits for others.");
    expect(await sentOf(written)).toEqual({ text: JSON.stringify(answer), isTooLong: false });
  });

  it("of 1,000 rows is written in pieces where others have asked lately", async () => {
    const answer = { data: { rows: rows(1_000) } };
    const written = writeAnswer(answer, most, { isBeside: () => true });
    expect(written).toBeInstanceOf(Promise);
    expect(await sentOf(await written)).toEqual({ text: JSON.stringify(answer), isTooLong: false });
  });

  it.each([
    ["many rows", { data: { rows: rows(20_000) } }],
    ["wide rows", { errors: undefined, data: { rows: [{ inner: rows(9_000) }, null, { inner: rows(9_000) }, 7] } }],
    ["long texts", { data: { rows: Array.from({ length: 100 }, () => "x".repeat(50_000)) } }],
    ["one long list of short ones", { data: Array.from({ length: 60_000 }, () => [1]) }],
  ])("of %s is written in pieces, as it would be at once", async (_what, answer) => {
    let turns = 0;
    let isWritten = false;
    const count = () => {
      turns += 1;
      if (!isWritten) setImmediate(count);
    };
    setImmediate(count);
    const written = await writeAnswer(answer, most);
    isWritten = true;
    expect(await sentOf(written)).toEqual({ text: JSON.stringify(answer), isTooLong: false });
    // Some twenty to forty pieces, of which two may go in one turn.
    expect(turns).toBeGreaterThan(5);
  });

  it("of data that are written already is put together in pieces, also where its errors are long", async () => {
    const pieces = Array.from({ length: 128 }, (_, at) => `${at === 0 ? "[" : ","}"${"x".repeat(20_000)}"`);
    const data = new WrittenData(new LongText([...pieces, "]"]), new Set());
    const errors = rows(400);
    const waited = vi.spyOn(Turns.prototype, "wait");
    onTestFinished(() => waited.mockRestore());
    const written = await writeAnswer({ errors, data }, most, { isBeside: () => true });
    expect(written.pieces.join("")).toBe(JSON.stringify({ errors, data: JSON.parse(data.text) }));
    expect(waited.mock.calls.length).toBeGreaterThan(4);
  });

  it("of many pieces has its bytes counted as they are put together, and not once more when it is sent", async () => {
    const pieces = Array.from({ length: 200 }, (_, at) => `${at === 0 ? "[" : ","}"${"é".repeat(3_000)}"`);
    const data = new WrittenData(new LongText([...pieces, "]"]), new Set());
    const written = await writeAnswer({ data }, most, { isBeside: () => true });
    expect(written.bytes).toBe(Buffer.byteLength(written.pieces.join("")));
    const counting = vi.spyOn(Buffer, "byteLength");
    try {
      expect(String(await bodyOf(written))).toBe(written.pieces.join(""));
      expect(counting).not.toHaveBeenCalled();
    } finally {
      counting.mockRestore();
    }
  });

  it.each([
    ["short", 100],
    ["long", 30_000],
  ])("that is longer than is sent says so in its place: %s", async (_what, count) => {
    const { text, isTooLong } = await sentOf(await writeAnswer({ data: { rows: rows(count) } }, 5_000));
    expect(isTooLong).toBe(true);
    expect(JSON.parse(text)).toMatchObject({
      data: null,
      errors: [{ extensions: { code: "RESPONSE_TOO_LARGE", maxBytes: 5_000 } }],
    });
  });
});
