import { expect, it } from "vitest";
import { SpaceKeys } from "../../../../src/confluence/datacenter/context.js";
import type { SpaceId, SpaceKey } from "../../../../src/domain/ids.js";
import { ManualClock } from "../../../support/ManualClock.js";

const [old, young] = ["131074", "999"] as readonly string[] as readonly [SpaceId, SpaceId];
const [docs, lower, eng] = ["DOCS", "docs", "ENG"] as readonly string[] as readonly [SpaceKey, SpaceKey, SpaceKey];

it("a key that another space has now is no longer the former one's, in any letter case", () => {
  const book = new SpaceKeys(new ManualClock());
  book.learn(old, docs);
  book.learn(young, lower);
  expect([book.keyOf(old), book.keyOf(young)]).toEqual([undefined, lower]);
  expect([book.isFresh(old), book.isFresh(young)]).toEqual([false, true]);
});

it("what a space is called now is what counts, and the key that it had can be another's", () => {
  const book = new SpaceKeys(new ManualClock());
  book.learn(old, docs);
  book.learn(old, eng);
  book.learn(young, docs);
  expect([book.keyOf(old), book.keyOf(young)]).toEqual([eng, docs]);
});

it("a space that was forgotten takes no key from one that is learned later", () => {
  const book = new SpaceKeys(new ManualClock());
  book.learn(old, docs);
  book.forget(old);
  book.learn(young, docs);
  book.forget(old);
  expect([book.keyOf(old), book.keyOf(young)]).toEqual([undefined, docs]);
});

it("a key is fresh for five minutes after every reading, and known for longer", async () => {
  const clock = new ManualClock();
  const book = new SpaceKeys(clock);
  book.learn(old, docs);
  await clock.advance(299_999);
  expect(book.isFresh(old)).toBe(true);
  await clock.advance(1);
  expect([book.isFresh(old), book.keyOf(old)]).toEqual([false, docs]);
  book.learn(old, docs);
  expect([book.isFresh(old), book.keyOf(old)]).toEqual([true, docs]);
});
