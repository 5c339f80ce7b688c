import { beforeEach, describe, expect, it } from "vitest";
import { Secret } from "../../../../src/config/Secret.js";
import type { WhatChanged } from "../../../../src/domain/Change.js";
import type { SpaceId } from "../../../../src/domain/ids.js";
import { keysOfText, Sealer } from "../../../../src/fleet/Sealer.js";
import { fleetLimits } from "../../../../src/loaders/fleet/limits.js";
import type { News } from "../../../../src/loaders/fleet/positions/News.js";
import { longestToken, PositionTokens } from "../../../../src/loaders/fleet/positions/PositionTokens.js";
import { spaceGrants } from "../../../../src/loaders/grants.js";
import { ManualClock } from "../../../support/ManualClock.js";
import { serveConfiguredSite } from "../../../support/serveConfiguredSite.js";
import { MemoryFleet } from "./MemoryFleet.js";
import { type Keeping, nameOf, quiet, startKeeping, url } from "./startKeeping.js";

const cloud = {
  CONFLUENCE_URL: "https://acme.atlassian.net",
  CONFLUENCE_EMAIL: "svc@example.com",
  CONFLUENCE_API_TOKEN: "token",
};
const space = (id: string): WhatChanged => ({ kind: "spaceGrantsChanged", spaceId: id as SpaceId });

describe("a position that callers are handed", () => {
  const tokensOf = (word: string) => {
    const sealer = new Sealer(keysOfText([new Secret(word)]));
    const sealing = { seal: sealer.seal.bind(sealer), open: sealer.open.bind(sealer) };
    return new PositionTokens({ key: (scope, ...parts) => sealer.key(scope, parts), ...sealing });
  };
  const tokens = tokensOf("a word of this deployment");
  const newsOf = (count: number): News => ({
    taken: [{ epoch: "epoch", n: 7, random: "r" }],
    stretches: [{ processId: "one", first: 1, last: count }],
    changes: Array.from({ length: count }, (_, at) => ({
      ...{ processId: "one", ticket: at + 1 },
      // So that one can hardly be written by the one before.
      told: { url, orgId: null, isSeen: true, what: space(String(Math.sin(at))) },
    })),
  });

  it("is read as it was written", () => {
    expect(tokens.read(tokens.inStream({ epoch: "epoch", n: 7, random: "r" }))).toEqual({
      kind: "stream",
      place: { epoch: "epoch", n: 7, random: "r" },
    });
    for (const news of [null, newsOf(3)])
      expect(tokens.read(tokens.apart("one", 3, news))).toEqual({ kind: "apart", processId: "one", ticket: 3, news });
  });

  it("is none where anything of it is changed, or another deployment wrote it", () => {
    for (const text of [
      tokens.inStream({ epoch: "epoch", n: 7, random: "r" }),
      tokens.apart("one", 3, newsOf(2)),
      tokens.apart("one", 3, null),
    ]) {
      expect(tokens.read(text)).not.toBeNull();
      expect(tokensOf("another word").read(text)).toBeNull();
      for (let at = 0; at < text.length; at += 1) {
        const changed = `${text.slice(0, at)}${text[at] === "7" ? "8" : "7"}${text.slice(at + 1)}`;
        expect([changed, tokens.read(changed)]).toEqual([changed, null]);
      }
      for (const cut of [text.slice(1), text.slice(0, -1), `${text}.`, `${text}.7`])
        expect(tokens.read(cut)).toBeNull();
    }
    for (const text of ["", ".", "...", "epoch.7", "a.b.c", "x".repeat(longestToken + 1)])
      expect(tokens.read(text)).toBeNull();
  });

  it("leaves out the oldest changes where they are too many for a header, and still says which they are", () => {
    const text = tokens.apart("one", 500, newsOf(500));
    expect(text.length).toBeLessThanOrEqual(longestToken);
    const token = tokens.read(text);
    if (token?.kind !== "apart" || token.news === null) throw new Error("It tells nothing.");
    const { stretches, changes } = token.news;
    expect(stretches).toEqual([{ processId: "one", first: 1, last: 500 }]);
    expect(changes.length).toBeGreaterThan(10);
    expect(changes.map(({ ticket }) => ticket)).toEqual(
      Array.from({ length: changes.length }, (_, at) => 501 - changes.length + at),
    );
  });
});

describe("while the engine is away", () => {
  let clock: ManualClock;
  let fleet: MemoryFleet;
  let one: Keeping;
  let other: Keeping;
  let third: Keeping;
  const all = () => [one, other, third];
  const goAway = () => {
    for (const { stream } of all()) stream.turn(false);
  };
  const comeBack = async () => {
    for (const { stream } of all()) stream.turn(true);
    await quiet();
  };
  /** Where it has to look for something first. */
  const answerOf = async (each: Keeping, position: string) => {
    const footing = Promise.resolve(each.keeping.footing(position));
    await quiet();
    await clock.advance(fleetLimits.catchUpMs);
    return footing;
  };
  const changed = (each: Keeping) =>
    each.forgot.map((event) => (event !== "everything" && "spaceId" in event ? event.spaceId : event));

  beforeEach(async () => {
    clock = new ManualClock();
    fleet = new MemoryFleet(clock);
    const start = (processId: string) => startKeeping({ clock, fleet, processId });
    [one, other, third] = [await start("one"), await start("other"), await start("third")];
    fleet.ring();
    await quiet();
  });

  it("a position brings the change that it stands for, once, and nothing else is forgotten", async () => {
    goAway();
    one.tell(false, space("1"));
    const position = await one.keeping.settle();
    expect(nameOf(position)).toBe("alone-one.1");
    expect(other.keeping.footing(undefined)).toBe("remembered");
    expect(changed(other)).toEqual([]);
    for (let times = 0; times < 2; times += 1) expect(other.keeping.footing(position)).toBe("remembered");
    expect(changed(other)).toEqual(["1"]);
    expect(changed(third)).toEqual([]);
    // The stream tells it to all, in the end.
    await comeBack();
    expect([changed(other), changed(third)]).toEqual([["1", "1"], ["1"]]);
    expect(third.keeping.footing(position)).toBe("remembered");
    expect(changed(third)).toEqual(["1"]);
  });

  it("a position brings those that the process had heard of by positions, whoever made them", async () => {
    goAway();
    for (const id of ["1", "2"]) one.tell(false, space(id));
    expect(other.keeping.footing(await one.keeping.settle())).toBe("remembered");
    other.tell(false, space("3"));
    const position = await other.keeping.settle();
    expect(third.keeping.footing(position)).toBe("remembered");
    expect(changed(third).sort()).toEqual(["1", "2", "3"]);
    one.tell(false, space("4"));
    expect(third.keeping.footing(await one.keeping.settle())).toBe("remembered");
    expect(changed(third).slice(3)).toEqual(["4"]);
    // Its own come back to a process, and are nothing new.
    expect(one.keeping.footing(position)).toBe("remembered");
    expect(changed(one).sort()).toEqual(["1", "2", "3", "4"]);
  });

  it("a position of a process that had heard more of the stream is not reached, and what was read since it was first presented will do", async () => {
    third.stream.hold();
    one.tell(false, space("not taken in"));
    await quiet();
    goAway();
    third.stream.release();
    await quiet();
    other.tell(false, space("1"));
    const position = await other.keeping.settle();
    expect(one.keeping.footing(position)).toBe("remembered");
    const presented = { notBeforeMs: clock.now() };
    expect(third.keeping.footing(position)).toEqual(presented);
    await clock.advance(5_000);
    expect(third.keeping.footing(position)).toEqual(presented);
    expect(changed(third)).toEqual([]);
    // Another one may stand for something that has happened since.
    other.tell(false, space("2"));
    expect(third.keeping.footing(await other.keeping.settle())).toEqual({ notBeforeMs: clock.now() });
    await comeBack();
    expect(third.keeping.footing(position)).toBe("remembered");
  });

  it("a position brings its change to one that came after the changes that stand in the stream", async () => {
    one.tell(false, space("1"));
    await quiet();
    const late = await startKeeping({ clock, fleet, processId: "late" });
    goAway();
    late.stream.turn(false);
    one.tell(false, space("2"));
    expect(late.keeping.footing(await one.keeping.settle())).toBe("remembered");
    expect(changed(late)).toEqual(["2"]);
  });

  it("what a caller brought makes untrue what others have read, until the stream tells of it", async () => {
    const { store } = serveConfiguredSite({ env: cloud, clock });
    const { site } = store;
    const start = (processId: string) => startKeeping({ clock, fleet, processId, site });
    const [writer, reader] = [await start("writer"), await start("reader")];
    const { positions } = reader;
    if (positions === null) throw new Error("It joined no site.");
    const read = positions.appliedPosition ?? "";
    const isTouched = (id: string) =>
      positions.isTouchedSince(read, spaceGrants, id as SpaceId, { items: [], gaps: [], assumptions: [], asOfMs: 0 });
    expect([isTouched("1"), isTouched("2")]).toEqual([false, false]);
    for (const { stream } of [writer, reader]) stream.turn(false);
    writer.tell(false, space("1"));
    expect(reader.keeping.footing(await writer.keeping.settle())).toBe("remembered");
    reader.stream.turn(true);
    fleet.ring();
    await quiet();
    expect(positions.appliedPosition).toBe(read);
    expect([isTouched("1"), isTouched("2")]).toEqual([true, false]);
    writer.stream.turn(true);
    await quiet();
    const since = positions.appliedPosition ?? "";
    expect(since).not.toBe(read);
    expect([isTouched("1"), positions.isTouchedSince(since, spaceGrants, "1" as SpaceId, null)]).toEqual([true, false]);
  });

  it("a position that was presented with one that its process had not reached is reached with that, and not before", async () => {
    goAway();
    for (let at = 0; at < 120; at += 1) one.tell(false, space(String(Math.sin(at))));
    const unreached = await one.keeping.settle();
    expect(other.keeping.footing(unreached)).toEqual({ notBeforeMs: clock.now() });
    other.tell(false, space("1"));
    const position = await other.keeping.settle([unreached]);
    const presented = { notBeforeMs: clock.now() };
    // What it tells of is taken in all the same.
    for (const each of [one, other, third])
      expect(each.keeping.footing(position)).toEqual(each === one ? "remembered" : presented);
    expect(changed(one)).toContain("1");
    expect(changed(third)).toContain("1");
    await clock.advance(1_000);
    expect(third.keeping.footing(position)).toEqual(presented);
    await comeBack();
    await clock.advance(1_000);
    fleet.ring();
    await quiet();
    for (const each of all()) expect(await each.keeping.footing(position)).toBe("remembered");
    // Where it was reached meanwhile nothing goes along.
    const settled = other.keeping.settle([position]);
    await quiet();
    await clock.advance(fleetLimits.leaseMs + fleetLimits.leaseSlackMs);
    fleet.ring();
    expect(await settled).toMatch(/^epoch1\.[^,]+$/);
  });

  it("more positions than fit into one are reached nowhere, and what was read since they were first presented will do", async () => {
    goAway();
    const unreached: string[] = [];
    for (let at = 0; at < 120; at += 1) one.tell(false, space(String(Math.sin(at))));
    for (let times = 0; times < 3; times += 1) unreached.push(await one.keeping.settle());
    const positions = [await other.keeping.settle(unreached), await other.keeping.settle(unreached)];
    for (const position of positions) {
      await clock.advance(1_000);
      for (const each of all()) expect(each.keeping.footing(position)).toEqual({ notBeforeMs: clock.now() });
    }
  });

  it("no two positions that tell nothing are alike: each was presented first by itself", async () => {
    goAway();
    for (let at = 0; at <= fleetLimits.mostUntold; at += 1) one.tell();
    const [first, second] = [await one.keeping.settle(), await one.keeping.settle()];
    expect(other.keeping.footing(first)).toEqual({ notBeforeMs: clock.now() });
    await clock.advance(1_000);
    expect(other.keeping.footing(second)).toEqual({ notBeforeMs: clock.now() });
    expect(one.keeping.footing(second)).toBe("remembered");
  });

  it("a position of a change that was lost is not reached by another change that has its number", async () => {
    for (const each of [one, third]) each.stream.hold();
    other.tell(false, space("1"));
    await quiet();
    const lost = other.at(fleet.tail.epoch, fleet.tail.n);
    // An engine that has not got it goes on, and who had it there is not back.
    other.stream.hold();
    fleet.loseLast();
    one.stream.release();
    one.tell(false, space("2"));
    await quiet();
    const given = one.at(fleet.tail.epoch, fleet.tail.n);
    expect(nameOf(given)).toBe(nameOf(lost));
    expect(one.keeping.footing(given)).toBe("remembered");
    expect(changed(one)).not.toContain("1");
    const presented = { notBeforeMs: clock.now() };
    expect(await answerOf(one, lost)).toEqual(presented);
  });

  it("a change that a caller brought is taken in again where it was waited for no longer, also by a position of its own", async () => {
    goAway();
    one.tell(false, space("1"));
    expect(other.keeping.footing(await one.keeping.settle())).toBe("remembered");
    const position = await other.keeping.settle();
    other.stream.turn(true);
    await quiet();
    await clock.advance(60_000);
    fleet.ring();
    await quiet();
    expect(changed(other)).toEqual(["1"]);
    expect(await answerOf(other, position)).toBe("remembered");
    expect(changed(other)).toEqual(["1", "1"]);
  });

  it("a position that was presented first by a clock that was set back since counts from now", async () => {
    goAway();
    for (let at = 0; at <= fleetLimits.mostUntold; at += 1) one.tell();
    const position = await one.keeping.settle();
    expect(other.keeping.footing(position)).toEqual({ notBeforeMs: clock.now() });
    await clock.advance(-60_000);
    expect(other.keeping.footing(position)).toEqual({ notBeforeMs: clock.now() });
  });

  describe("and comes back empty", () => {
    /** Nobody knows yet what was missed: one of them is not back. */
    const comeBackWithoutOne = async () => {
      goAway();
      third.stream.release();
      await quiet();
      fleet.begin();
      for (const { stream } of [other, third]) stream.turn(true);
      await quiet();
    };

    it("a position of the stream before is reached once nothing was missed of that", async () => {
      third.stream.hold();
      one.tell(false, space("1"));
      await quiet();
      const position = one.at(fleet.tail.epoch, fleet.tail.n);
      expect(nameOf(position)).toBe("epoch1.2");
      goAway();
      third.stream.release();
      await quiet();
      fleet.begin();
      await comeBack();
      if (third.losses().length > 0) throw new Error("It was to miss nothing.");
      expect(changed(third)).toContain("1");
      expect(third.keeping.footing(position)).toBe("remembered");
    });

    it("a position is reached by one that has heard as much, while neither knows what it missed", async () => {
      third.stream.hold();
      await comeBackWithoutOne();
      other.stream.turn(false);
      other.tell(false, space("1"));
      expect(third.keeping.footing(await other.keeping.settle())).toBe("remembered");
      expect(changed(third)).toEqual(["1"]);
    });

    it("a position is not reached by one that has heard less of the stream before", async () => {
      third.stream.hold();
      one.tell(false, space("missed"));
      await quiet();
      await comeBackWithoutOne();
      other.stream.turn(false);
      other.tell(false, space("1"));
      expect(third.keeping.footing(await other.keeping.settle())).toEqual({ notBeforeMs: clock.now() });
      // Nor one of who was not there before, and has heard all that is there now.
      const late = await startKeeping({ clock, fleet, processId: "late" });
      late.stream.turn(false);
      late.tell(false, space("2"));
      expect(third.keeping.footing(await late.keeping.settle())).toEqual({ notBeforeMs: clock.now() });
      expect(changed(third)).toEqual([]);
    });
  });

  it("nobody waits for more than a minute until the stream tells of a change whose process is gone", async () => {
    goAway();
    one.tell(false, space("1"));
    expect(other.keeping.footing(await one.keeping.settle())).toBe("remembered");
    const isTold = async () => {
      const settled = other.keeping.settle();
      await quiet();
      await clock.advance(fleetLimits.leaseMs + fleetLimits.leaseSlackMs);
      fleet.ring();
      return nameOf(await settled).startsWith("epoch");
    };
    for (const each of [other, third]) each.stream.turn(true);
    await quiet();
    expect(await isTold()).toBe(false);
    await clock.advance(57_000);
    fleet.ring();
    await quiet();
    expect(await isTold()).toBe(false);
    await clock.advance(1_000);
    fleet.ring();
    await quiet();
    expect(await isTold()).toBe(true);
  });

  it("a change that is presented again is waited for a minute from then on", async () => {
    goAway();
    one.tell(false, space("1"));
    const position = await one.keeping.settle();
    for (let times = 0; times < 2; times += 1) {
      expect(other.keeping.footing(position)).toBe("remembered");
      await clock.advance(40_000);
    }
    other.stream.turn(true);
    await quiet();
    const settled = other.keeping.settle();
    await quiet();
    await clock.advance(fleetLimits.leaseMs + fleetLimits.leaseSlackMs);
    expect(nameOf(await settled)).toBe("alone-other.0");
    expect(third.keeping.footing(await settled)).toBe("remembered");
    expect(changed(third)).toEqual(["1"]);
  });

  it("more changes than a position can bring are not reached by it, but by several", async () => {
    goAway();
    const positions: string[] = [];
    for (let at = 0; at < 120; at += 1) {
      one.tell(false, space(String(Math.sin(at))));
      positions.push(await one.keeping.settle());
    }
    expect(third.keeping.footing(positions.at(-1))).toEqual({ notBeforeMs: clock.now() });
    for (let at = 9; at < 120; at += 10) expect(other.keeping.footing(positions[at])).toBe("remembered");
    expect(changed(other)).toHaveLength(120);
  });

  it("nothing is forgotten, and no stream believed, where the engine begins one anew again and again because it keeps nothing", async () => {
    one.tell(false, space("1"));
    const position = await one.keeping.settle();
    for (const each of all()) each.stream.keepsThings = false;
    for (let times = 0; times < 3; times += 1) {
      fleet.begin();
      fleet.ring();
      await quiet();
    }
    expect(all().map((each) => each.losses())).toEqual([[], [], []]);
    expect(other.keeping.footing(undefined)).toBe("remembered");
    expect(other.keeping.footing(position)).toBe("remembered");
    for (const each of all()) each.stream.keepsThings = true;
    await clock.advance(fleetLimits.brokenPauseMs);
    await quiet();
    await clock.advance(fleetLimits.brokenPauseMs);
    fleet.ring();
    await quiet();
    expect(all().map((each) => [each.losses(), each.keeping.counts.bridged])).toEqual([
      [[], 1],
      [[], 1],
      [[], 1],
    ]);
  });
});
