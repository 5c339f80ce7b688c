import type { AccessDecision, AccessFacts, AccessPath } from "../../src/access/AccessDecision.js";
import type { AccountFacts } from "../../src/access/AccountFacts.js";
import { evaluateAccess } from "../../src/access/evaluateAccess.js";
import { resolveAccount } from "../../src/access/ResolvedAccount.js";
import { cloudAccessRules, dataCenterAccessRules, indexSite, type SiteFacts } from "../../src/access/SiteFacts.js";
import { indexSpace, type SpaceFacts } from "../../src/access/SpaceFacts.js";
import type { Complete, Gap } from "../../src/domain/Complete.js";
import type { SpaceGrant, SpaceRole } from "../../src/domain/Grant.js";
import type { AccountId, GroupId, RoleId, SpaceId } from "../../src/domain/ids.js";
import type { Operation } from "../../src/domain/Operation.js";
import type { Principal } from "../../src/domain/Principal.js";

/** One question, told briefly. Left out: a licensed, active human of a Cloud site in a space in use that was read whole. */
export interface Scene {
  readonly account?: Partial<AccountFacts>;
  /** Groups the account is a direct member of. */
  readonly groups?: readonly string[];
  /** Gaps of the account's group list. */
  readonly groupGaps?: readonly Gap[];
  readonly unreadGroups?: Readonly<Record<string, readonly Gap[]>>;
  readonly wholeGroups?: readonly string[];
  /** `account read/space`, `group:staff create/page`, `class:anonymous-users read/space`, `group:staff role:editor`. */
  readonly grants?: readonly string[];
  readonly grantGaps?: readonly Gap[];
  readonly roles?: Readonly<Record<string, readonly string[]>>;
  readonly roleGaps?: readonly Gap[];
  readonly space?: Partial<Omit<SpaceFacts, "grants" | "roles">>;
  readonly isDataCenter?: boolean;
  /** Data Center: `group:users use/application`; `null` before 9.3. Default: everybody in `users` uses the site. */
  readonly globalGrants?: readonly string[] | null;
  readonly globalGaps?: readonly Gap[];
  /** Child group → the groups it is in. */
  readonly parents?: Readonly<Record<string, readonly string[]>>;
  readonly childGaps?: Readonly<Record<string, readonly Gap[]>>;
  readonly adminGroups?: readonly string[];
  readonly adminGroupGaps?: readonly Gap[];
  readonly goneGroups?: readonly string[];
  readonly groupNames?: Readonly<Record<string, string>>;
}

export const ann = "ann" as AccountId;

export function gap(missing: string): Gap {
  return { missing, kind: "UpstreamFailed", reason: `${missing}: 500.`, call: "GET /x", retryAfterMs: null };
}

export function operation(text: string): Operation {
  const [key = "", target = ""] = text.split("/");
  return { key, target };
}

export function siteOf(scene: Scene): SiteFacts {
  const globals = scene.globalGrants === undefined ? ["group:users use/application"] : scene.globalGrants;
  return {
    rules: scene.isDataCenter === true ? dataCenterAccessRules() : cloudAccessRules,
    goneGroups: new Set(ids(scene.goneGroups)),
    adminGroups: complete(ids(scene.adminGroups), scene.adminGroupGaps),
    nesting: {
      childrenOf: childrenIn(scene.parents ?? {}),
      gaps: new Map(Object.entries(scene.childGaps ?? {}).map(([id, gaps]) => [id as GroupId, gaps])),
    },
    globalGrants:
      scene.isDataCenter !== true || globals === null
        ? null
        : complete(
            globals.map((text) => {
              const [holder = "", what = ""] = text.split(" ");
              return { principal: principal(holder), operation: operation(what) };
            }),
            scene.globalGaps,
          ),
    groupNames: new Map(Object.entries(scene.groupNames ?? {}).map(([id, name]) => [id as GroupId, name])),
  };
}

function childrenIn(parents: NonNullable<Scene["parents"]>): ReadonlyMap<GroupId, readonly GroupId[]> {
  const childrenOf = new Map<GroupId, GroupId[]>();
  for (const [child, of] of Object.entries(parents))
    for (const parent of ids(of)) childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), child as GroupId]);
  return childrenOf;
}

export function accountOf(scene: Scene): AccountFacts {
  return {
    accountId: ann,
    displayName: "Ann",
    kind: "HUMAN",
    status: "ACTIVE",
    isLicensed: scene.isDataCenter === true ? null : true,
    hasAdminRole: false,
    roleGaps: [],
    gaps: [],
    groups: {
      ...complete(ids(scene.groups), scene.groupGaps),
      ...(scene.unreadGroups && {
        unreadGroups: new Map(Object.entries(scene.unreadGroups).map(([id, gaps]) => [id as GroupId, gaps])),
      }),
      ...(scene.wholeGroups && { wholeGroups: new Set(ids(scene.wholeGroups)) }),
    },
    ...scene.account,
  };
}

export function spaceOf(scene: Scene): SpaceFacts {
  return {
    spaceId: "1" as SpaceId,
    status: "CURRENT",
    model: "ROLES_TRANSITION",
    gaps: [],
    grants: complete((scene.grants ?? []).map(grant), scene.grantGaps),
    roles: complete(
      Object.entries(scene.roles ?? {}).map(([name, texts]) => role(name, texts)),
      scene.roleGaps,
    ),
    ...scene.space,
  };
}

export function factsOf(scene: Scene): AccessFacts {
  return { account: resolveAccount(accountOf(scene), indexSite(siteOf(scene))), space: indexSpace(spaceOf(scene)) };
}

/** Asks one question; `read/space` unless told. */
export function ask(scene: Scene, what = "read/space"): AccessDecision {
  return evaluateAccess(factsOf(scene), operation(what));
}

/** A path as `staff > all > read/space`; one that belongs to the account or a class names its holder instead. */
export function pathText(path: AccessPath): string {
  const chain = path.memberships.map(({ groupId }) => groupId);
  if (path.end.kind === "SUPERUSER") return [...chain, "SUPERUSER"].join(" > ");
  const { grant: held } = path.end.held;
  const what = held.kind === "role" ? `role:${held.roleId}` : `${held.operation.key}/${held.operation.target}`;
  const holder =
    held.principal.kind === "accessClass"
      ? [held.principal.classId]
      : held.principal.kind === "account"
        ? ["account"]
        : [];
  return [...chain, ...holder, what].join(" > ");
}

function complete<T>(items: readonly T[], gaps: readonly Gap[] = []): Complete<T> {
  return { items, gaps, asOfMs: 1_000, assumptions: [] };
}

function ids(names: readonly string[] = []): GroupId[] {
  return names.map((name) => name as GroupId);
}

export function principal(text: string): Principal {
  const [kind, id = ""] = text.split(":");
  if (kind === "group") return { kind: "group", groupId: id as GroupId };
  if (kind === "role") return { kind: "accessClass", classId: id, reportedType: "role" };
  if (kind === "class") return { kind: "accessClass", classId: id, reportedType: "access-class" };
  return { kind: "account", accountId: (id === "" ? ann : id) as AccountId };
}

function grant(text: string, index: number): SpaceGrant {
  const [holder = "", what = ""] = text.split(" ");
  return what.startsWith("role:")
    ? { kind: "role", principal: principal(holder), roleId: what.slice("role:".length) as RoleId }
    : { kind: "permission", permissionId: String(index), principal: principal(holder), operation: operation(what) };
}

function role(name: string, texts: readonly string[]): SpaceRole {
  return {
    roleId: name as RoleId,
    name,
    description: null,
    reportedType: "CUSTOM",
    permissions: texts.map(operation),
  };
}
