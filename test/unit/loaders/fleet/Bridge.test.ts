import { expect, it } from "vitest";
import type { SpaceId } from "../../../../src/domain/ids.js";
import type { ToldAbroad } from "../../../../src/loaders/engine/ChangeEvents.js";
import { Bridge } from "../../../../src/loaders/fleet/Bridge.js";
import { type Resumption, readBody, writeResumption } from "../../../../src/loaders/fleet/changeBody.js";

const told = (spaceId: string): ToldAbroad => ({
  ...{ url: "https://acme.example.com", orgId: null, isSeen: true },
  what: { kind: "spaceGrantsChanged", spaceId: spaceId as SpaceId },
});

function resumption(processId: string, applied: number, numbers: readonly number[], previous = "lost"): Resumption {
  return { processId, previous, applied, own: numbers.map((n) => ({ n, told: told(String(n)) })) };
}

const bridge = (...awaited: readonly string[]) => new Bridge({ epoch: "lost", n: 5, random: "r" }, new Set(awaited));

it("is whole once all have told who were there, and each number is accounted for that anybody had seen", () => {
  const over = bridge("one", "other");
  expect(over.take(resumption("one", 8, [4, 7]))).toEqual([told("7")]);
  expect(over.isWhole).toBe(false);
  expect(over.take(resumption("other", 6, [6]))).toEqual([told("6")]);
  expect(over.isWhole).toBe(false);
  // Who was not known to be there, and the same once more.
  for (const missed of [[told("8")], []]) expect(over.take(resumption("third", 8, [8]))).toEqual(missed);
  expect([over.isWhole, over.isBroken]).toEqual([true, false]);
});

it("is broken where a number was given twice, also one of those that were taken in", () => {
  for (const n of [4, 6]) {
    const over = bridge("one", "other");
    over.take(resumption("one", n, [n]));
    over.take(resumption("other", n, [n]));
    expect([n, over.isWhole, over.isBroken]).toEqual([n, false, true]);
  }
});

it("is broken where who was there comes from elsewhere; who was not, and does, is heard and accounts for no number", () => {
  const over = bridge("one");
  expect(over.take(resumption("stranger", 900, [6], "another"))).toEqual([told("6")]);
  expect([over.isWhole, over.isBroken]).toEqual([false, false]);
  expect(over.take(resumption("one", 5, [6], "another"))).toEqual([told("6")]);
  expect([over.isWhole, over.isBroken]).toEqual([false, true]);
});

it("is broken once it is over where somebody comes late who had seen more than is accounted for", () => {
  const over = bridge("one");
  over.take(resumption("one", 5, []));
  over.isOver = true;
  over.take(resumption("late", 6, [6]));
  expect(over.isBroken).toBe(false);
  over.take(resumption("later", 8, [8]));
  expect(over.isBroken).toBe(true);
});

it("reads what a process tells of it as it was told, and nothing that lacks something", () => {
  const whole = resumption("one", 8, [7, 8]);
  expect(readBody(writeResumption(whole))).toEqual(whole);
  const parts: readonly Readonly<Record<string, unknown>>[] = [
    { processId: 1 },
    { previous: null },
    { applied: "8" },
    { own: null },
    { own: [7] },
    { own: [{ n: "7", told: told("7") }] },
    { own: [{ n: 7, told: { ...told("7"), what: { kind: "everythingChanged" } } }] },
  ];
  for (const part of parts)
    expect([part, readBody(Buffer.from(JSON.stringify({ format: 1, ...whole, ...part })))]).toEqual([part, null]);
});
