import { expect, it } from "vitest";
import { UsernameBook } from "../../../src/confluence/datacenter/UsernameBook.js";
import type { AccountId } from "../../../src/domain/ids.js";
import { ManualClock } from "../../support/ManualClock.js";

const [ben, kim] = ["2c95ben", "2c95kim"] as readonly string[] as readonly [AccountId, AccountId];

it("a renamed account has its new name alone", () => {
  const book = new UsernameBook(new ManualClock());
  book.learn("Ben", ben);
  book.learn("ben.new", ben);
  expect([book.find("ben"), book.find("BEN.NEW")]).toEqual([undefined, ben]);
});

it("a name that was given away is its new holder's, and the former one's next name takes nothing from them", () => {
  const book = new UsernameBook(new ManualClock());
  book.learn("ben", ben);
  book.learn("ben", kim);
  book.learn("ben.new", ben);
  expect([book.find("ben"), book.find("ben.new")]).toEqual([kim, ben]);
});

it("a name that turned out to be nobody's leaves its former holder without one", () => {
  const book = new UsernameBook(new ManualClock());
  book.learn("ben", ben);
  book.learn("ben", null);
  book.learn("other", ben);
  expect([book.find("ben"), book.find("other")]).toEqual([null, ben]);
});

it("a name is believed for five minutes, and that nobody has it for fifteen seconds", async () => {
  const clock = new ManualClock();
  const book = new UsernameBook(clock);
  book.learn("ben", ben);
  book.learn("gone", null);
  await clock.advance(14_999);
  expect(book.find("gone")).toBeNull();
  await clock.advance(1);
  expect(book.find("gone")).toBeUndefined();
  await clock.advance(299_999 - 15_000);
  expect(book.find("ben")).toBe(ben);
  await clock.advance(1);
  expect(book.find("ben")).toBeUndefined();
});
