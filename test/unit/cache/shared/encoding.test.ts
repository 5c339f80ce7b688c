import { expect, it } from "vitest";
import { decode, encode } from "../../../../src/cache/shared/encoding.js";

const bytesOf = async (value: unknown): Promise<Buffer> => {
  const bytes = await encode(["head"], value);
  if (bytes === null) throw new Error("it is too large");
  return bytes;
};

it("keeps what rows share as one, and lets others have their turn while a long list is put into bytes and back", async () => {
  const operation = { key: "read", target: "space" };
  const principals = Array.from({ length: 7 }, (_, number) => ({ kind: "group", groupId: `g${number}` }));
  const items = Array.from({ length: 20_000 }, (_, row) => ({
    key: `row ${row}`,
    principal: principals[row % 7],
    operation,
    createdAt: new Date(row),
  }));
  const list = { items, gaps: [], asOfMs: 1, assumptions: ["LICENSED"] };
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const bytes = await bytesOf(list);
  const between = turns;
  const { head, value } = await decode(bytes);
  isOver = true;
  expect(between).toBeGreaterThanOrEqual(4);
  expect(turns - between).toBeGreaterThanOrEqual(4);
  expect(head).toEqual(["head"]);
  expect(value).toStrictEqual(list);
  const read = value as typeof list;
  expect(read.items[0]?.principal).toBe(read.items[7]?.principal);
  expect(read.items[0]?.operation).toBe(read.items[3_999]?.operation);
  // Some ten bytes a row.
  expect(bytes.length).toBeLessThan(400_000);
});

it("leaves what is small as it is", async () => {
  expect((await bytesOf("A")).length).toBeLessThan(60);
});

it("refuses what is too large, and what is none of ours", async () => {
  const text = "x".repeat(1_000_000);
  const items = Array.from({ length: 5_000 }, (_, row) => (row % 100 === 0 ? `${row}${text}` : "x"));
  expect(await encode([], { items })).toBeNull();
  const bytes = await bytesOf({ items: ["A", "B"], text: "text ".repeat(1_000) });
  for (const broken of [
    Buffer.from(""),
    Buffer.from("garbage"),
    bytes.subarray(0, 20),
    Buffer.concat([Buffer.of(0, 0, 0, 0, 99), Buffer.from("cut off")]),
    Buffer.concat([Buffer.of(7), bytes.subarray(1)]),
  ])
    await expect(decode(broken)).rejects.toBeInstanceOf(Error);
});
