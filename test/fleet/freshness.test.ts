import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { idsOf } from "../provisioning/ids.js";
import { hasRedis } from "../support/startRedis.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { type Process, startProcesses } from "./startProcesses.js";

const world = cloudWorld({
  accounts: [human(1), human(2), human(3), human(4)],
  groups: [{ id: "g-team", name: "team", members: [human(3).accountId] }],
  spaces: [
    space(1, {
      permissions: [permission("user", human(1).accountId), permission("user", human(1).accountId, "administer/space")],
    }),
  ],
});

describe.skipIf(!hasRedis)("what one process changes, another shows", () => {
  let fleet: Awaited<ReturnType<typeof startProcesses>>;
  let one: Process;
  let other: Process;
  let ids: ReturnType<typeof idsOf>;

  beforeAll(async () => {
    fleet = await startProcesses(world, 2);
    const [first, second] = fleet.processes;
    if (first === undefined || second === undefined) throw new Error("Two were to be started.");
    [one, other] = [first, second];
    ids = idsOf(fleet.siteId);
  });
  afterAll(() => fleet?.close());

  const membersQuery = () => `{ group(id: "${ids.group("g-team")}") { members { nodes { accountId } } } }`;
  const members = (process: Process, headers?: Readonly<Record<string, string>>) =>
    process
      .query(membersQuery(), headers)
      .then(({ data }) => data.group.members.nodes.map(({ accountId }: { accountId: string }) => accountId).sort());
  const changing = (what: "grant" | "revoke", number: number, more = "") =>
    `mutation { it: ${what}GroupMembership(input: { group: "${ids.group("g-team")}", accounts: ["${ids.account(number)}"] ${more} }) { changes { outcome } } }`;
  const callsFor = async (work: () => Promise<unknown>) => {
    const before = fleet.calls().length;
    await work();
    return fleet.calls().length - before;
  };

  it("at once, also where the answer was remembered there as bytes", async () => {
    const before = await members(other);
    for (let times = 0; times < 3; times += 1) expect(await members(other)).toEqual(before);
    const { data, extensions } = await one.query(changing("grant", 2));
    expect(data.it.changes).toEqual([{ outcome: "CREATED" }]);
    expect(extensions?.position).toMatch(/^[\w-]{12}\.\d+\.[\w-]{12}\.[\w-]{22}$/);
    expect(await members(other)).toEqual([...before, human(2).accountId].sort());
    await other.query(changing("revoke", 2));
    expect(await members(one)).toEqual(before);
  });

  it("also in its access index", async () => {
    const check = `{ checkAccess(input: { space: "${ids.space(1)}", account: "${ids.account(4)}", permission: { operation: "read", target: "space" } }) { decision } }`;
    const decisionOf = async (process: Process) => (await process.query(check)).data.checkAccess.decision;
    for (const each of [one, other]) expect(await decisionOf(each)).toBe("DENIED");
    const grant = `mutation { it: grantSpaceAccess(input: { space: "${ids.space(1)}", principal: "${ids.account(4)}", permissions: [{ operation: "read", target: "space" }] }) { outcome } }`;
    expect((await one.query(grant)).data.it.outcome).toBe("CREATED");
    for (const each of [one, other]) expect(await decisionOf(each)).toBe("ALLOWED");
  });

  it("with a position, also where a change failed; and with none where it was only planned, or nothing was asked to change", async () => {
    const told = async (document: string) => {
      const response = await one.post({ query: document });
      const { extensions, data } = (await response.json()) as {
        extensions?: { position?: string };
        data: { it?: { changes: { outcome: string }[] } };
      };
      return {
        position: extensions?.position ?? null,
        header: response.headers.get("x-access-graph-position"),
        outcome: data.it?.changes[0]?.outcome ?? null,
      };
    };
    expect(await told(changing("grant", 2, "dryRun: true"))).toEqual({
      position: null,
      header: null,
      outcome: "PLANNED",
    });
    expect(await told(membersQuery())).toEqual({ position: null, header: null, outcome: null });
    const failing = { match: "POST /wiki/rest/api/group/userByGroupId", status: 403, body: {} };
    await fetch(`${fleet.sandbox.url}/__sandbox/faults`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify([failing]),
    });
    const failed = await told(changing("grant", 2));
    await fetch(`${fleet.sandbox.url}/__sandbox/faults`, { method: "DELETE" });
    expect(failed.outcome).toBe("FAILED");
    expect(failed.position).not.toBeNull();
    expect(failed.header).toBe(failed.position);
    const again = await told(changing("revoke", 2));
    expect(again).toMatchObject({ outcome: "NOT_PRESENT", header: again.position });
  });

  it("of a batch with the position of each, and the last of them in the header", async () => {
    const batch = [changing("grant", 2), membersQuery(), changing("revoke", 2)].map((query) => ({ query }));
    const response = await one.post(batch);
    const answers = (await response.json()) as { extensions?: { position: string } }[];
    const positions = answers.map(({ extensions }) => extensions?.position ?? null);
    expect(positions[1]).toBeNull();
    const numbers = positions.map((each) => Number(each?.split(".")[1]));
    expect(numbers[2]).toBeGreaterThan(numbers[0] ?? 0);
    expect(response.headers.get("x-access-graph-position")).toBe(positions[2]);
  });

  it("without a call where a position is presented that is reached, and read afresh for any other, however it is presented", async () => {
    const { extensions } = await one.query(changing("grant", 2));
    const position = String(extensions?.position);
    await members(other);
    const ways: readonly (readonly [string, (presented: string) => Promise<Response>])[] = [
      ["a header", (presented) => other.post({ query: membersQuery() }, { "x-access-graph-position": presented })],
      ["an extension", (presented) => other.post({ query: membersQuery(), extensions: { position: presented } })],
      [
        "one of a batch",
        (presented) =>
          other.post([{ query: membersQuery() }, { query: membersQuery(), extensions: { position: presented } }]),
      ],
      [
        "an address",
        (presented) => {
          const asked = new URLSearchParams({
            query: membersQuery(),
            extensions: JSON.stringify({ position: presented }),
          });
          return fetch(`${other.server.graphqlUrl}?${asked}`, { headers: { "apollo-require-preflight": "true" } });
        },
      ],
    ];
    for (const [way, present] of ways) {
      const calls: number[] = [];
      for (const presented of [position, "another-epoch.7", "garbage", "alone-other.1"]) {
        calls.push(await callsFor(async () => expect((await present(presented)).status).toBe(200)));
      }
      expect([way, calls.map((count) => count > 0)]).toEqual([way, [false, true, true, true]]);
      const refused = await present("x".repeat(2_001));
      expect([way, refused.status, await refused.text()]).toEqual([way, 400, expect.stringContaining("BAD_POSITION")]);
    }
    for (const odd of [7, null, {}, ["a"], true]) {
      expect((await other.post({ query: membersQuery(), extensions: { position: odd } })).status).toBe(200);
    }
  });

  it("or it says that it may not, of what it keeps of the whole site, where nobody can tell whether it heard of it", async () => {
    const asked = `{ account(id: "${ids.account(4)}") { effectiveAccess(wait: 30) { allowedCount unknownCount edges { decision permissions { operation } unknownPermissions { operation } mayHoldMore why { decision reason explanation completeness { gaps { missing } } } node { key } } completeness { isComplete gaps { missing } } } } }`;
    const told = async (headers?: Readonly<Record<string, string>>) =>
      (await other.query(asked, headers)).data.account.effectiveAccess;
    const known = await told();
    expect(known.completeness).toEqual({ isComplete: true, gaps: [] });
    const { extensions } = await one.query(changing("revoke", 2));
    expect(await told({ "x-access-graph-position": String(extensions?.position) })).toEqual(known);
    expect([known.allowedCount, known.edges.map(({ decision }: { decision: string }) => decision)]).toEqual([
      1,
      ["ALLOWED"],
    ]);
    const gaps = [{ missing: "changes that the caller knows of" }];
    const behind = await told({ "x-access-graph-position": "alone-other.1" });
    // What was taken away meanwhile stands there as well.
    expect(behind).toMatchObject({ allowedCount: 0, unknownCount: 1, completeness: { isComplete: false, gaps } });
    expect(behind.edges).toEqual([
      {
        ...{ decision: "UNKNOWN", permissions: [], unknownPermissions: known.edges[0].permissions, mayHoldMore: true },
        node: { key: "S1" },
        why: {
          ...{ decision: "UNKNOWN", reason: "INCOMPLETE", completeness: { gaps } },
          explanation: expect.stringMatching(/^Whether .+ is not known: changes that the caller knows of/),
        },
      },
    ]);
    expect(await told({ "x-access-graph-position": "alone-other.1", "cache-control": "no-cache" })).toMatchObject({
      completeness: { isComplete: false, gaps },
    });
    const sure = asked.replace("(wait: 30)", "(wait: 30, filter: { decision: ALLOWED })");
    const { data, errors } = await other.query(sure, { "x-access-graph-position": "alone-other.1" });
    expect([data.account.effectiveAccess.edges, errors?.length]).toEqual([null, 1]);
    await one.query(changing("grant", 2));
  });

  it("also where it was asked for before: who made it then may have ended before it told anybody", async () => {
    const before = await members(other);
    const asked = changing("grant", 4, `requestId: "again"`);
    expect((await one.query(asked)).data.it.changes).toEqual([{ outcome: "CREATED" }]);
    expect(await members(other)).toEqual([...before, human(4).accountId].sort());
    // As if nobody had told: it is taken back, and what they remember is older.
    const path = `/wiki/rest/api/group/userByGroupId?groupId=g-team&accountId=${human(4).accountId}`;
    const headers = { authorization: `Basic ${btoa("admin@sandbox.test:sandbox-token")}` };
    expect((await fetch(`${fleet.sandbox.url}${path}`, { method: "DELETE", headers })).ok).toBe(true);
    expect(await members(other)).toEqual([...before, human(4).accountId].sort());
    expect((await one.query(asked)).data.it.changes).toEqual([{ outcome: "CREATED" }]);
    expect(await members(other)).toEqual(before);
    expect(await members(one)).toEqual(before);
  });

  it("by the position alone where the engine is gone: whoever presents none is answered from memory", async () => {
    const before = await members(other);
    await fleet.redis.kill();
    const changed = await one.query(changing("revoke", 2));
    expect(changed.data.it.changes).toEqual([{ outcome: "REMOVED" }]);
    const position = String(changed.extensions?.position);
    expect(position).toMatch(/^alone-/);
    expect(await callsFor(() => members(other))).toBe(0);
    expect(await members(other)).toEqual(before);
    const after = before.filter((id: string) => id !== human(2).accountId);
    const presented = { "x-access-graph-position": position };
    // It brings what was changed, and that alone is read again.
    expect(await callsFor(() => other.query(`{ group(id: "${ids.group("g-team")}") { name } }`, presented))).toBe(0);
    expect(await callsFor(async () => expect(await members(other, presented)).toEqual(after))).toBe(1);
    expect(await callsFor(async () => expect(await members(other)).toEqual(after))).toBe(0);
    expect(await callsFor(() => members(one, { "x-access-graph-position": position }))).toBe(0);
  });
});
