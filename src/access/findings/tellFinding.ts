import type { Assumption } from "../../domain/Complete.js";
import type { RoleId, SpaceId } from "../../domain/ids.js";
import { operationName } from "../../domain/Operation.js";
import type { Principal } from "../../domain/Principal.js";
import { firstClass, firstGroup } from "../index/store/Holders.js";
import { type Finding, type FindingKind, type FoundGrant, findingKinds, findingRules, type Remedy } from "./Finding.js";
import { redundantIn } from "./findInSpace.js";
import { type AccountFindingKind, accountKinds, grantsIn, grantsOfAccount } from "./findOfAccount.js";
import type { SiteScan } from "./SiteScan.js";

/** What a finding says, with the grants behind it and the change that ends it. */
export function tellFinding(scan: SiteScan, kind: FindingKind, space: number, holder: number, key: string): Finding {
  const { holders, spaces } = scan.view.tables;
  const principals = holder === 0 ? [] : [holders.principalOf(holder)];
  const severity = findingKinds[kind].severity;
  if (kind in accountKinds) {
    const { grants, hasMoreGrants, spaceCount } = grantsOfAccount(scan, holder, kind as AccountFindingKind);
    const sentence = accountSentences[kind as AccountFindingKind](nameOf(scan, holder), spacesOf(spaceCount));
    const remedy: Remedy = { mutation: "revokeGrants", grants };
    return {
      ...{ kind, severity, key, principals, spaceId: null, spaceCount, grants, hasMoreGrants, sentence, remedy },
      assumptions: assumptionsOf(scan, grants),
    };
  }
  const behind = grantsBehind(scan, kind, space, holder);
  const grants = behind.slice(0, findingRules.grants);
  const spaceId = spaces.ids.idOf(space) as SpaceId;
  const told = { holder: holder === 0 ? "" : nameOf(scan, holder), space: `space ${nameOfSpace(scan, space)}`, grants };
  return {
    ...{ kind, severity, key, principals, spaceId, spaceCount: 1, grants },
    hasMoreGrants: behind.length > grants.length,
    sentence: spaceSentences[kind as SpaceFindingKind](told, scan, space, holder),
    remedy:
      kind === "NO_ACTIVE_ADMINISTRATOR"
        ? { mutation: "grantSpaceAccess", spaceId, roleId: administratorRole(scan) }
        : { mutation: "revokeGrants", grants },
    assumptions: assumptionsOf(scan, grants),
  };
}

type SpaceFindingKind = Exclude<FindingKind, AccountFindingKind>;

function grantsBehind(scan: SiteScan, kind: FindingKind, space: number, holder: number): readonly FoundGrant[] {
  const { holdings } = scan.view.tables.spaces;
  switch (kind) {
    case "ANONYMOUS_WRITE":
      return grantsIn(scan, space, holder, "writes");
    case "BROAD_ADMINISTRATION":
      return grantsIn(scan, space, holder, "administers");
    case "NO_ACTIVE_ADMINISTRATOR":
      return holdersOf(scan, space).flatMap((each) => grantsIn(scan, space, each, "administers"));
    case "PERSONAL_SPACE_OF_LEAVER":
      return holdersOf(scan, space).flatMap((each) => grantsIn(scan, space, each));
    case "REDUNDANT_DIRECT_GRANT": {
      const facts = scan.factsOf(holdings.setOf(space, holder));
      const redundant = redundantIn(scan, holdings.rowsOf(space), holder, facts);
      const { sets } = scan.view.tables;
      const roleIds = sets.rolesOf(holdings.setOf(space, holder));
      return grantsIn(scan, space, holder).filter((found) => {
        if (redundant === null || found.kind !== "space") return false;
        if (found.grant.kind === "role") return redundant.roles[roleIds.indexOf(found.grant.roleId)] === true;
        const operation = sets.findOperation(found.grant.operation);
        return ((redundant.granular[operation >>> 5] ?? 0) & (1 << (operation & 31))) !== 0;
      });
    }
    default:
      return grantsIn(scan, space, holder);
  }
}

function holdersOf(scan: SiteScan, space: number): number[] {
  return [...scan.view.tables.spaces.holdings.rowsOf(space)].filter((_, at) => at % 2 === 0);
}

/** The role that administers, where the site takes no single permissions any more; the reader may choose another. */
function administratorRole(scan: SiteScan) {
  const { roles } = scan.view.tables;
  if (roles.model !== "ROLES") return null;
  const administers = (name: string) => name === "administer/space";
  return roles.roles.items.find((role) => role.permissions.map(operationName).some(administers))?.roleId ?? null;
}

interface Told {
  readonly holder: string;
  readonly space: string;
  readonly grants: readonly FoundGrant[];
}

const accountSentences: Readonly<Record<AccountFindingKind, (account: string, where: string) => string>> = {
  GUEST_CAN_WRITE: (account, where) => `The guest ${account} can change things in ${where}.`,
  GUEST_CAN_ADMINISTER: (account, where) => `The guest ${account} administers ${where}.`,
  DORMANT_ADMINISTRATOR: (account, where) => `${account} administers ${where} and was not active for over 90 days.`,
};

const spaceSentences: Readonly<
  Record<SpaceFindingKind, (told: Told, scan: SiteScan, space: number, holder: number) => string>
> = {
  ANONYMOUS_WRITE: ({ space, grants }, scan) =>
    `Anyone, without signing in, can do this in ${space}: ${given(grants, scan)}.`,
  BROAD_ADMINISTRATION: ({ space, holder }) => `${holder} administer ${space}.`,
  ANONYMOUS_ACCESS: ({ space }) => `Anyone, without signing in, can read ${space}.`,
  NO_ACTIVE_ADMINISTRATOR: ({ space, grants }) =>
    grants.length === 0
      ? `Nobody administers ${space}.`
      : `Nobody who is active administers ${space}, whoever it is granted to.`,
  GRANT_TO_INACTIVE_ACCOUNT: ({ space, holder }, scan, _, account) =>
    `${holder} is ${scan.view.tables.accounts.statusOf(account).toLowerCase()} and still holds access to ${space}.`,
  PERSONAL_SPACE_OF_LEAVER: ({ space, holder }, scan, _, account) =>
    `${holder}, whose personal ${space} is, is ${scan.view.tables.accounts.statusOf(account).toLowerCase()}; the space still grants access.`,
  GRANT_TO_EMPTY_GROUP: ({ space, holder }) => `The group ${holder} holds access to ${space} and has no members.`,
  GRANT_TO_VANISHED_GROUP: ({ space, holder }) =>
    `The group ${holder} holds access to ${space} and cannot be found any more.`,
  INEFFECTIVE_GRANT: ({ space, holder }, scan, at, code) =>
    `What ${holder} ${code >= firstClass ? "hold" : "holds"} in ${space} gives nothing: ${whyInVain(scan, at, code)}.`,
  REDUNDANT_DIRECT_GRANT: ({ space, holder, grants }, scan) =>
    `${holder} holds this in ${space} directly and by a group as well: ${given(grants, scan)}.`,
};

function whyInVain(scan: SiteScan, space: number, holder: number): string {
  const { holdings } = scan.view.tables.spaces;
  const facts = scan.factsOf(holdings.setOf(space, holder));
  if (facts.givesNothing) return "what is granted holds no permission";
  if (holder >= firstClass && scan.useOf(holder) === "NO") return "they may not use the site";
  const isLicensed =
    holder >= firstClass ||
    (holder >= firstGroup ? scan.mayHoldLicensed(holder - firstGroup) : scan.view.sets.licensed.possible.has(holder));
  return isLicensed ? "reading the space comes first, and is not granted" : "it takes a licence";
}

/** What some grants give, in a person's words: the first few. */
function given(grants: readonly FoundGrant[], scan: SiteScan): string {
  const roleName = (id: RoleId) => scan.view.tables.roles.roles.items.find(({ roleId }) => roleId === id)?.name ?? id;
  const names = grants.flatMap((found) => {
    if (found.kind === "membership") return [];
    return [
      found.grant.kind === "permission" ? operationName(found.grant.operation) : `role ${roleName(found.grant.roleId)}`,
    ];
  });
  const distinct = [...new Set(names)];
  const shown = distinct.slice(0, 6).join(", ");
  return distinct.length > 6 ? `${shown} and ${distinct.length - 6} more` : shown;
}

function spacesOf(count: number): string {
  return count === 1 ? "1 space" : `${count} spaces`;
}

const classNames: ReadonlyMap<string, string> = new Map([
  ["anonymous-users", "Anonymous visitors"],
  ["authenticated-users", "All who have signed in"],
  ["all-licensed-users", "All who have a licence"],
  ["all-product-admins", "All administrators of the product"],
  ["unlicensed", "All who have no licence"],
]);

function nameOf(scan: SiteScan, holder: number): string {
  const { accounts, groups, holders } = scan.view.tables;
  const principal: Principal = holders.principalOf(holder);
  if (principal.kind === "account") return accounts.nameOf(holder) ?? principal.accountId;
  if (principal.kind === "group") return groups.nameOf(holder - firstGroup) ?? principal.groupId;
  return classNames.get(principal.classId) ?? principal.classId;
}

function nameOfSpace(scan: SiteScan, space: number): string {
  const { spaces } = scan.view.tables;
  return spaces.keyOf(space) ?? spaces.nameOf(space) ?? spaces.ids.idOf(space) ?? "";
}

/** What is taken for granted of the groups among the holders: that nobody suspended is hidden, that a group is gone. */
function assumptionsOf(scan: SiteScan, grants: readonly FoundGrant[]): readonly Assumption[] {
  const { groups } = scan.view.tables;
  const found = new Set<Assumption>();
  for (const each of grants) {
    if (each.kind !== "space" || each.grant.principal.kind !== "group") continue;
    const group = groups.ids.find(each.grant.principal.groupId);
    for (const assumption of groups.assumptionsOf(group)) found.add(assumption);
  }
  return [...found];
}
