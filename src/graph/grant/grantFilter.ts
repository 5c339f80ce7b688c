import { Field, ID, InputType } from "type-graphql";
import type { ConfluenceSite } from "../../confluence/port.js";
import type { Gap, Trust } from "../../domain/Complete.js";
import type { GroupId, RoleId, SiteId, SpaceId } from "../../domain/ids.js";
import { knownOperations, nearestWord, type Operation } from "../../domain/Operation.js";
import { type Principal, principalKey } from "../../domain/Principal.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { InputError } from "../errors/errorCodes.js";
import { EntitlementKind, PrincipalKind } from "../schema/enums.js";
import { readGlobalId } from "../schema/GlobalId.js";

@InputType({ description: "Which grants to list. Every part given must fit; within a part, any value may." })
export class GrantFilter {
  @Field(() => [ID], {
    nullable: true,
    description: "Held directly by one of these principals: ids of an Account, Group or AccessClass.",
  })
  readonly principals?: string[] | null;

  @Field(() => [PrincipalKind], { nullable: true, description: "Held by a principal of one of these kinds." })
  readonly principalKinds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      "On one of these spaces (ids of a Space), or on one of `groups`. One that no visible space has is a gap.",
  })
  readonly spaces?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: "Membership of one of these groups (ids of a Group), or a grant on one of `spaces`.",
  })
  readonly groups?: string[] | null;

  @Field(() => [EntitlementKind], { nullable: true, description: "Of these kinds. Example: `[SPACE_ROLE]`." })
  readonly entitlements?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Giving one of these operations, by a granular permission or through a role; in any letter case. With `targets`, on one of those targets. One that is not known and that nothing read for the query holds is refused: `Site.operations` lists the known. Example: `["administer"]`.',
  })
  readonly operations?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Giving something on one of these targets, in any letter case; what is not known is refused as with `operations`. Example: `["space"]`.',
  })
  readonly targets?: string[] | null;

  @Field(() => [ID], { nullable: true, description: "Assigning one of these roles (ids of a SpaceRole)." })
  readonly roles?: string[] | null;
}

/** A grant filter for one site: ids read, sets made. `null` means "any". */
export interface GrantQuery {
  readonly principals: readonly Principal[] | null;
  readonly principalKinds: readonly string[] | null;
  readonly spaceIds: readonly SpaceId[] | null;
  readonly groupIds: readonly GroupId[] | null;
  readonly roleIds: ReadonlySet<RoleId> | null;
  /** In lower case, as grants are compared with them. */
  readonly operations: readonly string[] | null;
  readonly targets: readonly string[] | null;
  /** Membership of an account. */
  readonly mayBeMembership: boolean;
  /** Membership of a group, where groups hold groups. */
  readonly mayBeNesting: boolean;
  /** A permission on the site as a whole. */
  readonly mayBeSiteWide: boolean;
  readonly mayBePermission: boolean;
  readonly mayBeRole: boolean;
}

/** Reads the ids of a filter and keeps those of one site. Throws `BAD_USER_INPUT` for an id of another type. */
export function compileGrantFilter(
  { siteId, names }: Pick<ConfluenceSite, "siteId" | "names">,
  filter: GrantFilter | null | undefined,
): GrantQuery {
  const ids = <T>(texts: readonly string[] | null | undefined, read: (text: string) => T & { siteId: SiteId }) =>
    texts?.map(read).filter((id) => id.siteId === siteId) ?? null;
  const principals = ids(filter?.principals, readPrincipalId);
  const spaces = ids(filter?.spaces, (text) => readGlobalId(text, "spaces", ["Space"]));
  const groups = ids(filter?.groups, (text) => readGlobalId(text, "groups", ["Group"]));
  const roles = ids(filter?.roles, (text) => readGlobalId(text, "roles", ["SpaceRole"]));
  const may = (kind: string) => filter?.entitlements?.includes(kind) ?? true;
  const namesResource = spaces !== null || groups !== null;
  const asksForPermission = filter?.operations != null || filter?.targets != null;
  const mayHold = (kind: string) => filter?.principalKinds?.includes(kind) ?? true;
  const mayJoin =
    may(EntitlementKind.GROUP_MEMBERSHIP) &&
    !asksForPermission &&
    roles === null &&
    (!namesResource || groups !== null);
  return {
    principals: principals?.map((id) => names.principal(principalNamed(id))) ?? null,
    principalKinds: filter?.principalKinds ?? null,
    spaceIds: spaces?.map((id) => id.spaceId) ?? null,
    groupIds: groups?.map((id) => names.groupId(id.groupId)) ?? null,
    roleIds: roles === null ? null : new Set(roles.map((id) => id.roleId)),
    operations: filter?.operations?.map((operation) => operation.toLowerCase()) ?? null,
    targets: filter?.targets?.map((target) => target.toLowerCase()) ?? null,
    mayBeMembership: mayJoin && mayHold(PrincipalKind.ACCOUNT),
    mayBeNesting: mayJoin && mayHold(PrincipalKind.GROUP),
    mayBeSiteWide: may(EntitlementKind.SITE_PERMISSION) && roles === null && !namesResource,
    mayBePermission: may(EntitlementKind.SPACE_PERMISSION) && roles === null && (!namesResource || spaces !== null),
    mayBeRole: may(EntitlementKind.SPACE_ROLE) && (!namesResource || spaces !== null),
  };
}

/** The sites that the ids of a filter name, each once. Throws `BAD_USER_INPUT` for an id of another type. */
export function sitesNamedIn(filter: GrantFilter | null | undefined): ReadonlySet<SiteId> {
  const ids = [
    ...(filter?.principals?.map(readPrincipalId) ?? []),
    ...(filter?.spaces?.map((text) => readGlobalId(text, "spaces", ["Space"])) ?? []),
    ...(filter?.groups?.map((text) => readGlobalId(text, "groups", ["Group"])) ?? []),
    ...(filter?.roles?.map((text) => readGlobalId(text, "roles", ["SpaceRole"])) ?? []),
  ];
  return new Set(ids.map(({ siteId }) => siteId));
}

function principalNamed(id: ReturnType<typeof readPrincipalId>): Principal {
  switch (id.type) {
    case "Account":
      return { kind: "account", accountId: id.accountId };
    case "Group":
      return { kind: "group", groupId: id.groupId };
    case "AccessClass":
      return { kind: "accessClass", classId: id.classId, reportedType: id.reportedType };
  }
}

function readPrincipalId(text: string) {
  return readGlobalId(text, "principals", ["Account", "Group", "AccessClass"]);
}

/**
 * Refuses an operation or a target that no catalogue knows and no row or role holds that was read: it was mistyped, and
 * would read as "nobody". Decided with what was read for the query itself, so that no call is made to find out. While
 * something could not be read nobody knows that it is held nowhere: then it is one more gap.
 */
export function checkOperations<R extends Trust>(
  sites: readonly SiteLoaders[],
  filter: GrantFilter | null | undefined,
  reading: R,
): R {
  const wanted = [
    ...(filter?.operations ?? []).map((word) => ({ word, part: "operation" as const })),
    ...(filter?.targets ?? []).map((word) => ({ word, part: "target" as const })),
  ];
  if (wanted.length === 0) return reading;
  const known: Record<"operation" | "target", Set<string>> = { operation: new Set(), target: new Set() };
  const learn = ({ key, target }: Operation) => {
    known.operation.add(key);
    known.target.add(target);
  };
  for (const operation of Object.values(knownOperations).flat()) learn(operation);
  for (const site of sites) for (const operation of site.seenOperations()) learn(operation);
  const isKnown = ({ word, part }: (typeof wanted)[number]) =>
    [...known[part]].some((each) => each.toLowerCase() === word.toLowerCase());
  const unknown = wanted.filter((each) => !isKnown(each));
  const [first] = unknown;
  if (first === undefined) return reading;
  const told = (each: (typeof wanted)[number]) => {
    const nearest = nearestWord(each.word, [...known[each.part]]);
    const advice = nearest === null ? "" : ` Did you mean "${nearest}"?`;
    return `No catalogue knows the ${each.part} ${JSON.stringify(each.word.slice(0, 80))}, and nothing that was read holds it.${advice} \`Site.operations\` lists those that are known.`;
  };
  if (reading.gaps.length === 0) {
    const reason = first.part === "operation" ? "UNKNOWN_OPERATION" : "UNKNOWN_TARGET";
    throw new InputError(reason, `${first.part}s`, told(first));
  }
  const gaps = unknown.map(
    (each): Gap => ({
      missing: `whether anything gives the ${each.part} ${JSON.stringify(each.word.slice(0, 80))}`,
      kind: "ReadIncomplete",
      reason: told(each),
      call: null,
      retryAfterMs: null,
    }),
  );
  return { ...reading, gaps: [...reading.gaps, ...gaps] };
}

/** Where in the graph a list of grants stands: the whole site, one space, or one principal. */
export interface GrantScope {
  readonly spaceId?: SpaceId;
  readonly principal?: Principal;
}

/** Cuts a query down to a scope: what the filter asks for and the scope does not hold is not there. */
export function narrowGrantQuery(query: GrantQuery, scope: GrantScope): GrantQuery {
  const { spaceId, principal } = scope;
  let narrowed = query;
  if (spaceId !== undefined) {
    const isWanted = query.spaceIds === null || query.spaceIds.includes(spaceId);
    narrowed = { ...narrowed, spaceIds: isWanted ? [spaceId] : [], groupIds: null, ...noneBeyondSpaces };
  }
  if (principal !== undefined) {
    const key = principalKey(principal);
    const isWanted = query.principals === null || query.principals.some((wanted) => principalKey(wanted) === key);
    narrowed = { ...narrowed, principals: isWanted ? [principal] : [] };
  }
  return narrowed;
}

const noneBeyondSpaces = { mayBeMembership: false, mayBeNesting: false, mayBeSiteWide: false } as const;
