import type { World } from "../../sandbox/src/world/World.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { Ledger } from "./Ledger.js";

/** A site in which each client has an account of its own, to which it gives and from which it takes. */
export interface Scene {
  readonly world: { readonly cloud: Readonly<Record<string, unknown>> };
  readonly accounts: readonly number[];
  readonly spaces: readonly number[];
  readonly groups: readonly number[];
  /** What an account may be given and be taken by its client. */
  readonly ownedBy: (account: number) => readonly OwnedFact[];
  readonly factsOf: {
    readonly space: (space: number) => readonly string[];
    readonly group: (group: number) => readonly string[];
  };
  readonly factsAbout: (account: number) => readonly string[];
  readonly homeGroup: (account: number) => number;
  readonly groupOf: (space: number) => number;
  readonly ledger: Ledger;
}

export interface OwnedFact {
  readonly name: string;
  readonly account: number;
  readonly kind: "access" | "membership";
  /** The space, or the group. */
  readonly target: number;
}

export const groupId = (group: number) => `g-${group}`;
export const accessFact = (account: number, target: number) => `access ${human(account).accountId} ${1000 + target}`;
export const memberFact = (account: number, target: number) => `member ${human(account).accountId} ${groupId(target)}`;

const administrator = 1;

/** Account 1 administers every space; each space is open to one group, and each account is for good in one group. */
export function makeScene({ clients, spaces: spaceCount = 100, groups: groupCount = 50 }: Sizes): Scene {
  const accounts = Array.from({ length: clients }, (_, at) => at + 2);
  const spaces = Array.from({ length: spaceCount }, (_, at) => at + 1);
  const groups = Array.from({ length: groupCount }, (_, at) => at + 1);
  const homeGroup = (account: number) => (account % groupCount) + 1;
  const groupOf = (target: number) => (target % groupCount) + 1;
  const ledger = new Ledger();
  const owned = new Map(
    accounts.map((account) => [
      account,
      [
        ...[1, 7, 13]
          .map((step) => (account * 3 + step) % spaceCount)
          .map((at) => ({ kind: "access" as const, target: at + 1 })),
        ...[5, 11]
          .map((step) => ((account + step) % groupCount) + 1)
          .map((target) => ({ kind: "membership" as const, target })),
      ].map(({ kind, target }) => ({
        ...{ kind, target, account },
        name: kind === "access" ? accessFact(account, target) : memberFact(account, target),
      })),
    ]),
  );
  const all = [...owned.values()].flat();
  for (const { name } of all) ledger.declare(name, false);
  const namesWhere = (kind: OwnedFact["kind"], target: number) =>
    all.filter((each) => each.kind === kind && each.target === target).map(({ name }) => name);
  const bySpace = new Map(spaces.map((each) => [each, namesWhere("access", each)]));
  const byGroup = new Map(groups.map((each) => [each, namesWhere("membership", each)]));
  const admin = human(administrator).accountId;
  return {
    ...{ accounts, spaces, groups, homeGroup, groupOf, ledger },
    ownedBy: (account) => owned.get(account) ?? [],
    factsOf: { space: (each) => bySpace.get(each) ?? [], group: (each) => byGroup.get(each) ?? [] },
    factsAbout: (account) => (owned.get(account) ?? []).map(({ name }) => name),
    world: cloudWorld({
      accounts: [administrator, ...accounts].map(human),
      groups: groups.map((group) => ({
        id: groupId(group),
        name: `Group ${group}`,
        members: accounts.filter((account) => homeGroup(account) === group).map((account) => human(account).accountId),
      })),
      spaces: spaces.map((each) =>
        space(each, {
          permissions: [
            permission("user", admin),
            permission("user", admin, "administer/space"),
            permission("group", groupId(groupOf(each))),
          ],
        }),
      ),
    }),
  };
}

interface Sizes {
  readonly clients: number;
  readonly spaces?: number;
  readonly groups?: number;
}

/** The facts of the scene as the sandbox's world holds them. */
export function factsIn({ cloud }: World): ReadonlySet<string> {
  return new Set([
    ...(cloud?.spaces ?? []).flatMap(({ id, permissions }) =>
      permissions
        .filter(({ principal, operation }) => principal.type === "user" && operation.key === "read")
        .map(({ principal }) => `access ${principal.id} ${id}`),
    ),
    ...(cloud?.groups ?? []).flatMap(({ id, members }) => members.map((member) => `member ${member} ${id}`)),
  ]);
}
