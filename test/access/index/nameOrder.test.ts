import { describe, expect, it } from "vitest";
import { pageOf } from "../../../src/access/index/listing/pages.js";
import { Bitmap } from "../../../src/access/index/store/Bitmap.js";
import { Interner } from "../../../src/access/index/store/Interner.js";
import { NameOrder } from "../../../src/access/index/store/NameOrder.js";
import { compareText } from "../../../src/domain/textOrder.js";

/** mulberry32 */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const some = [null, "", "ada", "Ada", "ADA", "ada b", "Zoë", "zoe", "\u0000", "\u{1F600}", "\uFFFD", "ß", "İ"];

/** What a list in order of names is, the slow way: whatever the case, without a name last, and then by id. */
function naiveOrder(names: ReadonlyMap<string, string | null>): string[] {
  const folded = (id: string) => names.get(id)?.toLowerCase().replaceAll("\u0000", " ") ?? null;
  return [...names.keys()].sort((left, right) => {
    const [one, other] = [folded(left), folded(right)];
    if (one === null || other === null)
      return Number(one === null) - Number(other === null) || compareText(left, right);
    return compareText(one, other) || compareText(left, right);
  });
}

/** Some that are numbered, with names that change. */
function makeNamed() {
  const ids = new Interner<string>();
  const names = new Map<string, string | null>();
  const order = new NameOrder(ids, (number) => names.get(ids.idOf(number) ?? "") ?? null);
  const put = (id: string, name: string | null) => {
    const number = ids.intern(id);
    names.set(id, name);
    order.touch(number);
  };
  const everybody = () => {
    const set = new Bitmap(ids.size);
    for (let number = 1; number < ids.size; number += 1) set.add(number);
    return set;
  };
  const idsIn = (numbers: readonly number[]) => numbers.map((number) => ids.idOf(number) ?? "");
  return { ids, names, order, put, everybody, idsIn };
}

describe("the order of names", () => {
  it.each(Array.from({ length: 20 }, (_, seed) => seed + 1))(
    "is that of a plain sort, whatever came before (seed %i)",
    (seed) => {
      const random = randomFrom(seed);
      const { names, order, put, everybody, idsIn } = makeNamed();
      for (let round = 0; round < 12; round += 1) {
        for (let count = Math.floor(random() * 90); count > 0; count -= 1)
          put(`id-${Math.floor(random() * 300)}`, some[Math.floor(random() * some.length)] ?? null);
        if (random() < 0.3) continue;
        const first = 1 + Math.floor(random() * 40);
        for (const isDescending of [false, true]) {
          const seen: string[] = [];
          for (let after: string | null = null, hasMore = true; hasMore; ) {
            const page = pageOf(everybody().words, order, { first, after, isDescending });
            seen.push(...idsIn(page.numbers));
            after = order.keyOf(page.numbers.at(-1) ?? 0);
            hasMore = page.hasMore;
          }
          const wanted = naiveOrder(names);
          expect(seen).toEqual(isDescending ? wanted.reverse() : wanted);
        }
      }
    },
  );

  it.each([false, true])("finds of few among many the same (backwards: %s)", (isDescending) => {
    const { ids, names, order, put, idsIn } = makeNamed();
    for (let number = 0; number < 1_000; number += 1) put(`id-${number}`, `name ${(number * 7_919) % 1_000}`);
    const wanted = naiveOrder(names).filter((_id, at) => at % 100 === 0);
    if (isDescending) wanted.reverse();
    const set = new Bitmap(ids.size);
    for (const id of wanted) set.add(ids.find(id));
    const first = pageOf(set.words, order, { first: 4, isDescending });
    expect(idsIn(first.numbers)).toEqual(wanted.slice(0, 4));
    const after = order.keyOf(first.numbers.at(-1) ?? 0);
    const next = pageOf(set.words, order, { first: 99, after, isDescending });
    expect([idsIn(next.numbers), first.hasMore, next.hasMore]).toEqual([wanted.slice(4), true, false]);
  });

  it("goes on where a cursor stands whose item has another name by now, or is gone from the set", () => {
    const { ids, order, put, everybody, idsIn } = makeNamed();
    for (const name of ["a", "b", "c", "d"]) put(`id-${name}`, name);
    const after = order.keyOf(ids.find("id-b"));
    put("id-b", "z");
    expect(idsIn(pageOf(everybody().words, order, { first: 9, after }).numbers)).toEqual(["id-c", "id-d", "id-b"]);
    const others = everybody();
    others.delete(ids.find("id-b"));
    const back = pageOf(others.words, order, { first: 9, after, isDescending: true });
    expect(idsIn(back.numbers)).toEqual(["id-a"]);
  });

  it("is made in steps that each place some hundreds, and nothing is done again for who did not change", () => {
    const { order, put } = makeNamed();
    for (let number = 0; number < 5_000; number += 1) put(`id-${number}`, `name ${(number * 7_919) % 5_000}`);
    expect([...order.settling()].length).toBe(19);
    put("id-7", "another");
    expect([...order.settling()].length).toBe(0);
    expect(order.length).toBe(5_000);
  });
});
