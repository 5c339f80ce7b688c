import { describe, expect, it } from "vitest";
import { ReplyScanner } from "../../../src/fleet/redis/ReplyScanner.js";

function follows(commands: number, ...chunks: (string | Buffer)[]): boolean {
  const scanner = new ReplyScanner();
  for (let command = 0; command < commands; command += 1) scanner.expect();
  return chunks.every((chunk) => scanner.follow(Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk, "latin1")));
}

/** One of each kind, and some within others. */
const replies = [
  "+OK\r\n",
  "-ERR what\r\n",
  ":-12\r\n",
  "$5\r\n\r\n+\r\n\r\n",
  "$0\r\n\r\n",
  "$-1\r\n",
  "*-1\r\n",
  "*0\r\n",
  "*2\r\n*1\r\n:1\r\n$1\r\nx\r\n",
  "*3\r\n*0\r\n$-1\r\n*1\r\n*1\r\n+a\r\n",
];

describe("a scanner of replies", () => {
  it.each(replies)("follows %j, wherever it is cut, and counts it as one", (reply) => {
    for (let at = 0; at <= reply.length; at += 1) {
      expect([at, follows(1, reply.slice(0, at), reply.slice(at))]).toEqual([at, true]);
      expect([at, follows(1, reply.slice(0, at), `${reply.slice(at)}+`)]).toEqual([at, false]);
      expect([at, follows(2, reply.slice(0, at), reply.slice(at) + reply)]).toEqual([at, true]);
    }
  });

  it("follows many in one piece, and byte by byte", () => {
    const all = replies.join("");
    expect(follows(replies.length, all)).toBe(true);
    expect(follows(replies.length, ...all)).toBe(true);
    expect(follows(replies.length - 1, all)).toBe(false);
    expect(follows(replies.length - 1, ...all)).toBe(false);
  });

  it.each([
    "\r\n",
    "OK\r\n",
    "+OK\n",
    "$x\r\n",
    "$-2\r\n",
    "$1e3\r\n",
    ":\r\n",
    ":1.5\r\n",
    "_\r\n",
    ">1\r\n",
    "%1\r\n",
    "*1048577\r\n",
  ])("does not follow %j", (reply) => expect(follows(1, reply)).toBe(false));

  it("does not follow what has no end: lines, texts, lists in lists, and many parts that are together too large", () => {
    expect(follows(1, "+".padEnd(65_537, "a"))).toBe(false);
    expect(follows(1, `$${64 * 1024 * 1024 + 1}\r\n`)).toBe(false);
    expect(follows(1, "*1\r\n".repeat(9))).toBe(false);
    const megabyte = Buffer.from(`$${1024 * 1024}\r\n${"a".repeat(1024 * 1024)}\r\n`);
    expect(follows(1, "*100\r\n", ...Array.from({ length: 63 }, () => megabyte))).toBe(true);
    expect(follows(1, "*100\r\n", ...Array.from({ length: 64 }, () => megabyte))).toBe(false);
    // Each for itself is another matter.
    expect(follows(64, ...Array.from({ length: 64 }, () => megabyte))).toBe(true);
  });
});
