import { describe, expect, it } from "vitest";
import { compareText } from "../../../../src/domain/textOrder.js";
import { KeptThings } from "../../../../src/loaders/engine/KeptThings.js";
import { readInOrder } from "../../../../src/readings/lists/KeptOrders.js";
import { ManualClock } from "../../../support/ManualClock.js";

interface Named {
  readonly id: string;
  readonly name: string | null;
}

function start() {
  const kept = new KeptThings(new ManualClock());
  let looks = 0;
  const read = (items: readonly Named[], name = "NAME") =>
    readInOrder({ store: { kept, site: { siteId: "a" } } }, "things", {
      ...{ items, of: [items] },
      ordering: {
        name,
        sortOf: (item) => {
          looks += 1;
          return item.name;
        },
        idOf: ({ id }) => id,
      },
    });
  return { kept, read, looks: () => looks };
}

const named = (count: number): Named[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `i${index}`,
    name: index % 97 === 0 ? null : `N${(index * 7_919) % count}`,
  }));

/** What one would get by sorting all of them. */
const sorted = (items: readonly Named[]) => {
  const keyOf = ({ id, name }: Named) => `${name === null ? "1" : `0${name.toLowerCase()}`}\u0000${id}`;
  return [...items].sort((left, right) => compareText(keyOf(left), keyOf(right)));
};
const itemsOf = (rows: readonly { readonly item: Named }[]) => rows.map(({ item }) => item);

describe("an order that is kept", () => {
  it("is made once for the same list, and looked at again for another", async () => {
    const { read, looks, kept } = start();
    const items = named(5_003);
    const first = await read(items);
    expect(itemsOf(first)).toEqual(sorted(items));
    expect(looks()).toBe(items.length);
    expect(await read(items)).toBe(first);
    expect(looks()).toBe(items.length);
    expect(kept.bytes).toBeGreaterThan(items.length * 100);
  });

  it("follows a list of which some came, went and were renamed", async () => {
    const { read } = start();
    const items = named(3_000);
    await read(items);
    const next = [
      ...items.slice(5).map((item, index) => (index % 500 === 0 ? { ...item, name: `m${index}` } : { ...item })),
      { id: "new", name: "N1" },
    ];
    const rows = await read(next);
    expect(itemsOf(rows)).toEqual(sorted(next));
    // The things are those of the new list, also where their place is the old one.
    expect(new Set(itemsOf(rows))).toEqual(new Set(next));
    expect(itemsOf(await read([]))).toEqual([]);
  });

  it("is of whoever asked, when two ask for different lists at once", async () => {
    const { read } = start();
    const [one, other] = [named(2_500), named(1_200)];
    const [left, right] = await Promise.all([read(one), read(other)]);
    expect([itemsOf(left), itemsOf(right)]).toEqual([sorted(one), sorted(other)]);
  });

  it("is kept for eight orders of a list, and the one that was not used for longest goes", async () => {
    const { read, looks } = start();
    const items = named(10);
    for (let number = 0; number < 9; number += 1) await read(items, `order ${number}`);
    const before = looks();
    await read(items, "order 1");
    expect(looks()).toBe(before);
    await read(items, "order 0");
    expect(looks()).toBe(before + items.length);
  });
});
