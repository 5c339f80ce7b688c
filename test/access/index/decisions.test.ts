import { describe, expect, it } from "vitest";
import { enumerateAccess, evaluateAccess } from "../../../src/access/evaluateAccess.js";
import { evaluateBareDecision } from "../../../src/access/evaluateBareDecision.js";
import type { AccessIndex } from "../../../src/access/index/AccessIndex.js";
import type { EffectiveAccess, EffectivePage } from "../../../src/access/index/answers.js";
import { type SpaceGrant, spaceGrantKey } from "../../../src/domain/Grant.js";
import type { AccountId, SpaceId } from "../../../src/domain/ids.js";
import { type Operation, operationName, readSpace } from "../../../src/domain/Operation.js";
import { type Principal, principalKey } from "../../../src/domain/Principal.js";
import { compareText } from "../../../src/domain/textOrder.js";
import { buildIndex, type Missing, nothingMissing, putGroup, putSite, putSpace, WorldFacts } from "./indexFacts.js";
import { askedAccounts, makeWorld, partsOf, questions, randomFrom, type SiteWorld } from "./indexWorlds.js";

const count = 320;
const cases = Array.from({ length: count }, (_, index) => makeCase(index + 1));

interface Case {
  readonly seed: number;
  readonly world: SiteWorld;
  /** Something of it that could not be read. */
  readonly missing: Missing;
  readonly whole: AccessIndex;
  readonly gapped: AccessIndex;
}

function makeCase(seed: number): Case {
  const world = makeWorld(seed);
  const random = randomFrom(seed * 7_919);
  const parts = new Set([random.pick(partsOf(world)), ...random.some(partsOf(world), 0.03)]);
  const missing = { parts, share: random.pick([0, 0.5]) };
  return { seed, world, missing, whole: buildIndex(world), gapped: buildIndex(world, missing) };
}

interface Question {
  readonly accountId: AccountId;
  readonly spaceId: SpaceId;
  readonly operation: Operation;
}

function* questionsOf(world: SiteWorld): Generator<Question> {
  for (const accountId of askedAccounts(world))
    for (const { spaceId } of world.spaces) for (const operation of questions) yield { accountId, spaceId, operation };
}

function text({ seed, missing }: Case, { accountId, spaceId, operation }: Question): string {
  return `seed ${seed}: ${accountId} ${operationName(operation)} in ${spaceId}, without ${[...missing.parts].join()}`;
}

describe("the index against the rules for single questions", () => {
  it(`decides ${count} small sites alike, whatever of them is missing`, () => {
    const wrong: string[] = [];
    const tally = { ALLOWED: 0, DENIED: 0, UNKNOWN: 0 };
    for (const each of cases) {
      const sides = [
        [each.whole, new WorldFacts(each.world)],
        [each.gapped, new WorldFacts(each.world, each.missing)],
      ] as const;
      for (const [index, facts] of sides)
        for (const question of questionsOf(each.world)) {
          const { accountId, spaceId, operation } = question;
          const { decision } = evaluateBareDecision(facts.of(accountId, spaceId), operation);
          const found = index.check(accountId, spaceId, operation);
          tally[found] += 1;
          if (found !== decision) wrong.push(`${text(each, question)}: ${found}, not ${decision}`);
        }
    }
    expect(wrong.slice(0, 10)).toEqual([]);
    expect(Math.min(tally.ALLOWED, tally.DENIED, tally.UNKNOWN)).toBeGreaterThan(count);
  });

  it("turns no decision round when something is missing: ALLOWED and DENIED only become UNKNOWN", () => {
    const turned: string[] = [];
    let unsettled = 0;
    for (const each of cases)
      for (const question of questionsOf(each.world)) {
        const { accountId, spaceId, operation } = question;
        const whole = each.whole.check(accountId, spaceId, operation);
        const gapped = each.gapped.check(accountId, spaceId, operation);
        if (gapped === whole) continue;
        if (gapped === "UNKNOWN") unsettled += 1;
        else turned.push(`${text(each, question)}: ${whole} became ${gapped}`);
      }
    expect(turned.slice(0, 10)).toEqual([]);
    expect(unsettled).toBeGreaterThan(count);
  });

  it("explains from what it holds: the decision, the paths and the permissions of the rules over the world itself", () => {
    const wrong: string[] = [];
    let withPaths = 0;
    for (const each of cases) {
      const facts = new WorldFacts(each.world, each.missing);
      for (const question of questionsOf(each.world)) {
        const { accountId, spaceId, operation } = question;
        if ((each.seed + spaceId.length + accountId.charCodeAt(0)) % 13 !== 0) continue;
        const expected = evaluateAccess(facts.of(accountId, spaceId), operation);
        const told = each.gapped.explain(accountId, spaceId, operation);
        const summary = (from: typeof told) =>
          [from.decision, from.reason, pathsOf(from.paths), pathsOf(from.ineffective), from.assumptions.join()].join(
            "|",
          );
        if (expected.paths.length > 0) withPaths += 1;
        if (summary(told) !== summary(expected))
          wrong.push(`${text(each, question)}: ${summary(told)}, not ${summary(expected)}`);
      }
    }
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(withPaths).toBeGreaterThan(count / 4);
  });

  it("lists what an account can do in a space as the rules list it", () => {
    const wrong: string[] = [];
    for (const each of cases) {
      if (each.seed % 3 !== 0) continue;
      const facts = new WorldFacts(each.world, each.missing);
      for (const accountId of askedAccounts(each.world))
        for (const { spaceId } of each.world.spaces) {
          const expected = enumerateAccess(facts.of(accountId, spaceId));
          const of = (decision: string) =>
            expected.items
              .filter((item) => item.decision === decision)
              .map(({ operation }) => operationName(operation));
          const found = each.gapped.operationsOf(accountId, spaceId);
          const so = [found.allowed, found.unknown].map((some) => some.map(operationName).sort(compareText));
          const wanted = [of("ALLOWED"), of("UNKNOWN")].map((some) => some.sort(compareText));
          if (JSON.stringify(so) !== JSON.stringify(wanted))
            wrong.push(
              `seed ${each.seed}: ${accountId} in ${spaceId}: ${JSON.stringify(so)}, not ${JSON.stringify(wanted)}`,
            );
        }
    }
    expect(wrong.slice(0, 5)).toEqual([]);
  });
});

type Paths = ReturnType<AccessIndex["explain"]>["paths"];

function pathsOf(paths: Paths): string {
  return paths
    .map(({ memberships, end, isDirect }) => {
      const rows =
        end.kind === "GRANT" ? end.held.rows.map((row) => (row.kind === "role" ? row.roleId : row.permissionId)) : [];
      return [...memberships.map(({ groupId }) => groupId), ...rows.sort(), isDirect].join(">");
    })
    .sort()
    .join(";");
}

/** All pages. */
function allOf(find: (after: string | null) => EffectivePage, idOf: (row: EffectiveAccess) => string) {
  const rows: EffectiveAccess[] = [];
  for (;;) {
    const last = rows.at(-1);
    const page = find(last === undefined ? null : idOf(last));
    rows.push(...page.rows);
    if (!page.hasNextPage) return { rows, page };
  }
}

describe("the three directions", () => {
  it("agree for every account, space and permission, in pages, with exact counts, ways and order", () => {
    const wrong: string[] = [];
    let listed = 0;
    for (const each of cases) {
      const index = each.seed % 3 === 0 ? each.whole : each.gapped;
      const known = each.world.accounts.map(({ accountId }) => accountId);
      for (const operation of questions) {
        const expected = [...questionsOf(each.world)].flatMap((question) => {
          const decision = index.check(question.accountId, question.spaceId, question.operation);
          const isAsked =
            question.operation === operation && decision !== "DENIED" && known.includes(question.accountId);
          return isAsked ? [`${question.accountId} ${question.spaceId} ${decision}`] : [];
        });
        const who = each.world.spaces.flatMap(({ spaceId }) => {
          const find = (after: string | null) =>
            index.whoCan(spaceId, { operations: [operation] }, { first: 3, after: after as AccountId | null });
          return checkPages(
            allOf(find, (row) => row.accountId),
            (row) => row.accountId,
          );
        });
        const what = known.flatMap((accountId) => {
          const find = (after: string | null) =>
            index.whatCan(accountId, { operations: [operation] }, { first: 2, after: after as SpaceId | null });
          return checkPages(
            allOf(find, (row) => row.spaceId),
            (row) => row.spaceId,
          );
        });
        const told = [who, what].map((rows) =>
          rows
            .map((row) => `${row.accountId} ${row.spaceId} ${row.decision}`)
            .sort()
            .join(),
        );
        const wanted = expected.sort().join();
        listed += expected.length;
        if (told.some((some) => some !== wanted))
          wrong.push(`seed ${each.seed} ${operationName(operation)}: ${told.join(" / ")}, not ${wanted}`);
        if (each.seed % 9 === 0)
          for (const row of who) {
            const { paths } = index.explain(row.accountId, row.spaceId, operation);
            const isDirect = paths.some((path) => path.isDirect);
            if (paths.length !== row.pathCount || isDirect !== row.isDirect)
              wrong.push(`seed ${each.seed} ${row.accountId} ${row.spaceId} ${operationName(operation)}: ways`);
          }
      }
    }
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(listed).toBeGreaterThan(count * 5);
  });
});

function checkPages(
  { rows, page }: ReturnType<typeof allOf>,
  idOf: (row: EffectiveAccess) => string,
): readonly EffectiveAccess[] {
  const ids = rows.map(idOf);
  expect(ids).toEqual([...new Set(ids)].sort(compareText));
  expect(page.allowed).toBe(rows.filter(({ decision }) => decision === "ALLOWED").length);
  expect(page.unknown).toBe(rows.filter(({ decision }) => decision === "UNKNOWN").length);
  return rows;
}

describe("what stands between accounts and spaces", () => {
  const everyone = { first: 100 };

  it("is told from both ends alike: who holds something in a space, and where a principal holds it", () => {
    let count = 0;
    for (const { whole: index, world, seed } of cases.slice(0, 80)) {
      const fromSpaces = world.spaces.flatMap(({ spaceId }) =>
        index
          .holders(spaceId)
          .items.map(({ principal, ...held }) => ({ key: principalKey(principal), spaceId, ...held })),
      );
      const principals = new Map(
        world.spaces.flatMap(({ grants }) => grants.map(({ principal }) => [principalKey(principal), principal])),
      );
      const fromPrincipals = [...principals].flatMap(([key, principal]) =>
        index.holdingsOf(principal, everyone).rows.map((held) => ({ key, ...held })),
      );
      const inOrder = (rows: typeof fromSpaces) =>
        rows.map((row) => JSON.stringify(row, Object.keys(row).sort())).sort();
      expect(inOrder(fromPrincipals), `seed ${seed}`).toEqual(inOrder(fromSpaces));
      count += fromSpaces.length;
      const stored = world.spaces.flatMap(({ grants }) => grants.map(spaceGrantKey)).sort();
      const told = fromSpaces.flatMap(({ grants }) => grants.map(spaceGrantKey)).sort();
      expect([...new Set(told)], `seed ${seed}`).toEqual([...new Set(stored)]);
    }
    expect(count).toBeGreaterThan(400);
  });

  it("counts as members of a class just those who could read where only the class may, super users apart", () => {
    let members = 0;
    for (const { world, missing, seed } of cases.slice(0, 120)) {
      const index = buildIndex(world, missing);
      for (const classId of [
        "anonymous-users",
        "authenticated-users",
        "all-licensed-users",
        "all-product-admins",
        "unlicensed",
        "odd",
      ]) {
        const principal: Principal = { kind: "accessClass", classId, reportedType: "access-class" };
        const own = `only ${classId}` as SpaceId;
        const nobodys = "nobody's" as SpaceId;
        const grant: SpaceGrant = { kind: "permission", permissionId: "1", principal, operation: readSpace };
        for (const [spaceId, items] of [
          [own, [grant]],
          [nobodys, []],
        ] as const) {
          index.replaceSpaces([{ spaceId, key: null, name: null, kind: "GLOBAL", status: "CURRENT", gaps: [] }]);
          index.replaceSpaceGrants(spaceId, { items, gaps: [], asOfMs: 1_000, assumptions: [] });
        }
        const superUsers = new Set(index.whoCan(nobodys, {}, everyone).rows.map(({ accountId }) => accountId));
        const apart = (rows: readonly { readonly accountId: AccountId; readonly decision: string }[]) =>
          rows.flatMap(({ accountId, decision }) => (superUsers.has(accountId) ? [] : [`${accountId} ${decision}`]));
        const found = index.membersOf(principal, everyone).rows;
        expect(apart(found), `seed ${seed} ${classId}`).toEqual(apart(index.whoCan(own, {}, everyone).rows));
        for (const { accountId, decision } of found)
          expect(index.classesOf(accountId)).toContainEqual({ accessClass: principal, decision });
        members += found.length;
      }
    }
    expect(members).toBeGreaterThan(400);
  });

  it("counts as members of a group all who are in it or in a group within it, active or not", () => {
    for (const { whole: index, world, seed } of cases.slice(0, 120))
      for (const { groupId } of world.groups) {
        const within = new Set([groupId]);
        for (const each of within)
          for (const child of world.groups.find((group) => group.groupId === each)?.children ?? []) within.add(child);
        const expected = world.groups.flatMap((group) => (within.has(group.groupId) ? group.members : []));
        const { rows, allowed, unknown } = index.membersOf({ kind: "group", groupId }, everyone);
        expect(
          rows.map(({ accountId }) => accountId),
          `seed ${seed} ${groupId}`,
        ).toEqual([...new Set(expected)].sort());
        expect([allowed, unknown]).toEqual([rows.length, 0]);
      }
  });
});

describe("parts replaced in place", () => {
  it("leave the index as one that was built of the parts as they are now", () => {
    const wrong: string[] = [];
    for (const each of cases) {
      // The same accounts, groups and spaces with other contents, of the same deployment.
      const other = makeWorld(each.seed + 400);
      const index = buildIndex(each.world, each.missing);
      const isCloud = other.kind !== "DATA_CENTER";
      const rebuilt = buildIndex(other);
      for (const space of other.spaces) putSpace(index, space, nothingMissing);
      for (const group of other.groups) putGroup(index, group, nothingMissing, isCloud);
      index.replaceAccounts(
        other.accounts.map((account) => ({ ...account, displayName: null, roleGaps: [], gaps: [] })),
        2_000,
      );
      putSite(index, other, nothingMissing);
      for (const question of questionsOf(other)) {
        const { accountId, spaceId, operation } = question;
        const [found, wanted] = [index, rebuilt].map((some) => some.check(accountId, spaceId, operation));
        if (found !== wanted) wrong.push(`${text(each, question)}: ${found}, not ${wanted}`);
      }
      for (const { spaceId } of other.spaces) {
        const [found, wanted] = [index, rebuilt].map((some) => some.whoCan(spaceId, {}, { first: 100 }));
        expect(JSON.stringify(found?.rows)).toBe(JSON.stringify(wanted?.rows));
        expect(JSON.stringify(index.holders(spaceId))).toBe(JSON.stringify(rebuilt.holders(spaceId)));
      }
      for (const { accountId } of other.accounts) {
        const [found, wanted] = [index, rebuilt].map((some) => some.whatCan(accountId, {}, { first: 100 }).rows);
        expect(JSON.stringify(found)).toBe(JSON.stringify(wanted));
      }
    }
    expect(wrong.slice(0, 5)).toEqual([]);
  });
});
