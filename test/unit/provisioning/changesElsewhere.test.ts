import { describe, expect, it, onTestFinished } from "vitest";
import type { SpaceId } from "../../../src/domain/ids.js";
import { spaceGrants } from "../../../src/loaders/grants.js";
import { ChangesElsewhere } from "../../../src/provisioning/guards/ChangesElsewhere.js";
import type { ChangeRecord, RecordEntry } from "../../../src/record/ChangeRecord.js";
import { RecordUnavailable } from "../../../src/record/Sql.js";
import { ManualClock } from "../../support/ManualClock.js";
import { serveTestSite } from "../../support/serveTestSite.js";

/** A record in which others write, and a store that remembers what space 1 grants. */
async function open(isThere = () => true) {
  const clock = new ManualClock();
  const { store } = serveTestSite({
    url: "http://127.0.0.1:9",
    email: "someone@example.com",
    apiToken: "token",
    clock,
  });
  onTestFinished(() => store.site.close());
  const entries: RecordEntry[] = [];
  const there = <T>(answer: T): Promise<T> =>
    isThere() ? Promise.resolve(answer) : Promise.reject(new RecordUnavailable("away"));
  let pages = 0;
  const record: Pick<ChangeRecord, "chain" | "headOf"> = {
    headOf: () => there(entries.at(-1) ?? null),
    chain: (_siteId, after, first) => {
      pages += 1;
      return there(entries.slice(after, after + first));
    },
  };
  let written = 0;
  const write = (...spaces: readonly string[]) => {
    for (const spaceId of spaces) {
      written += 1;
      entries.push({ number: entries.length + 1, hash: `${written}`, subject: { spaceId } } as unknown as RecordEntry);
    }
    return entries.at(-1) as RecordEntry;
  };
  /** A server takes over that has not heard of the last few. */
  const lose = (count: number) => void entries.splice(-count);
  const one = "1" as SpaceId;
  const nothing = { items: [], gaps: [], assumptions: [], asOfMs: store.clock.now() };
  store.of(spaceGrants).prime(one, nothing, store.clock.now());
  const isRemembered = () => store.of(spaceGrants).remembered(one) !== undefined;
  return { store, record, write, lose, isRemembered, pages: () => pages, one };
}

describe("what other processes have changed", () => {
  it("are the spaces that the record names since this one began, but for its own changes, until they are read", async () => {
    const { store, record, write, isRemembered } = await open();
    write("before");
    const elsewhere = new ChangesElsewhere(record, store);
    await elsewhere.look();
    expect(ChangesElsewhere.of(store)).toBe(elsewhere);
    elsewhere.noteOwn(write("own"));
    const { number } = write("2", "3");
    expect([...(await elsewhere.look())]).toEqual([
      ["2", number - 1],
      ["3", number],
    ]);
    // Changed once more before what was read counted.
    write("2");
    elsewhere.settle("3" as SpaceId, number);
    await elsewhere.look();
    elsewhere.settle("2" as SpaceId, number - 1);
    expect([...(await elsewhere.look()).keys()]).toEqual(["2"]);
    expect(isRemembered()).toBe(true);
  });

  it("may be anything where nobody could tell at the beginning, or too much was", async () => {
    let isThere = false;
    const { store, record, write, isRemembered, pages, one } = await open(() => isThere);
    const elsewhere = new ChangesElsewhere(record, store);
    await expect(elsewhere.look()).rejects.toThrow("could not be looked up in the record");
    expect(isRemembered()).toBe(true);
    isThere = true;
    expect((await elsewhere.look()).size).toBe(0);
    expect(isRemembered()).toBe(false);
    store.of(spaceGrants).prime(one, { items: [], gaps: [], assumptions: [], asOfMs: 0 }, store.clock.now());
    write(...Array.from({ length: 60_000 }, () => "7"));
    await elsewhere.look();
    expect([pages(), isRemembered()]).toEqual([100, false]);
    await elsewhere.look();
    expect(pages()).toBe(101);
  });

  it("may be anything where a server took over that lacks the last that is known, and gives its number to another", async () => {
    const { store, record, write, lose, isRemembered } = await open();
    const elsewhere = new ChangesElsewhere(record, store);
    write("2", "3", "3");
    await elsewhere.look();
    lose(2);
    write("1", "2", "2");
    await elsewhere.look();
    expect(isRemembered()).toBe(false);
  });

  it("are told from its own by what they say, not by a number that a server which took over gives once more", async () => {
    const { store, record, write, lose } = await open();
    const elsewhere = new ChangesElsewhere(record, store);
    write("2");
    await elsewhere.look();
    elsewhere.noteOwn(write("3"));
    lose(1);
    write("4");
    expect([...(await elsewhere.look()).keys()]).toEqual(["2", "4"]);
  });
});
