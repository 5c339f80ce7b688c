import { performance } from "node:perf_hooks";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { SpaceGrant } from "../../../../src/domain/Grant.js";
import type { RoleId } from "../../../../src/domain/ids.js";
import { encodeGlobalId } from "../../../../src/graph/schema/GlobalId.js";
import { onlyOne } from "../../../../src/loaders/engine/LoaderDeclaration.js";
import { spaceGrants } from "../../../../src/loaders/grants.js";
import { roleList } from "../../../../src/loaders/site.js";
import { ManualClock } from "../../../support/ManualClock.js";
import { accountId, groupId, type KeptWorld, principalAt, roleOf, spaceId, Twin } from "./keptWorld.js";

/** mulberry32 */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function startWorld(): KeptWorld {
  const grant = (space: number, at: number): SpaceGrant =>
    at % 4 === 3
      ? { kind: "role", roleId: `r-${at % 3}` as RoleId, principal: principalAt(space + at) }
      : {
          ...{ kind: "permission", permissionId: `p-${space}-${at}`, principal: principalAt(space + at) },
          operation: { key: at % 2 === 0 ? "read" : "administer", target: "space" },
        };
  const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);
  return {
    spaces: new Map(numbers(9).map((at) => [spaceId(at), numbers(6).map((row) => grant(at, row))])),
    groups: new Map(
      numbers(6).map((at) => [
        groupId(at),
        { members: [accountId(at), accountId(at + 3)], children: at < 2 ? [groupId(at + 3)] : [] },
      ]),
    ),
    siteWide: [{ principal: principalAt(5), operation: { key: "use", target: "application" } }],
    roles: [roleOf(0, ["read"]), roleOf(1, ["administer", "read"]), roleOf(2, ["create"])],
    failing: new Set(),
    broken: new Set(),
  };
}

const page = `totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  completeness { isComplete asOf assumptions gaps { missing reason } }`;
const grant =
  "edges { cursor node { id asOf principal { ... on Account { id displayName } ... on Group { id name } } permissions { operation } } }";

describe("lists that are kept from request to request", () => {
  const clock = new ManualClock();
  const world = startWorld();
  let kept: Twin;
  let plain: Twin;
  let siteId: Twin["store"]["site"]["siteId"];
  beforeAll(() => {
    // Work that pauses by the clock of the machine would let what is read behind an answer come in earlier or later.
    vi.spyOn(performance, "now").mockReturnValue(0);
    kept = new Twin(world, clock, true);
    plain = new Twin(world, clock, false);
    siteId = kept.store.site.siteId;
  });
  afterAll(async () => {
    await kept.close();
    await plain.close();
    vi.restoreAllMocks();
  });

  const filters = [
    "",
    "filter: { entitlements: [SPACE_ROLE] }",
    'filter: { operations: ["read"] }',
    'filter: { operations: ["administer"], principalKinds: [ACCOUNT] }',
    "filter: { entitlements: [GROUP_MEMBERSHIP] }",
    "filter: { principalKinds: [GROUP] }",
    'filter: { targets: ["application"] }',
  ];

  /** One question, made of numbers. */
  function question(random: () => number): string {
    const at = (count: number) => Math.floor(random() * count);
    const filter = filters[at(filters.length)];
    const account = encodeGlobalId({ type: "Account", siteId, accountId: accountId(at(20)) });
    const group = encodeGlobalId({ type: "Group", siteId, groupId: groupId(at(6)) });
    const space = encodeGlobalId({ type: "Space", siteId, spaceId: spaceId(at(9)) });
    const all = (first: number, after = "") => `grants(first: ${first} ${after} ${filter}) { ${page} ${grant} }`;
    switch (at(8)) {
      case 0:
        return `{ accounts { ${page} nodes { id displayName } } one: ${all(5)} }`;
      case 1:
        return `{ spaces(first: 4) { ${page} nodes { id name } } }`;
      case 2:
        return `{ account(id: "${account}") { grants { ${page} ${grant} } } }`;
      case 3:
        return `{ group(id: "${group}") { grants { ${page} ${grant} } } }`;
      case 4:
        return `{ space(id: "${space}") { grants { ${page} ${grant} } } rest: ${all(100)} }`;
      case 5:
        return `{ grants(filter: { principals: ["${group}", "${account}"] }) { ${page} ${grant} } }`;
      case 6:
        return `{ groups { ${page} nodes { id } } ${all(7)} }`;
      default:
        return `{ ${all(1_000)} }`;
    }
  }

  /** Something that happens between two questions, to both alike. */
  async function happen(random: () => number): Promise<void> {
    const at = (count: number) => Math.floor(random() * count);
    const space = spaceId(at(11));
    const group = groupId(at(8));
    switch (at(14)) {
      case 0:
        return clock.advance(5_000);
      case 1:
        return clock.advance(70_000);
      case 2:
        return clock.advance(200_000);
      case 3:
        world.spaces.set(space, [
          {
            kind: "permission",
            permissionId: `new-${at(1_000)}`,
            principal: principalAt(at(50)),
            operation: { key: "read", target: "space" },
          },
          ...(world.spaces.get(space) ?? []).slice(at(3)),
        ]);
        return;
      case 4:
        for (const { store } of [kept, plain]) store.changed({ kind: "spaceGrantsChanged", spaceId: space });
        return;
      case 5:
        world.groups.set(group, { members: [accountId(at(30)), accountId(30 + at(5))], children: [] });
        for (const { store } of [kept, plain])
          store.changed({ kind: "membershipChanged", groupId: group, accountId: accountId(1) });
        return;
      case 6:
        world.failing.add(at(2) === 0 ? `grants ${space}` : `members ${group}`);
        return;
      case 7:
        world.broken.add(at(2) === 0 ? `grants ${space}` : `members ${group}`);
        return;
      case 8:
        world.failing.add(["groups", "accounts", "roles", "spaces CURRENT", "global"][at(5)] ?? "");
        return;
      case 9:
        for (const { store } of [kept, plain]) store.of(spaceGrants).drop(space);
        return;
      case 10:
        for (const { store } of [kept, plain]) store.distrust(clock.now() - 30_000);
        return;
      case 11:
        if (world.spaces.size > 4) world.spaces.delete(space);
        return;
      case 12:
        world.roles = [
          roleOf(0, at(2) === 0 ? ["read"] : ["export"]),
          roleOf(1, ["administer"]),
          roleOf(2, ["create"]),
        ];
        for (const { store } of [kept, plain]) store.of(roleList).drop(onlyOne);
        return;
      default:
        world.failing.clear();
        world.broken.clear();
    }
  }

  it.each([1, 2, 3])(
    "answer as those that are made anew, and ask the site as often, whatever happens between (seed %d)",
    async (seed) => {
      const random = randomFrom(seed);
      for (let step = 0; step < 100; step += 1) {
        await happen(random);
        const query = question(random);
        const isFreshWanted = random() < 0.1;
        const told = await kept.ask(query, isFreshWanted);
        expect(told, `step ${step} of seed ${seed}: ${query}`).toEqual(await plain.ask(query, isFreshWanted));
      }
    },
  );
});
