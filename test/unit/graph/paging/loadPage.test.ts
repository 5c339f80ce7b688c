import { expect, it } from "vitest";
import { SiteError } from "../../../../src/domain/SiteError.js";
import { loadPage, type PageArgs } from "../../../../src/graph/paging/loadPage.js";
import { Page } from "../../../../src/graph/paging/Page.js";
import { ManualClock } from "../../../support/ManualClock.js";

const context = { clock: new ManualClock() };
const whole = { items: ["a", "b", "c"], gaps: [], asOfMs: 1, assumptions: [] };

function ask(read: () => typeof whole | Promise<typeof whole>, page: PageArgs = { first: 2 }) {
  return loadPage(context, {
    list: ["Query.letters"],
    page,
    missing: "letters",
    read,
    orderKeyOf: (item) => item,
    nodesOf: (items) => items.map((item) => item.toUpperCase()),
  });
}

it("makes a page at once of what is at hand, and the same of what is read", async () => {
  const page = ask(() => whole);
  expect(page).toBeInstanceOf(Page);
  const read = ask(async () => whole);
  expect(read).toBeInstanceOf(Promise);
  for (const each of [page, read]) {
    const { nodes, totalCount, pageInfo } = await each;
    expect([nodes, totalCount, pageInfo.hasNextPage]).toEqual([["A", "B"], 3, true]);
  }
});

it("says what is missing where the list cannot be read, at once or later, and throws for a bug or a bad argument", async () => {
  const down = new SiteError("Unreachable", "Nobody answers.", { call: "GET /letters" });
  for (const read of [() => fail(down), async () => fail(down)]) {
    const { nodes, completeness, totalCount } = await ask(read);
    expect(nodes).toBeInstanceOf(SiteError);
    expect([completeness.missing.map(({ missing }) => missing), totalCount]).toEqual([["letters"], null]);
  }
  expect(() => ask(() => fail(new TypeError("a bug")))).toThrow("a bug");
  await expect(ask(async () => fail(new TypeError("a bug")))).rejects.toThrow("a bug");
  expect(() => ask(() => whole, { first: 0 })).toThrow("must be 1 to");
});

function fail(error: Error): never {
  throw error;
}
