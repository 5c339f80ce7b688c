import { describe, expect, it } from "vitest";
import { InputError } from "../../../../src/graph/errors/errorCodes.js";
import { decodeCursor, encodeCursor } from "../../../../src/graph/paging/Page.js";
import { nastyTexts, randomText, seededRandom } from "../nastyTexts.js";

const list = ["Query.spaces", null, null];

function reasonOf(read: () => unknown): unknown {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return error instanceof InputError ? [error.extensions.code, error.extensions.reason] : null;
  }
  return null;
}

describe("a cursor", () => {
  it("is read back as the place it names, whatever the order key", () => {
    const random = seededRandom(42);
    const keys = ["", ...nastyTexts, ...Array.from({ length: 500 }, () => randomText(random))];
    for (const key of keys) {
      const cursor = encodeCursor(list, key);
      expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(decodeCursor(list, cursor)).toBe(key);
    }
  });

  it.each([
    ["another field", ["Query.groups", null, null]],
    ["another site", ["Query.spaces", "acme", null]],
    ["another filter", ["Query.spaces", null, { text: "x" }]],
    ["no filter at all", ["Query.spaces", null]],
  ])("is refused by a list of %s", (_, other) => {
    expect(reasonOf(() => decodeCursor(other, encodeCursor(list, "a")))).toEqual([
      "BAD_USER_INPUT",
      "CURSOR_OF_ANOTHER_LIST",
    ]);
  });

  it("is refused where it was made for an equal text in another part of the identity", () => {
    const cursor = encodeCursor(["Group.members", "a", "b"], "x");
    expect(reasonOf(() => decodeCursor(["Group.members", "a,b"], cursor))).not.toBeNull();
    expect(reasonOf(() => decodeCursor(["Group.members", "ab", ""], cursor))).not.toBeNull();
  });

  const packed = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  it.each([
    "",
    "abc",
    "💥",
    packed({}),
    packed([]),
    packed(["one"]),
    packed([1, 2]),
    packed(["a", "b", "c"]),
    packed(null),
  ])("is not read from %j", (text) => {
    expect(reasonOf(() => decodeCursor(list, text))).toEqual(["BAD_USER_INPUT", "INVALID_CURSOR"]);
  });

  it("tells nothing of the filter it was made for", () => {
    const cursor = encodeCursor(["Query.accounts", { emails: ["someone@example.com"] }], "key");
    expect(Buffer.from(cursor, "base64url").toString()).not.toContain("someone");
  });
});
