import { type FoundGrant, kindsInOrder } from "../../access/findings/Finding.js";
import type { FindingList, FindingPage } from "../../access/findings/FindingList.js";
import type { AccessIndex } from "../../access/index/AccessIndex.js";
import type { SiteTables } from "../../access/index/SiteTables.js";
import { atOnce } from "../../access/index/store/slices.js";
import { type Gap, mergeGaps } from "../../domain/Complete.js";
import { type Grant, globalGrantKey, grantKey, membershipKey, nestingKey, principalOf } from "../../domain/Grant.js";
import type { AccountId, GroupId, SiteId, SpaceId } from "../../domain/ids.js";
import { operationName } from "../../domain/Operation.js";
import type { Principal } from "../../domain/Principal.js";
import { idOfFound, remedyInput } from "../../graph/access/FindingNode.js";
import { encodeGlobalId, grantAddress } from "../../graph/schema/GlobalId.js";
import type { Cell, Row } from "./formats.js";

/** What an export holds: its columns, how many rows or places it goes through, and what is missing of it. */
export interface Rows {
  readonly columns: readonly string[];
  readonly gaps: readonly Gap[];
  /** Steps of the progress, and what they are. */
  readonly total: number;
  readonly unit: string;
  /** Made one after the other, as they are asked for; tells each step that is done. */
  of(onStep: () => void): Generator<Row>;
}

/** Gaps of one sort that are named; each stands for a list of its own. */
const gapsTold = 50;
/** Rows that are asked of the index at once. */
const pageSize = 500;

/** Every grant: what groups hold, what spaces grant, and the permissions on the site as a whole. */
export function grantRows(index: AccessIndex, siteId: SiteId): Rows {
  const { tables } = index.view();
  const { groups, spaces, roles, globals, accounts } = tables;
  const roleNames = new Map(roles.roles.items.map(({ roleId, name }) => [roleId, name]));
  const groupOrder = groups.ids.order.slice(0, groups.ids.size - 1);
  const spaceOrder = spaces.ids.order.slice(0, spaces.ids.size - 1);
  const group = (number: number): Cell[] => [groups.ids.idOf(number) ?? null, groups.nameOf(number)];
  const line = (grant: Grant, where: readonly Cell[], in_: readonly Cell[], what: readonly Cell[]): Row => [
    encodeGlobalId({ type: "Grant", siteId, ...grantAddress(grant) }),
    grant.kind,
    ...principalCells(tables, principalOf(grant)),
    ...where,
    ...in_,
    ...what,
    Number.isFinite(grant.asOfMs) ? new Date(grant.asOfMs).toISOString() : null,
  ];
  const nowhere = [null, null, null, null];
  const nothing = [null, null, null, null];
  return {
    columns: [
      ...["grantId", "kind", "principalKind", "principalId", "principalName", "principalStatus"],
      ...["spaceId", "spaceKey", "spaceName", "spaceStatus", "groupId", "groupName"],
      ...["permission", "roleId", "roleName", "permissionId", "readAt"],
    ],
    gaps: gapsOfGrants(tables),
    total: groupOrder.length + spaceOrder.length,
    unit: "groups and spaces",
    *of(onStep) {
      for (const number of groupOrder) {
        const groupId = groups.ids.idOf(number) as GroupId;
        const asOfMs = groups.asOfMsOf(number);
        for (const account of groups.memberships.membersOf(number)) {
          const accountId = accounts.ids.idOf(account) as AccountId;
          const key = membershipKey(groupId, accountId);
          yield line({ kind: "membership", siteId, key, asOfMs, groupId, accountId }, nowhere, group(number), nothing);
        }
        for (const child of groups.nesting.childrenOf(number)) {
          const memberGroupId = groups.ids.idOf(child) as GroupId;
          const key = nestingKey(groupId, memberGroupId);
          yield line({ kind: "nesting", siteId, key, asOfMs, groupId, memberGroupId }, nowhere, group(number), nothing);
        }
        onStep();
      }
      for (const space of spaceOrder) {
        const spaceId = spaces.ids.idOf(space) as SpaceId;
        const asOfMs = spaces.asOfMsOf(space);
        for (const grant of spaces.grantsOf(space)) {
          const stored = { ...grant, siteId, asOfMs, spaceId, key: grantKey(spaceId, grant) };
          const what =
            grant.kind === "role"
              ? [null, grant.roleId, roleNames.get(grant.roleId) ?? null, null]
              : [operationName(grant.operation), null, null, grant.permissionId];
          yield line(stored, spaceCells(tables, space), [null, null], what);
        }
        onStep();
      }
      for (const grant of globals?.items ?? []) {
        const asOfMs = globals?.asOfMs ?? Number.POSITIVE_INFINITY;
        const stored = { ...grant, kind: "global", siteId, asOfMs, key: globalGrantKey(grant) } as const;
        yield line(stored, nowhere, [null, null], [operationName(grant.operation), null, null, null]);
      }
    },
  };
}

/** Who can do what: a row an account and space, with everything that it can do, or may be able to do, there. */
export function effectiveRows(index: AccessIndex): Rows {
  const { tables } = index.view();
  const { accounts, spaces } = tables;
  const order = spaces.ids.order.slice(0, spaces.ids.size - 1);
  const ofAccounts: (readonly Gap[])[] = [];
  for (const account of accounts.gapped) if (ofAccounts.length < gapsTold) ofAccounts.push(accounts.gapsOf(account));
  return {
    columns: [
      ...["spaceId", "spaceKey", "spaceName", "spaceStatus"],
      ...["accountId", "accountName", "accountKind", "accountStatus"],
      ...["decision", "permissions", "unknownPermissions", "mayHoldMore", "isDirect", "pathCount"],
    ],
    gaps: mergeGaps(index.inventory.siteGaps(), gapsOfGrants(tables), ...ofAccounts),
    total: order.length,
    unit: "spaces",
    *of(onStep) {
      for (const space of order) {
        const spaceId = spaces.ids.idOf(space) as SpaceId;
        for (let after: AccountId | null = null; ; ) {
          const { rows, hasNextPage } = index.whoCan(spaceId, {}, { first: pageSize, after });
          for (const { accountId, decision, operations, isDirect, pathCount } of rows) {
            const account = accounts.ids.find(accountId);
            yield [
              ...spaceCells(tables, space),
              ...[accountId, accounts.nameOf(account), accounts.kindOf(account), accounts.statusOf(account), decision],
              operations.allowed.map(operationName),
              operations.unknown.map(operationName),
              ...[operations.mayHoldMore, isDirect, pathCount],
            ];
          }
          after = rows.at(-1)?.accountId ?? null;
          if (!hasNextPage || after === null) break;
        }
        onStep();
      }
    },
  };
}

/** What somebody should look at, with the change that ends it. */
export function findingRows(list: FindingList, index: AccessIndex, siteId: SiteId, ofActivity: readonly Gap[]): Rows {
  const { tables } = index.view();
  return {
    columns: [
      ...["findingId", "severity", "kind", "sentence", "principalKind", "principalId", "principalName"],
      ...["principalStatus", "spaceId", "spaceKey", "spaceName", "spaceStatus", "spaceCount"],
      ...["grantIds", "hasMoreGrants", "mutation", "input"],
    ],
    gaps: mergeGaps(list.gaps(kindsInOrder), ofActivity),
    total: list.count(kindsInOrder),
    unit: "findings",
    *of(onStep) {
      for (let after: string | null = null; ; ) {
        const { findings, hasNextPage }: FindingPage = atOnce(list.page(kindsInOrder, pageSize, after));
        for (const found of findings) {
          // What ends a finding mostly names the same grants.
          const ids = new Map(found.grants.map((each) => [each, idOfFound(siteId, each)]));
          const idOf = (each: FoundGrant) => ids.get(each) ?? idOfFound(siteId, each);
          const space = found.spaceId === null ? 0 : tables.spaces.ids.find(found.spaceId);
          yield [
            ...[Buffer.from(found.key).toString("base64url"), found.severity, found.kind, found.sentence],
            ...principalCells(tables, found.principals[0] ?? null),
            ...(space === 0 ? [null, null, null, null] : spaceCells(tables, space)),
            found.spaceCount,
            [...ids.values()],
            ...[found.hasMoreGrants, found.remedy.mutation, remedyInput(siteId, found, idOf)],
          ];
          onStep();
        }
        after = findings.at(-1)?.key ?? null;
        if (!hasNextPage || after === null) return;
      }
    },
  };
}

function principalCells({ accounts, groups }: SiteTables, principal: Principal | null): Cell[] {
  if (principal === null) return [null, null, null, null];
  if (principal.kind === "accessClass") return ["ACCESS_CLASS", principal.classId, null, null];
  if (principal.kind === "group")
    return ["GROUP", principal.groupId, groups.nameOf(groups.ids.find(principal.groupId)), null];
  const account = accounts.ids.find(principal.accountId);
  return ["ACCOUNT", principal.accountId, accounts.nameOf(account), accounts.statusOf(account)];
}

function spaceCells({ spaces }: SiteTables, space: number): Cell[] {
  return [spaces.ids.idOf(space) ?? null, spaces.keyOf(space), spaces.nameOf(space), spaces.statusOf(space)];
}

/** What is missing of all grants. */
function gapsOfGrants({ groups, spaces, globals }: SiteTables): readonly Gap[] {
  const found: (readonly Gap[])[] = [groups.list.gaps, spaces.list.gaps, globals?.gaps ?? []];
  for (let group = 1; group < groups.ids.size && found.length < gapsTold; group += 1) {
    if (groups.gone.has(group)) continue;
    const gaps = mergeGaps(groups.memberGapsOf(group), groups.nesting.childGapsOf(group));
    if (gaps.length > 0) found.push(gaps);
  }
  for (let space = 1; space < spaces.ids.size && found.length < 2 * gapsTold; space += 1) {
    // A space that is gone keeps its number, and nothing is said of it any more.
    const isKnown = spaces.described.has(space) || spaces.granting.has(space);
    if (isKnown && !spaces.whole.has(space)) found.push(spaces.grantGapsOf(space));
  }
  return mergeGaps(...found);
}
