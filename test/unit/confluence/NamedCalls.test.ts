import { describe, expect, it } from "vitest";
import { createCloudSite } from "../../../src/confluence/cloud/site.js";
import { createDataCenterSite } from "../../../src/confluence/datacenter/site.js";
import type { AccountId, SiteId, SpaceId, SpaceKey } from "../../../src/domain/ids.js";
import { SiteError } from "../../../src/domain/SiteError.js";
import { Errand } from "../../../src/http/admission/Errand.js";
import { Leaver, workFor, workForChange } from "../../../src/http/Waiting.js";
import { answers } from "../http/answers.js";
import { openTransport } from "../http/openTransport.js";
import { type Received, type Respond, startUpstream } from "../http/startUpstream.js";

const idsOf = ({ body }: Received) => (JSON.parse(body) as { accountIds: string[] }).accountIds;
const named = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

/** Knows everybody but those called `nobody`, and is as ill as it is told to be. */
const users =
  (
    illFor: (ids: readonly string[], count: number) => ((response: Parameters<Respond>[1]) => void) | null = () => null,
  ): Respond =>
  (request, response, count) => {
    const ids = idsOf(request);
    const ill = illFor(ids, count);
    if (ill !== null) return ill(response);
    const known = ids.filter((accountId) => accountId !== "nobody");
    answers.json(response, { results: known.map((accountId) => ({ accountId, displayName: `Name of ${accountId}` })) });
  };

/** A site whose one lane is taken until it is given free: whatever is asked waits for its turn. */
async function openBusySite(respond: Respond) {
  const upstream = await startUpstream(respond);
  const { transport, clock, concurrencyLimit } = openTransport(upstream.url, { concurrency: 1 });
  const site = createCloudSite({
    ...{ siteId: "acme" as SiteId, name: "acme", url: upstream.url, baseUrl: upstream.url },
    ...{ transport, clock, concurrency: 4 },
  });
  const { signal } = new AbortController();
  const slot = await concurrencyLimit.enter({ call: "early", deadlineMs: 1e15, allowanceMs: 1e15, signal });
  concurrencyLimit.retries.tell();
  const found: string[] = [];
  /** What came of the ids that somebody asks for, in one line. */
  const ask = async (...ids: string[]): Promise<string> => {
    const line = await site.accounts.byIds(ids as AccountId[]).then(
      (outcome) =>
        ids
          .map((id) => {
            const known = outcome.get(id as AccountId);
            return known instanceof SiteError ? `${id}: ${known.kind}` : `${id}: ${known?.displayName ?? "-"}`;
          })
          .join(", "),
      (error: unknown) => (error instanceof SiteError ? error.kind : String(error)),
    );
    found.push(line);
    return line;
  };
  const asked = () => upstream.received.map(idsOf);
  const whenWaiting = (count: number) => expect.poll(() => concurrencyLimit.state.waiting).toBe(count);
  return { upstream, site, clock, concurrencyLimit, found, ask, asked, whenWaiting, free: () => slot?.leave(true) };
}

describe("calls by name that wait for their turn", () => {
  it("leave as one, with each name once, and everybody is told of their own", async () => {
    const { ask, asked, whenWaiting, free, concurrencyLimit } = await openBusySite(users());
    const all = [ask("a"), ask("b", "nobody"), ask("c", "b"), ask("d")];
    await whenWaiting(4);
    free();
    expect(await Promise.all(all)).toEqual([
      "a: Name of a",
      "b: Name of b, nobody: -",
      "c: Name of c, b: Name of b",
      "d: Name of d",
    ]);
    expect(asked()).toEqual([["a", "b", "nobody", "c", "d"]]);
    expect(concurrencyLimit.state).toMatchObject({ inFlight: 0, waiting: 0 });
    // What was never sent earns no repetition of what was.
    expect(concurrencyLimit.retries.tell()).toBeCloseTo(0.1);
  });

  it("take along whoever still fits, and the others wait for the next", async () => {
    const { ask, asked, whenWaiting, free } = await openBusySite(users());
    const all = [ask(...named("a", 248)), ask("b", "c", "d"), ask("e", "a0"), ask("f"), ask("g")];
    await whenWaiting(5);
    free();
    await Promise.all(all);
    expect(asked().map((ids) => ids.length)).toEqual([250, 4]);
    expect(asked()[1]).toEqual(["b", "c", "d", "g"]);
  });

  it("may be called whatever they are where they stand in no address", async () => {
    const { ask, asked, whenWaiting, free } = await openBusySite(users());
    const all = [ask("a"), ask("\ud800")];
    await whenWaiting(2);
    free();
    expect(await Promise.all(all)).toEqual(["a: Name of a", "\ud800: Name of \ud800"]);
    expect(asked()).toEqual([["a", "\ud800"]]);
  });

  it("are those of a change first, which the others go along with", async () => {
    const { ask, asked, whenWaiting, free } = await openBusySite(users());
    const all = [ask("a"), ask("b")];
    all.push(workForChange("somebody", () => ask("changed")));
    await whenWaiting(3);
    free();
    await Promise.all(all);
    expect(asked()).toEqual([["changed", "a", "b"]]);
  });

  it("ask for the same when they are repeated; whoever comes meanwhile asks by itself", async () => {
    const { ask, asked, clock, whenWaiting, free, upstream } = await openBusySite(
      users((_ids, count) => (count === 1 ? (response) => answers.json(response, {}, 502) : null)),
    );
    const all = [ask("a"), ask("b")];
    await whenWaiting(2);
    free();
    await upstream.whenReceived(1);
    await expect.poll(() => clock.sleeping.length).toBeGreaterThan(0);
    all.push(ask("late"));
    await upstream.whenReceived(2);
    await clock.advance(10_000);
    expect(await Promise.all(all)).toEqual(["a: Name of a", "b: Name of b", "late: Name of late"]);
    expect(asked()).toEqual([["a", "b"], ["late"], ["a", "b"]]);
  });

  it("are those of one turn of the event loop too, and no others where there is room for all of them", async () => {
    const { ask, asked, whenWaiting, free, upstream } = await openBusySite(users());
    free();
    const all = [ask("a"), ask("b")];
    await upstream.whenReceived(1);
    all.push(ask("c"));
    await Promise.all(all);
    await whenWaiting(0);
    expect(asked()).toEqual([["a", "b"], ["c"]]);
  });
});

describe("calls by name that went together and failed", () => {
  it.each([
    [
      "is refused for one of the names",
      (response: Parameters<Respond>[1]) => answers.json(response, {}, 400),
      "RequestRejected",
    ],
    [
      "is not shown for one of the names",
      (response: Parameters<Respond>[1]) => answers.json(response, {}, 404),
      "NotVisible",
    ],
    [
      "has a row of another shape",
      (response: Parameters<Respond>[1]) => answers.json(response, { results: [{ accountId: 1 }] }),
      "ContractDrift",
    ],
  ])("are made by each alone where the answer %s", async (_how, answer, kind) => {
    const { ask, asked, whenWaiting, free } = await openBusySite(users((ids) => (ids.includes("bad") ? answer : null)));
    const all = [ask("a"), ask("bad"), ask("b")];
    await whenWaiting(3);
    free();
    expect(await Promise.all(all)).toEqual(["a: Name of a", kind, "b: Name of b"]);
    const [together, ...alone] = asked();
    expect(together).toEqual(["a", "bad", "b"]);
    expect(alone.sort()).toEqual([["a"], ["b"], ["bad"]]);
  });

  it("are made by each alone for those whom a cut answer leaves open", async () => {
    const { ask, asked, whenWaiting, free } = await openBusySite(
      users((ids) =>
        ids.length === 1
          ? null
          : (response) =>
              answers.json(response, {
                results: [{ accountId: "a" }],
                _links: { next: "/wiki/api/v2/users-bulk?cursor=2" },
              }),
      ),
    );
    const all = [ask("a"), ask("b"), ask("nobody")];
    await whenWaiting(3);
    free();
    expect(await Promise.all(all)).toEqual(["a: -", "b: Name of b", "nobody: -"]);
    expect(asked().slice(1).sort()).toEqual([["b"], ["nobody"]]);
  });

  it.each([
    ["the credential is refused", 401, {}, "CredentialRejected"],
    ["the site wants to be left alone for longer than anybody may wait", 429, { "retry-after": "3600" }, "Throttled"],
  ])("are not made again where %s", async (_why, status, headers, kind) => {
    const { ask, asked, whenWaiting, free } = await openBusySite(
      users(() => (response) => answers.json(response, {}, status, headers)),
    );
    const all = [ask("a"), ask("b")];
    await whenWaiting(2);
    free();
    expect(await Promise.all(all)).toEqual([kind, kind]);
    expect(asked()).toEqual([["a", "b"]]);
  });

  it("have one time for it: who got no answer with others is not asked for again after that", async () => {
    const { ask, asked, clock, whenWaiting, free, upstream } = await openBusySite(() => undefined);
    const all = [ask("a"), ask("b")];
    await whenWaiting(2);
    free();
    await upstream.whenReceived(1);
    await clock.advance(30_000);
    expect(await Promise.all(all)).toEqual(["Unreachable", "Unreachable"]);
    expect(asked()).toEqual([["a", "b"]]);
  });
});

describe("whoever waits for a call by name", () => {
  it("waits as long as it may itself, however long others waited before", async () => {
    const { ask, asked, clock, found, whenWaiting, free } = await openBusySite(users());
    const first = ask("a");
    await whenWaiting(1);
    await clock.advance(100_000);
    const second = ask("b");
    await whenWaiting(2);
    await clock.advance(20_000);
    expect(await first).toBe("Overloaded");
    await clock.advance(99_000);
    expect(found).toEqual(["Overloaded"]);
    free();
    expect(await second).toBe("b: Name of b");
    expect(asked()).toEqual([["b"]]);
  });

  it("is not asked for any more once it is gone", async () => {
    const { ask, asked, whenWaiting, free } = await openBusySite(users());
    const leaver = new Leaver();
    const all = [ask("a"), workFor(leaver, () => ask("gone")), ask("b")];
    await whenWaiting(3);
    leaver.go();
    await whenWaiting(2);
    free();
    expect(await Promise.all(all)).toEqual(["a: Name of a", "Throttled", "b: Name of b"]);
    expect(asked()).toEqual([["a", "b"]]);
  });

  it("is answered though the one whose call it was has gone; when all have gone the call ends", async () => {
    const held: (() => void)[] = [];
    const { asked, ask, whenWaiting, free, upstream } = await openBusySite((request, response, count) => {
      const cut = new Promise((resolve) => response.once("close", resolve));
      held.push(() => users()(request, response, count));
      return cut.then(() => undefined);
    });
    const leavers = [new Leaver(), new Leaver()];
    for (const leaver of leavers) leaver.errand = new Errand("reading", "somebody");
    const [first, second] = leavers.map((leaver, index) => workFor(leaver, () => ask(`a${index}`)));
    await whenWaiting(2);
    free();
    await upstream.whenReceived(1);
    leavers[0]?.go();
    held[0]?.();
    expect(await second).toBe("a1: Name of a1");
    await first;
    expect(asked()).toEqual([["a0", "a1"]]);
  });

  it("has a call ended that nobody waits for any more", async () => {
    let isCut = false;
    const { ask, whenWaiting, free, upstream } = await openBusySite((_request, response) => {
      response.once("close", () => {
        isCut = true;
      });
    });
    const leavers = [new Leaver(), new Leaver()];
    const all = leavers.map((leaver, index) => workFor(leaver, () => ask(`a${index}`)));
    await whenWaiting(2);
    free();
    await upstream.whenReceived(1);
    for (const leaver of leavers) leaver.go();
    expect(await Promise.all(all)).toEqual(["Throttled", "Throttled"]);
    await expect.poll(() => isCut).toBe(true);
  });
});

describe("spaces by id that wait for their turn", () => {
  it("are several calls where their address would grow too long", async () => {
    const { site, whenWaiting, free, upstream } = await openBusySite((_request, response) =>
      answers.json(response, { results: [] }),
    );
    const key = (letter: string) => letter.repeat(2_990) as SpaceKey;
    const all = ["A", "B", "C"].map((letter) => site.spaces.byKeys([key(letter)]));
    await whenWaiting(3);
    free();
    await Promise.all(all);
    const current = upstream.received.map(({ url }) => url).filter((url) => url.includes("status=current"));
    expect(
      current.map((url) => new URL(url, "http://site").searchParams.get("keys")?.replace(/(.)\1+/g, "$1")),
    ).toEqual(["A,B", "C"]);
  });

  it("are one call for each status that is looked through, and its next page names them too", async () => {
    const pages: Respond = ({ url }, response) => {
      const { searchParams } = new URL(url, "http://site");
      const [ids, status, cursor] = ["ids", "status", "cursor"].map((name) => searchParams.get(name));
      const row = (id: string) => ({ id, key: `K${id}`, name: `Space ${id}`, type: "global", status });
      const isCurrent = status === "current";
      const shown = (ids ?? "")
        .split(",")
        .filter((id) => (isCurrent ? Number(id) < 10 : status === "archived" && id === "10"));
      const [first, ...rest] = shown;
      if (cursor !== null) return answers.json(response, { results: rest.map(row) });
      const next = rest.length > 0 ? { _links: { next: `/wiki/api/v2/spaces?cursor=more` } } : {};
      answers.json(response, { results: first === undefined ? [] : [row(first)], ...next });
    };
    const { site, whenWaiting, free, upstream } = await openBusySite(pages);
    const all = ["1", "2", "10", "11"].map((id) => site.spaces.byIds([id as SpaceId]));
    await whenWaiting(4);
    free();
    const found = await Promise.all(all);
    expect(found.map((each) => [...each.keys()])).toEqual([["1"], ["2"], ["10"], []]);
    const urls = upstream.received.map(({ url }) => decodeURIComponent(url));
    expect(urls.slice(0, 2)).toEqual([
      "/wiki/api/v2/spaces?ids=1,2,10,11&status=current&limit=250",
      "/wiki/api/v2/spaces?ids=1,2,10,11&status=current&cursor=more&limit=250",
    ]);
    expect(urls.slice(2).every((url) => !url.includes("ids=1,") && !url.includes("ids=2"))).toBe(true);
  });
});

describe("spaces of Data Center by key that wait for their turn", () => {
  it("are one call for each status that is looked through, in any letter case", async () => {
    const upstream = await startUpstream(({ url }, response) => {
      const { searchParams } = new URL(url, "http://site");
      const row = (key: string, id: number) => ({ id, key, name: key, type: "global", status: "current" });
      const known = searchParams.get("status") === "current" ? [row("ENG", 1), row("OPS", 2)] : [row("OLD", 3)];
      const asked = searchParams.getAll("spaceKey").map((key) => key.toUpperCase());
      answers.json(response, { results: known.filter(({ key }) => asked.includes(key)), _links: {} });
    });
    const { transport, clock, concurrencyLimit } = openTransport(upstream.url, { concurrency: 1 });
    const site = createDataCenterSite({
      ...{ siteId: "dc" as SiteId, name: "DC", url: upstream.url, transport, clock },
      ...{ concurrency: 4, superGroup: "confluence-administrators" },
    });
    const { signal } = new AbortController();
    const slot = await concurrencyLimit.enter({ call: "early", deadlineMs: 1e15, allowanceMs: 1e15, signal });
    const all = [["ENG"], ["eng", "ops"], ["OLD"], ["NONE"]].map((keys) => site.spaces.byKeys(keys as SpaceKey[]));
    await expect.poll(() => concurrencyLimit.state.waiting).toBe(4);
    slot?.leave(true);
    const found = await Promise.all(all);
    expect(found.map((each) => Array.from(each, ([key, space]) => [key, "key" in space && space.key]))).toEqual([
      [["ENG", "ENG"]],
      [
        ["eng", "ENG"],
        ["ops", "OPS"],
      ],
      [["OLD", "OLD"]],
      [],
    ]);
    const asked = upstream.received.map(({ url }) => new URL(url, "http://site").searchParams);
    const calls = asked.map((each) => [each.get("status"), each.getAll("spaceKey").join()]);
    expect(calls).toEqual([
      ["current", "ENG,eng,ops,OLD,NONE"],
      ["archived", "OLD,NONE"],
    ]);
  });
});
