import { Field, ObjectType } from "type-graphql";
import type { AccessFacts, AccessPath, MembershipStep } from "../../access/AccessDecision.js";
import type { LicenceWay } from "../../access/findPaths.js";
import { type Grant, globalGrantKey, storedSpaceGrant } from "../../domain/Grant.js";
import type { SpaceId } from "../../domain/ids.js";
import type { Principal } from "../../domain/Principal.js";
import { account } from "../../loaders/accounts.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { group } from "../../loaders/groups.js";
import { space } from "../../loaders/spaces.js";
import { membershipGrant, nestingGrant } from "../../readings/memberships.js";
import { accessClassNames, GrantNode } from "../grant/GrantNode.js";

@ObjectType("AccessPath", {
  simpleResolvers: true,
  description: "A chain of grants that gives a permission: the account's memberships, then the space's grant.",
})
export class AccessPathNode {
  @Field(() => [GrantNode], {
    description:
      "The chain. Revoking its last revocable grant ends this path; all paths must end for the access to end.",
  })
  readonly grants: readonly GrantNode[];

  @Field(() => [GrantNode], {
    description:
      "Where an access class holds the grant and the account belongs to it by a group: the memberships it belongs by. Example: those that lead to a group of administrators, for `all-product-admins`. Empty where it belongs by what it is itself.",
  })
  readonly belongsBy: readonly GrantNode[];

  @Field(() => Boolean, {
    description:
      "Whether the path ends in being a super user (Data Center) instead of in a grant of the space: the members of `Site.superGroup` can do everything.",
  })
  readonly isSuperUser: boolean;

  constructor({
    grants,
    belongsBy = [],
    isSuperUser = false,
  }: Pick<AccessPathNode, "grants"> & Partial<AccessPathNode>) {
    this.grants = grants;
    this.belongsBy = belongsBy;
    this.isSuperUser = isSuperUser;
  }
}

/** Where and when what paths are made of was read. */
interface PathPlace {
  readonly spaceId: SpaceId;
  readonly asOfMs: number;
}

/** A path as the graph shows it. `belongsBy` leads to the class that holds the grant, where one does. */
export function accessPathNode(
  loaders: SiteLoaders,
  { spaceId, asOfMs }: PathPlace,
  { memberships, end }: AccessPath,
  belongsBy: readonly MembershipStep[] = [],
): AccessPathNode {
  const { siteId } = loaders.store.site;
  const grants = membershipNodes(loaders, memberships, asOfMs);
  if (end.kind === "SUPERUSER") return new AccessPathNode({ grants, isSuperUser: true });
  const { grant } = end.held;
  const last = new GrantNode(loaders, storedSpaceGrant(siteId, spaceId, grant, asOfMs));
  return new AccessPathNode({ grants: [...grants, last], belongsBy: membershipNodes(loaders, belongsBy, asOfMs) });
}

/** How an account comes by what lets it use the site, in the same shape. */
export function licencePathNode(
  loaders: SiteLoaders,
  asOfMs: number,
  { memberships, grant }: LicenceWay,
): AccessPathNode {
  const { siteId } = loaders.store.site;
  const last = new GrantNode(loaders, { kind: "global", siteId, key: globalGrantKey(grant), asOfMs, ...grant });
  return new AccessPathNode({ grants: [...membershipNodes(loaders, memberships, asOfMs), last] });
}

/** Memberships of accounts and of groups, as grants. */
export function membershipNodes(loaders: SiteLoaders, steps: readonly MembershipStep[], asOfMs: number): GrantNode[] {
  return steps.map(({ member, groupId }) => {
    const grant: Grant =
      member.kind === "account"
        ? membershipGrant(loaders, groupId, member.accountId, asOfMs)
        : nestingGrant(loaders, groupId, member.groupId, asOfMs);
    return new GrantNode(loaders, grant);
  });
}

// Readable names for sentences are at hand from the reading; where one is not, its id serves.

/** What a sentence about a decision calls what it speaks of. */
export function namesFor(loaders: SiteLoaders, { account: { facts, site }, space: { spaceId } }: AccessFacts) {
  return {
    account: facts.displayName ?? nameOf(loaders, { kind: "account", accountId: facts.accountId }),
    space: spaceName(loaders, spaceId),
    nameOf: (principal: Principal): string =>
      (principal.kind === "group" ? site.groupNames.get(principal.groupId) : null) ?? nameOf(loaders, principal),
  };
}

/** What a principal is called. */
export function nameOf(loaders: SiteLoaders, principal: Principal): string {
  switch (principal.kind) {
    case "account":
      return loaders.of(account).peek(principal.accountId)?.displayName ?? principal.accountId;
    case "group":
      return loaders.of(group).peek(principal.groupId)?.name ?? principal.groupId;
    case "accessClass":
      return accessClassNames.get(principal.classId) ?? principal.classId;
  }
}

/** What a space is called: its key. */
export function spaceName(loaders: SiteLoaders, spaceId: SpaceId, others = loaders): string {
  return (loaders.of(space).peek(spaceId) ?? others.of(space).peek(spaceId))?.key ?? spaceId;
}
