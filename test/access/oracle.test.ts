import { describe, expect, it } from "vitest";
import {
  enumerateAccess,
  enumeratePrincipals,
  enumerateSpaces,
  evaluateAccess,
} from "../../src/access/evaluateAccess.js";
import { type Case, makeCase, operations } from "./makeCase.js";
import { can, copy, holds, type World } from "./naiveWorld.js";
import { ann, factsOf, operation, pathText, type Scene } from "./scene.js";

/** The gaps that stand for a failed read; the others are of things that nobody can tell. */
const readGaps = ["groups", "members of a", "members of c", "grants", "globals", "roles", "children of b", "admins"];

function filled({ certain, doubts }: Case, mask: number): World {
  const world = copy(certain);
  doubts.forEach((doubt, bit) => {
    if (mask & (1 << bit)) doubt.fill(world);
  });
  return world;
}

/** The gaps of which some filling tips whether the operation is held, unless it is held whatever they hide. */
function tippingGaps(each: Case, wanted: string): Set<string> {
  const { doubts } = each;
  const isHeld = Array.from({ length: 2 ** doubts.length }, (_, mask) => holds(filled(each, mask), wanted));
  const tipping = new Set<string>();
  if (!isHeld.includes(false) || isHeld[0] === true) return tipping;
  for (const gapName of new Set(doubts.map((doubt) => doubt.gap))) {
    const bits = doubts.reduce((sum, doubt, bit) => (doubt.gap === gapName ? sum | (1 << bit) : sum), 0);
    if (isHeld.some((held, mask) => held && isHeld[mask & ~bits] === false)) tipping.add(gapName);
  }
  return tipping;
}

function outcomes(each: Case, wanted: string): Set<boolean> {
  const seen = new Set<boolean>();
  for (let mask = 0; mask < 2 ** each.doubts.length && seen.size < 2; mask++) {
    seen.add(can(filled(each, mask), wanted));
  }
  return seen;
}

const count = 600;
const cases = Array.from({ length: count }, (_, seed) => ({ seed, ...makeCase(seed + 1) }));

describe("the decision against every filling of the gaps", () => {
  it(`decides ${count} small worlds as the naive reading of the rules does`, () => {
    const wrong: string[] = [];
    const tally = { ALLOWED: 0, DENIED: 0, UNKNOWN: 0 };
    for (const each of cases) {
      const facts = factsOf(each.scene);
      for (const what of operations) {
        const seen = outcomes(each, what);
        const expected = seen.size === 2 ? "UNKNOWN" : seen.has(true) ? "ALLOWED" : "DENIED";
        const { decision } = evaluateAccess(facts, operation(what));
        tally[decision]++;
        if (decision !== expected) wrong.push(`seed ${each.seed} ${what}: ${decision}, not ${expected}`);
      }
    }
    expect(wrong).toEqual([]);
    // Worlds that are all of one kind would prove nothing.
    expect(Math.min(tally.ALLOWED, tally.DENIED, tally.UNKNOWN)).toBeGreaterThan(count / 10);
  });

  it("names gaps that would decide it, and none where nothing is in doubt", () => {
    for (const each of cases) {
      for (const what of operations) {
        const { decision, reason, gaps, paths } = evaluateAccess(factsOf(each.scene), operation(what));
        if (decision !== "UNKNOWN") expect(gaps).toEqual([]);
        if (reason === "INCOMPLETE") expect(gaps).not.toEqual([]);
        if (reason === "ACCOUNT_STATUS_UNKNOWN") expect(gaps).toEqual([]);
        if (decision === "ALLOWED") expect(paths).not.toEqual([]);
        if (decision === "DENIED") expect(paths).toEqual([]);
      }
    }
  });

  it("leaves nobody UNKNOWN once the gaps it named are filled with nothing", () => {
    for (const each of cases) {
      const { scene } = each;
      if (scene.account?.status === "UNKNOWN" || scene.space?.status === "UNKNOWN") continue;
      for (const what of operations) {
        const before = evaluateAccess(factsOf(scene), operation(what));
        if (before.decision !== "UNKNOWN") continue;
        const named = new Set(before.gaps.map(({ missing }) => missing));
        const closed = closeGaps(scene, named);
        const isUnknowable = before.gaps.some(({ kind }) => kind === "Unsupported");
        if (!isUnknowable) expect(ask(closed, what), `seed ${each.seed} ${what}`).not.toBe("UNKNOWN");
      }
    }
  });

  it("names every gap that could tip it, and hardly any that only stands beside one", () => {
    const missed: string[] = [];
    let exact = 0;
    let beside = 0;
    for (const each of cases.slice(0, 200)) {
      for (const what of operations) {
        const { decision, gaps } = evaluateAccess(factsOf(each.scene), operation(what));
        if (decision !== "UNKNOWN") continue;
        const named = new Set(gaps.map(({ missing }) => missing));
        const tipping = new Set([...tippingGaps(each, what), ...tippingGaps(each, "read/space")]);
        for (const name of readGaps) {
          if (tipping.has(name) && !named.has(name)) missed.push(`seed ${each.seed} ${what}: ${name}`);
          if (tipping.has(name) && named.has(name)) exact++;
          if (!tipping.has(name) && named.has(name)) beside++;
        }
      }
    }
    expect(missed).toEqual([]);
    expect(exact).toBeGreaterThan(50);
    // A gap on a chain that another gap alone would complete is on some chain all the same.
    expect(beside).toBeLessThan(exact / 20);
  });

  it("answers check, who-can and what-can alike", () => {
    for (const each of cases) {
      const facts = factsOf(each.scene);
      const listed = new Map(
        enumerateAccess(facts).items.map((item) => [`${item.operation.key}/${item.operation.target}`, item]),
      );
      for (const what of operations) {
        const check = evaluateAccess(facts, operation(what));
        const isKnown = check.decision !== "DENIED";
        const who = [...enumeratePrincipals(facts.space, [facts.account], operation(what))];
        const where = [...enumerateSpaces(facts.account, [facts.space], operation(what))];
        expect(who.map(({ accountId, decision }) => [accountId, decision])).toEqual(
          isKnown ? [[ann, check.decision]] : [],
        );
        expect(where.map(({ decision }) => decision)).toEqual(isKnown ? [check.decision] : []);
        const isNamed = facts.space.operations.some(({ key, target }) => `${key}/${target}` === what);
        if (isNamed || what === "read/space")
          expect(listed.get(what)?.decision ?? "DENIED", `seed ${each.seed} ${what}`).toBe(check.decision);
      }
    }
  });

  it("finds every path that a blind walk finds, shortest first", () => {
    let longest = 0;
    for (const each of cases) {
      const facts = factsOf(each.scene);
      for (const what of operations) {
        const { decision, paths } = evaluateAccess(facts, operation(what));
        if (decision !== "ALLOWED") continue;
        const chained = paths.filter(({ memberships }) => memberships.length > 0).map(pathText);
        expect([...chained].sort(), `seed ${each.seed} ${what}`).toEqual(walkBlindly(each.scene, what).sort());
        const lengths = paths.map(({ memberships }) => memberships.length);
        expect(lengths).toEqual([...lengths].sort((left, right) => left - right));
        longest = Math.max(longest, ...lengths);
      }
    }
    expect(longest).toBeGreaterThan(2);
  });
});

function ask(scene: Scene, what: string): string {
  return evaluateAccess(factsOf(scene), operation(what)).decision;
}

function closeGaps(scene: Scene, named: ReadonlySet<string>): Scene {
  const open = <T extends { readonly missing: string }>(gaps: readonly T[] | undefined) =>
    (gaps ?? []).filter(({ missing }) => !named.has(missing));
  const unread = Object.entries(scene.unreadGroups ?? {}).filter(([, gaps]) => open(gaps).length > 0);
  const childGaps = Object.entries(scene.childGaps ?? {}).filter(([, gaps]) => open(gaps).length > 0);
  const closesRoles = open(scene.roleGaps).length < (scene.roleGaps ?? []).length;
  return {
    ...scene,
    groupGaps: open(scene.groupGaps),
    unreadGroups: Object.fromEntries(unread),
    grantGaps: open(scene.grantGaps),
    globalGaps: open(scene.globalGaps),
    adminGroupGaps: open(scene.adminGroupGaps),
    childGaps: Object.fromEntries(childGaps),
    roleGaps: open(scene.roleGaps),
    ...(closesRoles && { roles: { writer: [] } }),
  };
}

/** Every simple chain of groups, tried one by one, that ends in a grant giving what is wanted. */
function walkBlindly(scene: Scene, what: string): string[] {
  const found: string[] = [];
  if (scene.isDataCenter !== true && scene.account?.kind === "HUMAN" && scene.account.isLicensed === false) return [];
  const visit = (chain: readonly string[]) => {
    const last = chain.at(-1) ?? "";
    for (const row of new Set(scene.grants)) {
      if (row === `group:${last} ${what}`) found.push([...chain, what].join(" > "));
      if (row === `group:${last} role:writer` && scene.roles?.writer?.includes(what))
        found.push([...chain, "role:writer"].join(" > "));
    }
    if (scene.isDataCenter === true && last === "confluence-administrators")
      found.push([...chain, "SUPERUSER"].join(" > "));
    for (const parent of scene.parents?.[last] ?? []) if (!chain.includes(parent)) visit([...chain, parent]);
  };
  for (const group of scene.groups ?? []) visit([group]);
  const isUnlicensedSuperuser = ask(scene, "nothing/atAll") === "ALLOWED" && !isLicensed(scene);
  return isUnlicensedSuperuser ? found.filter((path) => path.endsWith("SUPERUSER")) : found;
}

function isLicensed(scene: Scene): boolean {
  if (scene.globalGrants === null || scene.globalGrants === undefined) return scene.account?.isLicensed !== false;
  const inGroups = new Set(scene.groups);
  for (const group of inGroups) for (const parent of scene.parents?.[group] ?? []) inGroups.add(parent);
  const own = ["account", ...[...inGroups].map((id) => `group:${id}`)];
  return own.some((holder) => scene.globalGrants?.includes(`${holder} use/application`));
}
