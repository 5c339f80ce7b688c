import { describe, expect, it } from "vitest";
import type { AccessDecision, AccessFacts, AccessPath } from "../../src/access/AccessDecision.js";
import { enumeratePrincipals, enumerateSpaces, evaluateAccess } from "../../src/access/evaluateAccess.js";
import { kindsInOrder } from "../../src/access/findings/Finding.js";
import { FindingList } from "../../src/access/findings/FindingList.js";
import type { AccessIndex } from "../../src/access/index/AccessIndex.js";
import { atOnce } from "../../src/access/index/store/slices.js";
import type { AccountId, SpaceId } from "../../src/domain/ids.js";
import { type Operation, operationName } from "../../src/domain/Operation.js";
import { compareText } from "../../src/domain/textOrder.js";
import { buildIndex, WorldFacts } from "./index/indexFacts.js";
import { partsOf, type WorldAccount, type WorldSpace } from "./index/indexWorlds.js";
import { decideNaively } from "./naiveSite.js";
import { type AccessCase, readCases } from "./readCases.js";
import { operation } from "./scene.js";

const files = readCases();
const everything = { first: 1_000 };

/** A path as `team > department > read/space`; one that the account itself or a class holds names that first. */
function pathText(accountId: AccountId, { memberships, end }: AccessPath): string {
  const chain = memberships.map(({ groupId }) => groupId);
  if (end.kind === "SUPERUSER") return [...chain, "everything"].join(" > ");
  const { grant } = end.held;
  const what = grant.kind === "role" ? `role ${grant.roleId}` : operationName(grant.operation);
  const { principal } = grant;
  const holder =
    principal.kind === "accessClass" ? [principal.classId] : principal.kind === "account" ? [accountId] : [];
  return [...chain, ...holder, what].join(" > ");
}

function told({ accountId, decision, reason, paths, ineffective, gaps, pathGaps, assumptions }: AccessDecision) {
  return {
    is: reason === null ? decision : `${decision} ${reason}`,
    by: paths.map((path) => pathText(accountId, path)),
    inVain: ineffective.map((path) => pathText(accountId, path)),
    gaps: gaps.map(({ missing }) => missing).sort(compareText),
    assumes: assumptions,
    mayHide: pathGaps.map(({ missing }) => missing).sort(compareText),
  };
}

const mark = (id: string, decision: string) => (decision === "UNKNOWN" ? `${id}?` : id);

/** One case in both evaluations: the rules over its facts, and the index. */
class Run {
  readonly each: AccessCase;
  readonly facts: WorldFacts;
  readonly index: AccessIndex;

  constructor(each: AccessCase) {
    const missing = { parts: each.unread, share: 1 };
    this.each = each;
    this.facts = new WorldFacts(each.world, missing);
    this.index = buildIndex(each.world, missing);
  }

  get accountIds(): AccountId[] {
    const named = [...this.each.checks, ...this.each.whatCan.map(({ asked }) => asked)];
    const known = this.each.world.accounts.map(({ accountId }) => accountId);
    return [...new Set([...known, ...named.map(({ accountId }) => accountId)])].sort(compareText);
  }

  /** Those that any list or grant names: who can is asked of nobody else. */
  get listedIds(): AccountId[] {
    const { accounts, groups, spaces } = this.each.world;
    const holders = spaces.flatMap(({ grants }) => grants.map(({ principal }) => principal));
    const listed = new Set([
      ...accounts.map(({ accountId }) => accountId),
      ...groups.flatMap(({ members }) => members),
      ...holders.flatMap((principal) => (principal.kind === "account" ? [principal.accountId] : [])),
    ]);
    return this.accountIds.filter((accountId) => listed.has(accountId));
  }

  get spaceIds(): SpaceId[] {
    return this.each.world.spaces.map(({ spaceId }) => spaceId).sort(compareText);
  }

  /** All that is granted, defined or asked, and one that nothing names. */
  get operations(): Operation[] {
    const { checks, whatCan, whoCan, world } = this.each;
    const all = [
      ...world.spaces.flatMap(({ grants }) =>
        grants.flatMap((grant) => (grant.kind === "permission" ? [grant.operation] : [])),
      ),
      ...world.roles.flatMap(({ permissions }) => permissions),
      ...checks.map((check) => check.operation),
      ...[...whoCan, ...whatCan].map(({ asked }) => asked.operation),
    ];
    return [...new Set([...all.map(operationName), "read/space", "never/named"])].map(operation);
  }

  whoCan(spaceId: SpaceId, what: Operation): Record<"index" | "rules", string[]> {
    const { rows } = this.index.whoCan(spaceId, { operations: [what] }, everything);
    const resolved = this.listedIds.map((accountId) => this.facts.of(accountId, spaceId).account);
    const { space } = this.#anyFacts(spaceId);
    const found = [...enumeratePrincipals(space, resolved, what)];
    return {
      index: rows.map(({ accountId, decision }) => mark(accountId, decision)),
      rules: found.map(({ accountId, decision }) => mark(accountId, decision)),
    };
  }

  whatCan(accountId: AccountId, what: Operation): Record<"index" | "rules", string[]> {
    const { rows } = this.index.whatCan(accountId, { operations: [what] }, everything);
    const spaces = this.spaceIds.map((spaceId) => this.facts.of(accountId, spaceId));
    const [first] = spaces;
    const found =
      first === undefined
        ? []
        : [
            ...enumerateSpaces(
              first.account,
              spaces.map(({ space }) => space),
              what,
            ),
          ];
    return {
      index: rows.map(({ spaceId, decision }) => mark(spaceId, decision)),
      rules: found.map(({ spaceId, decision }) => mark(spaceId, decision)),
    };
  }

  findings(): string[] {
    const list = atOnce(FindingList.finding(this.index, 1_000));
    const found = list === null ? [] : atOnce(list.page(kindsInOrder, 1_000, null)).findings;
    return found.map(({ kind, principals, spaceId }) => {
      const about = principals.map((principal) =>
        principal.kind === "account"
          ? principal.accountId
          : principal.kind === "group"
            ? principal.groupId
            : principal.classId,
      );
      return [kind, ...about, ...(spaceId === null ? [] : [spaceId])].join(" ");
    });
  }

  /** By the rules written once more, the naive way; `null` where these know no such case. */
  naively(accountId: AccountId, space: WorldSpace, what: Operation): string | null {
    const { unread, world } = this.each;
    if (world.kind === "DATA_CENTER" && world.rules.superGroupId !== "confluence-administrators") return null;
    const account = world.accounts.find((each) => each.accountId === accountId);
    const isUnlisted = account === undefined && unread.has("list of accounts");
    return decideNaively({
      site: world,
      account: account ?? unknownAccount(accountId),
      space,
      operation: what,
      missing: isUnlisted ? new Set([...unread, `account ${accountId}`]) : unread,
    });
  }

  #anyFacts(spaceId: SpaceId): AccessFacts {
    return this.facts.of(this.accountIds[0] ?? ("nobody" as AccountId), spaceId);
  }
}

function unknownAccount(accountId: AccountId): WorldAccount {
  return { accountId, kind: "UNKNOWN", status: "UNKNOWN", isLicensed: null, hasAdminRole: null };
}

/** Everything that can be asked of a case, in three directions and by three evaluations, where they do not agree. */
function disagreements(run: Run): string[] {
  const wrong: string[] = [];
  for (const what of run.operations) {
    const decisions = new Map<string, string>();
    for (const space of run.each.world.spaces)
      for (const accountId of run.accountIds) {
        const { spaceId } = space;
        const found = run.index.check(accountId, spaceId, what);
        decisions.set(`${accountId} ${spaceId}`, found);
        const byRules = evaluateAccess(run.facts.of(accountId, spaceId), what).decision;
        const naive = run.naively(accountId, space, what) ?? byRules;
        if (found !== byRules || found !== naive)
          wrong.push(
            `${accountId} ${operationName(what)} ${spaceId}: ${found} by the index, ${byRules} by the rules, ${naive} naively`,
          );
      }
    const listed = (ids: readonly string[], keyOf: (id: string) => string) =>
      ids.flatMap((id) => {
        const decision = decisions.get(keyOf(id)) ?? "DENIED";
        return decision === "DENIED" ? [] : [mark(id, decision)];
      });
    const compare = (about: string, wanted: string[], found: Record<"index" | "rules", string[]>) => {
      for (const [by, ids] of Object.entries(found))
        if (ids.join() !== wanted.join())
          wrong.push(`${about} ${operationName(what)}: ${ids.join()} by the ${by}, not ${wanted.join()}`);
    };
    for (const spaceId of run.spaceIds)
      compare(
        `who can in ${spaceId}`,
        listed(run.listedIds, (id) => `${id} ${spaceId}`),
        run.whoCan(spaceId, what),
      );
    for (const accountId of run.accountIds)
      compare(
        `where ${accountId} can`,
        listed(run.spaceIds, (id) => `${accountId} ${id}`),
        run.whatCan(accountId, what),
      );
  }
  return wrong;
}

for (const { rule, cases } of files)
  describe(rule, () => {
    for (const each of cases)
      it(each.name, () => {
        const run = new Run(each);
        const parts = partsOf(each.world);
        expect([...each.unread].filter((part) => !parts.includes(part))).toEqual([]);
        for (const { text, accountId, spaceId, operation: what, ...wanted } of each.checks) {
          expect(told(evaluateAccess(run.facts.of(accountId, spaceId), what)), text).toEqual(wanted);
          expect(told(run.index.explain(accountId, spaceId, what)), `${text}, by the index`).toEqual(wanted);
        }
        for (const { text, asked, found } of each.whoCan)
          expect(run.whoCan(asked.spaceId, asked.operation), `who can ${text}`).toEqual({ index: found, rules: found });
        for (const { text, asked, found } of each.whatCan)
          expect(run.whatCan(asked.accountId, asked.operation), `where can ${text}`).toEqual({
            index: found,
            rules: found,
          });
        if (each.findings !== null)
          expect(run.findings().sort(compareText)).toEqual([...each.findings].sort(compareText));
        expect(disagreements(run)).toEqual([]);
      });
  });

describe("the cases", () => {
  it("are many, each with all three questions, and every rule has some", () => {
    const all = files.flatMap(({ cases }) => cases);
    expect(new Set(all.map(({ name }) => name.replace(/ \([A-Z_]+\)$/, ""))).size).toBeGreaterThanOrEqual(40);
    const short = all.filter(({ checks, whatCan, whoCan }) =>
      [checks, whatCan, whoCan].some((list) => list.length === 0),
    );
    expect(short.map(({ name }) => name)).toEqual([]);
    const rules = files.map(({ rule }) => Number(/: (\d+)\./.exec(rule)?.[1]));
    expect([...new Set(rules)].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });
});
