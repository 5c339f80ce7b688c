import { beforeEach, describe, expect, it } from "vitest";
import type { WhatChanged } from "../../../../src/domain/Change.js";
import type { SiteId, SpaceId } from "../../../../src/domain/ids.js";
import { ChangeEvents } from "../../../../src/loaders/engine/ChangeEvents.js";
import { FleetChanges } from "../../../../src/loaders/fleet/FleetChanges.js";
import { fleetLimits } from "../../../../src/loaders/fleet/limits.js";
import { createLogger } from "../../../../src/observability/Logger.js";
import { ManualClock } from "../../../support/ManualClock.js";
import { MemoryFleet, MemoryStream } from "./MemoryFleet.js";
import { isOver, type Keeping, nameOf, quiet, startKeeping, url, what } from "./startKeeping.js";

const { leaseMs, leaseSlackMs, mostUntold } = fleetLimits;

let clock: ManualClock;
let fleet: MemoryFleet;
/** How much the clock that only grows has grown beside the other. */
let byOtherClockMs: number;

beforeEach(() => {
  byOtherClockMs = 0;
  clock = new ManualClock();
  fleet = new MemoryFleet(clock);
});

const start = (
  processId: string,
  parts: { readonly siteId?: string; readonly url?: string; readonly orgId?: string } = {},
) => startKeeping({ clock, fleet, processId, ...parts, byOtherClockMs: () => byOtherClockMs });
type Started = Keeping;
/** Nothing that was read before now will do. */
const afresh = () => ({ notBeforeMs: clock.now() });

describe("a change", () => {
  it("is taken in by the others as it was told, and told no further", async () => {
    const [one, other, third] = [await start("one"), await start("other"), await start("third")];
    one.tell(true);
    await quiet();
    for (const each of [other, third]) expect(each.forgot).toEqual([{ ...what, siteId: "acme", isSeen: true }]);
    expect(one.forgot).toHaveLength(1);
    expect(fleet.entries).toHaveLength(2);
  });

  it("reaches a site by its address, however that is spelled and whatever the site is called", async () => {
    const one = await start("one");
    const other = await start("other", { siteId: "renamed", url: "https://ACME.example.com/wiki/" });
    const stranger = await start("stranger", { url: "https://other.example.com/wiki" });
    one.tell();
    await quiet();
    expect(other.forgot).toEqual([{ ...what, siteId: "renamed", isSeen: false }]);
    expect(stranger.forgot).toEqual([]);
  });

  it("reaches other sites of its organization where it is of that, though its own is not served there", async () => {
    const one = await start("one", { orgId: "org" });
    const sibling = await start("sibling", { siteId: "sibling", url: "https://sibling.example.com", orgId: "org" });
    const stranger = await start("stranger", {
      siteId: "stranger",
      url: "https://stranger.example.com",
      orgId: "else",
    });
    one.tell();
    one.tell(false, { kind: "spaceGrantsChanged", spaceId: "s" as SpaceId });
    await quiet();
    expect(sibling.forgot.map((event) => event !== "everything" && event.kind)).toEqual(["membershipChanged"]);
    expect(sibling.forgot).not.toContainEqual(expect.objectContaining({ siteId: "sibling" }));
    expect(stranger.forgot).toEqual([]);
  });

  it("comes behind those before it, and none is lost while the stream is away", async () => {
    const [one, other] = [await start("one"), await start("other")];
    one.stream.turn(false);
    const spaces = ["1", "2", "3"].map((id): WhatChanged => ({ kind: "spaceGrantsChanged", spaceId: id as SpaceId }));
    for (const each of spaces) one.tell(false, each);
    await quiet();
    expect(other.forgot).toEqual([]);
    expect(one.keeping.backlog).toBe(3);
    one.stream.turn(true);
    await quiet();
    expect(other.forgot).toEqual(spaces.map((each) => ({ ...each, siteId: "acme", isSeen: false })));
    expect(one.forgot).toHaveLength(3);
  });

  it("comes behind those of others that were told at the same moment, and none is lost", async () => {
    const all = [await start("one"), await start("other"), await start("third")];
    const spaceOf = (at: number, each: number): WhatChanged => ({
      kind: "spaceGrantsChanged",
      spaceId: `${at} ${each}` as SpaceId,
    });
    for (let each = 0; each < 3; each += 1) for (const [at, { tell }] of all.entries()) tell(false, spaceOf(at, each));
    for (let turns = 0; turns < 3; turns += 1) await quiet();
    expect(fleet.entries).toHaveLength(10);
    for (const { forgot, keeping, losses } of all) {
      expect(new Set(forgot.map((event) => event !== "everything" && "spaceId" in event && event.spaceId)).size).toBe(
        9,
      );
      expect([keeping.backlog, losses()]).toEqual([0, []]);
    }
  });

  it("is told again where nobody knows whether it was", async () => {
    const [one, other] = [await start("one"), await start("other")];
    one.stream.hold();
    one.tell();
    one.stream.turn(false);
    one.stream.release();
    await quiet();
    expect(one.keeping.backlog).toBe(1);
    one.stream.turn(true);
    await quiet();
    expect(other.forgot).toHaveLength(1);
  });

  it("ends the stream where more could not be told than is kept: then everybody forgets everything", async () => {
    const [one, other] = [await start("one"), await start("other")];
    const { epoch } = fleet.tail;
    one.stream.turn(false);
    for (let times = 0; times <= mostUntold; times += 1) one.tell();
    expect(one.keeping.backlog).toBe(mostUntold);
    one.stream.turn(true);
    await quiet();
    expect(fleet.tail.epoch).not.toBe(epoch);
    for (const each of [one, other]) {
      expect(each.forgot).toContain("everything");
      expect(each.losses()).toEqual(["gap"]);
    }
  });
});

describe("the answer to a change", () => {
  it("waits until the others have taken it in, and is told by a position that they have reached", async () => {
    const [one, other] = [await start("one"), await start("other")];
    other.stream.hold();
    one.tell();
    const settled = one.keeping.settle();
    expect(await isOver(settled)).toBe(false);
    other.stream.release();
    const position = await settled;
    expect(other.forgot).toHaveLength(1);
    expect(nameOf(position)).toBe(`${fleet.tail.epoch}.2`);
    for (const each of [one, other]) expect(each.keeping.footing(position)).toBe("remembered");
  });

  it("waits no longer than another may answer from memory that it cannot see", async () => {
    const [one, other] = [await start("one"), await start("other")];
    await clock.advance(400);
    other.stream.hold();
    one.tell();
    const settled = one.keeping.settle();
    await quiet();
    await clock.advance(leaseMs + leaseSlackMs - 401);
    fleet.ring(["one"]);
    expect(await isOver(settled)).toBe(false);
    expect(other.keeping.footing(undefined)).toBeInstanceOf(Promise);
    await clock.advance(1);
    fleet.ring(["one"]);
    expect(nameOf(await settled)).toBe(`${fleet.tail.epoch}.2`);
  });

  it("waits for nobody who has left, and not at all where nothing was changed", async () => {
    const [one, other] = [await start("one"), await start("other")];
    expect(nameOf(await one.keeping.settle())).toBe(`${fleet.tail.epoch}.1`);
    await other.keeping.close();
    other.stream.hold();
    one.tell();
    expect(nameOf(await one.keeping.settle())).toBe(`${fleet.tail.epoch}.2`);
  });

  it("waits for a whole lease where the engine may not tell of everybody who has one: after it was away, or lost them", async () => {
    const [one, other] = [await start("one"), await start("other")];
    const isHeldUp = async () => {
      one.tell();
      await quiet();
      const settled = one.keeping.settle();
      const isWaiting = !(await isOver(settled));
      await clock.advance(leaseMs + leaseSlackMs);
      await settled;
      return isWaiting;
    };
    expect(await isHeldUp()).toBe(false);
    one.stream.turn(false);
    one.stream.turn(true);
    await quiet();
    expect(await isHeldUp()).toBe(true);
    expect(await isHeldUp()).toBe(false);
    for (const each of [one, other]) fleet.leave(each.stream.processId);
    expect(await isHeldUp()).toBe(true);
  });

  it("is told by a position in the stream that is there, where that began anew and nothing was changed since", async () => {
    const [one, other] = [await start("one"), await start("other")];
    one.tell();
    await one.keeping.settle();
    fleet.begin();
    fleet.ring();
    await quiet();
    const position = await one.keeping.settle();
    // Behind what each has told of the epoch before.
    expect(nameOf(position)).toBe("epoch2.3");
    expect(other.keeping.footing(position)).toBe("remembered");
  });

  it("does not wait for a stream that is away, and tells a position by which others hear of it", async () => {
    const [one, other] = [await start("one"), await start("other")];
    one.stream.turn(false);
    one.tell();
    const position = await one.keeping.settle();
    expect(nameOf(position)).toBe("alone-one.1");
    expect(one.keeping.footing(position)).toBe("remembered");
    expect(one.keeping.footing("alone-one.2")).toEqual(afresh());
    expect(other.forgot).toEqual([]);
    expect(await other.keeping.footing(position)).toBe("remembered");
    expect(other.forgot).toHaveLength(1);
  });

  it("waits a while for a stream that does not answer", async () => {
    const one = await start("one");
    one.stream.hold();
    one.tell();
    const settled = one.keeping.settle();
    await clock.advance(fleetLimits.appendMs - 1);
    expect(await isOver(settled)).toBe(false);
    await clock.advance(1);
    expect(nameOf(await settled)).toBe("alone-one.1");
  });
});

describe("a request", () => {
  let one: Started;
  let other: Started;

  beforeEach(async () => {
    [one, other] = [await start("one"), await start("other")];
  });

  it("that presents what is reached costs nothing", async () => {
    one.tell();
    const position = await one.keeping.settle();
    await quiet();
    const { looks } = other.stream;
    expect(other.keeping.footing(position)).toBe("remembered");
    expect(other.keeping.footing(undefined)).toBe("remembered");
    await quiet();
    expect(other.stream.looks).toBe(looks);
  });

  it("that presents what is not reached waits until it is", async () => {
    other.stream.hold();
    one.tell();
    await quiet();
    const footing = other.keeping.footing(one.at(fleet.tail.epoch, 2));
    expect(footing).toBeInstanceOf(Promise);
    expect(other.forgot).toEqual([]);
    other.stream.release();
    expect(await footing).toBe("remembered");
    expect(other.forgot).toHaveLength(1);
  });

  it("looks a second time where the first look had begun before", async () => {
    await quiet();
    const look = other.stream.follow.bind(other.stream);
    let deliver: () => void = () => undefined;
    const delivered = new Promise<void>((resolve) => {
      deliver = resolve;
    });
    other.stream.follow = async (...asked) => {
      const heard = await look(...asked);
      await delivered;
      return heard;
    };
    fleet.ring(["other"]);
    await quiet();
    one.tell();
    await quiet();
    const footing = other.keeping.footing(one.at(fleet.tail.epoch, 2));
    deliver();
    expect(await footing).toBe("remembered");
  });

  it("is answered past what is remembered where it is not reached in time", async () => {
    other.stream.hold();
    one.tell();
    await quiet();
    const footing = Promise.resolve(other.keeping.footing(one.at(fleet.tail.epoch, 2)));
    await clock.advance(fleetLimits.catchUpMs - 1);
    expect(await isOver(footing)).toBe(false);
    await clock.advance(1);
    expect(await footing).toEqual(afresh());
    expect(other.keeping.counts.fresh).toBe(1);
  });

  it.each(["epoch1.99", "another.1", "", "garbage", ".", "a.b", `${"x".repeat(500)}.1`])(
    "is answered so where it presents what nobody knows: %j",
    async (presented) => {
      expect(await other.keeping.footing(presented)).toEqual(afresh());
    },
  );

  it("looks first what has come where nothing was seen of the stream for a while", async () => {
    other.stream.hold();
    await clock.advance(leaseMs - 1);
    expect(other.keeping.footing(undefined)).toBe("remembered");
    one.tell();
    await clock.advance(1);
    const footing = other.keeping.footing(undefined);
    expect(footing).toBeInstanceOf(Promise);
    other.stream.release();
    expect(await footing).toBe("remembered");
    expect(other.forgot).toHaveLength(1);
  });

  it("is answered from memory for a lease that runs from when a look began, not from when it was answered", async () => {
    other.stream.hold();
    await clock.advance(leaseMs);
    const footing = other.keeping.footing(undefined);
    await quiet();
    await clock.advance(fleetLimits.catchUpMs - 1);
    other.stream.release();
    expect(await footing).toBe("remembered");
    await clock.advance(leaseMs - fleetLimits.catchUpMs);
    expect(other.keeping.footing(undefined)).toBe("remembered");
    await clock.advance(1);
    expect(other.keeping.footing(undefined)).toBeInstanceOf(Promise);
  });

  it.each([
    ["one clock stands still", leaseMs, 0],
    ["the other was set back", -leaseMs, leaseMs],
  ])("looks first as well where %s", async (_name, byClockMs, elapsedMs) => {
    expect(other.keeping.footing(undefined)).toBe("remembered");
    await clock.advance(byClockMs);
    byOtherClockMs = elapsedMs - byClockMs;
    expect(other.keeping.footing(undefined)).toBeInstanceOf(Promise);
  });

  it("is answered from memory where the stream was seen to the last; where a process was long away from it by nothing of that", async () => {
    await clock.advance(leaseMs - 1);
    one.stream.turn(false);
    expect(one.keeping.footing(undefined)).toBe("remembered");
    expect(one.forgot).toEqual([]);
    other.stream.hold();
    await clock.advance(leaseMs + 1);
    other.stream.turn(false);
    expect(other.forgot).toEqual(["everything"]);
    expect(other.losses()).toEqual(["away"]);
  });

  it("is answered past what is remembered by a process that is alone, where it presents what that had not reached", async () => {
    one.tell();
    const reached = await one.keeping.settle();
    other.stream.turn(false);
    one.tell();
    const settled = one.keeping.settle();
    await quiet();
    await clock.advance(leaseMs + leaseSlackMs);
    const position = await settled;
    expect(other.keeping.footing(reached)).toBe("remembered");
    expect(other.keeping.footing(position)).toEqual(afresh());
    other.stream.turn(true);
    expect(await other.keeping.footing(position)).toBe("remembered");
    expect(other.forgot).toHaveLength(2);
  });
});

describe("a process", () => {
  it("that was away takes in what came meanwhile", async () => {
    const [one, other] = [await start("one"), await start("other")];
    other.stream.turn(false);
    for (let times = 0; times < 10; times += 1) one.tell();
    await quiet();
    other.stream.turn(true);
    await quiet();
    expect(other.forgot).toHaveLength(10);
    expect(other.losses()).toEqual([]);
    expect(other.keeping.counts.heard).toBe(10);
  });

  const breaks: Readonly<Record<string, () => void>> = {
    "its last entry is gone": () => void fleet.entries.splice(0, 1),
    "another took the place of its last": () => {
      fleet.entries = fleet.entries.map((entry) => ({ ...entry, random: "another" }));
    },
    "entries between are missing": () => {
      fleet.add(null);
      fleet.add(null);
      fleet.entries.splice(1, 1);
    },
  };
  it.each(Object.entries(breaks))("forgets everything where %s, says so once and goes on", async (_name, end) => {
    const [one, other] = [await start("one"), await start("other")];
    other.stream.turn(false);
    one.tell();
    await quiet();
    end();
    other.stream.turn(true);
    await quiet();
    expect(other.forgot).toEqual(["everything"]);
    expect(other.losses()).toEqual(["gap"]);
    await quiet();
    one.tell();
    await quiet();
    expect(other.forgot.at(-1)).toMatchObject(what);
  });

  it("forgets everything where another had heard what the engine has lost, though nothing is missing to itself", async () => {
    const [one, other] = [await start("one"), await start("other")];
    other.stream.turn(false);
    one.tell();
    const settled = one.keeping.settle();
    await quiet();
    await clock.advance(leaseMs + leaseSlackMs);
    const lost = await settled;
    fleet.loseLast();
    other.stream.turn(true);
    for (let look = 0; look < 2; look += 1) {
      fleet.ring();
      await quiet();
    }
    expect([one.losses(), other.losses()]).toEqual([["gap"], ["gap"]]);
    other.tell();
    await quiet();
    expect(await other.keeping.footing(lost)).toEqual(afresh());
  });

  it.each([
    ["cannot be opened", null],
    ["is of a later version", Buffer.from(JSON.stringify({ format: 2 }))],
    ["is no JSON", Buffer.from("{")],
    [
      "is of a kind that is not known",
      Buffer.from(
        JSON.stringify({
          ...{ format: 1, processId: "later", ticket: 1, url, orgId: null, isSeen: true },
          what: { kind: "everythingChanged" },
        }),
      ),
    ],
    [
      "lacks something",
      Buffer.from(
        JSON.stringify({
          ...{ format: 1, processId: "later", ticket: 1, url, orgId: null, isSeen: true },
          what: { kind: "membershipChanged", groupId: "g" },
        }),
      ),
    ],
  ])("forgets everything where what is told %s", async (_name, body) => {
    const one = await start("one");
    fleet.add(body);
    await quiet();
    expect(one.forgot).toEqual(["everything"]);
    expect(one.losses()).toEqual(["format"]);
    fleet.add(body);
    await quiet();
    expect(one.losses()).toEqual(["format"]);
    expect(one.keeping.counts.lost.format).toBe(2);
  });

  it("forgets everything where the stream is said to be further than it tells", async () => {
    const one = await start("one");
    const tail = { ...fleet.tail, n: 5 };
    await quiet();
    one.stream.follow = async () => ({ goesOn: true, tail, entries: [], followers: [], first: null });
    fleet.ring(["one"]);
    await quiet();
    expect(one.losses()).toEqual(["gap"]);
    expect(one.keeping.footing(one.at("epoch1", 5))).toBe("remembered");
  });

  it("forgets everything where taking in a change fails", async () => {
    const [one, other] = [await start("one"), await start("other")];
    other.changes.subscribe(() => {
      throw new Error("a bug");
    });
    one.tell();
    await quiet();
    expect(other.forgot).toEqual(["everything"]);
    expect(other.losses()).toEqual(["fault"]);
  });

  it("that begins without the stream forgets what it read by itself, once it is there", async () => {
    const stream = new MemoryStream("late", fleet);
    stream.turn(false);
    const changes = new ChangeEvents();
    const forgot: string[] = [];
    changes.join({
      site: { siteId: "acme" as SiteId, url, organization: null },
      forget: () => void forgot.push("something"),
      forgetAll: () => void forgot.push("everything"),
    });
    const logger = createLogger({ level: "silent" });
    const keeping = new FleetChanges({ stream, engine: stream, changes, clock, elapsedMs: () => clock.now(), logger });
    await keeping.start();
    expect(keeping.footing(undefined)).toBe("remembered");
    expect(forgot).toEqual([]);
    stream.turn(true);
    await quiet();
    expect(forgot).toEqual(["everything"]);
  });
});

describe("an engine that comes back empty", () => {
  let one: Started;
  let other: Started;
  let all: readonly Started[];

  beforeEach(async () => {
    [one, other] = [await start("one"), await start("other")];
    all = [one, other];
    // Each has heard of the other.
    fleet.ring();
    await quiet();
  });

  const space = (id: string): WhatChanged => ({ kind: "spaceGrantsChanged", spaceId: id as SpaceId });
  const heard = (...ids: readonly string[]) => ids.map((id) => ({ ...space(id), siteId: "acme", isSeen: false }));
  const goAway = () => {
    for (const { stream } of all) stream.turn(false);
  };
  const comeBack = async (...those: readonly Started[]) => {
    for (const { stream } of those.length === 0 ? all : those) stream.turn(true);
    await quiet();
  };
  const wait = async (durationMs: number) => {
    await clock.advance(durationMs);
    fleet.ring();
    await quiet();
  };

  it("costs nobody anything who has missed nothing, and what is reached stays reached", async () => {
    one.tell(false, space("before"));
    const position = await one.keeping.settle();
    await quiet();
    for (const each of all) each.forgot.length = 0;
    goAway();
    fleet.begin();
    await comeBack();
    for (const each of all) {
      expect(each.forgot).toEqual([]);
      expect([each.losses(), each.keeping.counts.bridged]).toEqual([[], 1]);
      expect(each.keeping.footing(undefined)).toBe("remembered");
      expect(each.keeping.footing(position)).toBe("remembered");
      expect(await each.keeping.footing(one.at("epoch1", 3))).toEqual(afresh());
    }
    // Nobody knows for a lease who else may answer from memory.
    await wait(leaseMs + leaseSlackMs);
    one.tell(false, space("after"));
    const after = await one.keeping.settle();
    expect(other.forgot).toEqual(heard("after"));
    expect(other.keeping.footing(after)).toBe("remembered");
    // Once more.
    fleet.begin();
    fleet.ring();
    await quiet();
    expect(other.keeping.counts.bridged).toBe(2);
    expect([other.losses(), other.keeping.footing(after)]).toEqual([[], "remembered"]);
    expect(other.keeping.footing(position)).toBe("remembered");
  });

  it("loses no change: neither those that another had not taken in, nor those of the time alone, nor one that nobody knows of whether it stood there", async () => {
    other.stream.hold();
    one.tell(false, space("not taken in"));
    await quiet();
    one.stream.hold();
    one.tell(false, space("not answered"));
    goAway();
    for (const { stream } of all) stream.release();
    await quiet();
    one.tell(false, space("alone"));
    expect(other.forgot).toEqual([]);
    fleet.begin();
    await comeBack(other);
    expect(other.forgot).toEqual([]);
    await comeBack(one);
    // Twice does no harm.
    expect(new Set(other.forgot.map((each) => each !== "everything" && "spaceId" in each && each.spaceId))).toEqual(
      new Set(["not taken in", "not answered", "alone"]),
    );
    expect([other.losses(), other.keeping.counts.bridged]).toEqual([[], 1]);
  });

  it("is believed by nobody until all have told: what is remembered is answered with as before, and positions are answered afresh", async () => {
    one.tell();
    const reached = await one.keeping.settle();
    await quiet();
    goAway();
    fleet.begin();
    await comeBack(other);
    expect(other.keeping.footing(undefined)).toBe("remembered");
    expect(other.keeping.footing(reached)).toBe("remembered");
    expect(await other.keeping.footing(one.at(fleet.tail.epoch, 1))).toEqual(afresh());
    await wait(fleetLimits.resumeMs - 1);
    expect(other.losses()).toEqual([]);
    await comeBack(one);
    expect([other.losses(), other.keeping.counts.bridged]).toEqual([[], 1]);
    expect(other.keeping.footing(one.at(fleet.tail.epoch, 1))).toBe("remembered");
  });

  it.each([
    ["was killed with it", true],
    ["is stopped over all that", false],
  ])("has everything forgotten where one %s", async (_how, isKilled) => {
    other.stream.hold();
    one.tell();
    await quiet();
    goAway();
    other.stream.release();
    await quiet();
    fleet.begin();
    await comeBack(other);
    await wait(fleetLimits.resumeMs);
    expect([other.forgot, other.losses()]).toEqual([["everything"], ["gap"]]);
    expect(other.keeping.footing(undefined)).toBe("remembered");
    if (isKilled) return;
    await comeBack(one);
    expect(other.forgot).toEqual(["everything"]);
  });

  it("has everything forgotten by one that was stopped meanwhile, and by it alone", async () => {
    other.stream.hold();
    await clock.advance(leaseMs);
    fleet.ring();
    await quiet();
    fleet.begin();
    fleet.ring();
    other.stream.release();
    await quiet();
    expect([other.forgot, other.losses()]).toEqual([["everything"], ["gap"]]);
    expect([one.forgot, one.losses()]).toEqual([[], []]);
  });

  it("has everything forgotten by one that was not there for what somebody changed who is not there any more", async () => {
    const third = await start("third");
    await quiet();
    other.stream.turn(false);
    third.tell();
    const settled = third.keeping.settle();
    await quiet();
    await clock.advance(leaseMs + leaseSlackMs);
    await settled;
    await third.keeping.close();
    one.stream.turn(false);
    fleet.begin();
    await comeBack();
    await wait(fleetLimits.resumeMs);
    expect(other.forgot).toEqual(["everything"]);
  });

  it.each([1, 2])("is told late of what somebody changed of whom nobody knew, emptied %j times", async (times) => {
    for (const { stream } of all) stream.hold();
    const late = await start("late");
    late.tell(false, space("unknown"));
    await quiet();
    expect(late.keeping.backlog).toBe(0);
    for (const { stream } of [...all, late]) stream.turn(false);
    for (const { stream } of all) stream.release();
    await quiet();
    for (let time = 0; time < times; time += 1) {
      goAway();
      fleet.begin();
      await comeBack();
    }
    expect(all.map(({ keeping, forgot }) => [keeping.counts.bridged, forgot])).toEqual([
      [times, []],
      [times, []],
    ]);
    await comeBack(late);
    for (const each of all) expect([each.forgot, each.losses()]).toEqual([heard("unknown"), []]);
  });

  it("has everything forgotten where it is emptied again before that is known", async () => {
    goAway();
    fleet.begin();
    await comeBack(other);
    fleet.begin();
    fleet.ring();
    await quiet();
    expect([other.forgot, other.losses()]).toEqual([["everything"], ["gap"]]);
    await comeBack();
    expect(other.keeping.footing(one.at(fleet.tail.epoch, 1))).toBe("remembered");
  });

  it("has everything forgotten where more was missed than anybody tells again", async () => {
    other.stream.hold();
    for (let times = 0; times <= fleetLimits.mostResumed; times += 1) one.tell();
    for (let times = 0; times < 10; times += 1) await quiet();
    expect(one.keeping.backlog).toBe(0);
    goAway();
    other.stream.release();
    await quiet();
    fleet.begin();
    await comeBack();
    await wait(fleetLimits.resumeMs);
    expect(other.forgot).toContain("everything");
    expect(one.losses()).toEqual([]);
  });
});
