import { parse } from "graphql";
import { describe, expect, it } from "vitest";
import { DocumentStore } from "../../../src/server/graphql.js";

const documentOf = (length: number) => parse(`{ ${"a".repeat(length - 4)} }`);

describe("DocumentStore", () => {
  it("drops the longest unused documents when the total is reached", async () => {
    const store = new DocumentStore({ totalCharacters: 100, longestDocument: 60 });
    await store.set("a", documentOf(50));
    await store.set("b", documentOf(50));
    await store.get("a");
    await store.set("c", documentOf(50));
    expect(
      [await store.get("a"), await store.get("b"), await store.get("c")].map((found) => found !== undefined),
    ).toEqual([true, false, true]);
  });

  it("does not let one huge document crowd the others out", async () => {
    const store = new DocumentStore({ totalCharacters: 100, longestDocument: 60 });
    await store.set("a", documentOf(50));
    await store.set("huge", documentOf(90));
    expect(await store.get("huge")).toBeUndefined();
    expect(await store.get("a")).toBeDefined();
  });
});
