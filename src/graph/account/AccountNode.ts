import type { GraphQLResolveInfo } from "graphql";
import { Directive, Field, ID, ObjectType } from "type-graphql";
import { type Account, type AccountRole, rolesUntold } from "../../domain/Account.js";
import type { AccountId, SiteId, SpaceId } from "../../domain/ids.js";
import { linkOnSite } from "../../domain/Site.js";
import { SiteError } from "../../domain/SiteError.js";
import { account } from "../../loaders/accounts.js";
import { allOf, readTogether, type SiteLoaders, whenRead } from "../../loaders/engine/SiteLoaders.js";
import { AccountKind, AccountStatus, AccountStatusSource } from "../schema/enums.js";
import type { Readable } from "../schema/GraphContext.js";
import { Node } from "../schema/nodes/Node.js";
import { SharedNodes } from "../schema/nodes/SharedNodes.js";
import { accountGlobalId } from "../schema/recentIds.js";
import { connectionPaths, selectsBeyond } from "../schema/selection.js";

@ObjectType("AccountRole", {
  simpleResolvers: true,
  description:
    "A role that the Atlassian organization gives an account: on a site, or on the organization as a whole. It says who may use or administer a product, never what somebody may do in a space.",
})
class AccountRoleNode {
  @Field(() => String, {
    description:
      "The role, in the organization's words. Example: `atlassian/user`, `atlassian/guest`, `atlassian/admin`, `atlassian/org-admin`.",
  })
  readonly name: string;

  @Field(() => ID, {
    nullable: true,
    description:
      "What it is on. Example: `ari:cloud:confluence::site/{cloudId}`. Null where the organization names nothing: then it counts on every site.",
  })
  readonly resource: string | null;

  @Field(() => Boolean, {
    description:
      "Whether it counts on this site: true for roles on the site and on the organization as a whole, false for those on other sites, which decide nothing here.",
  })
  readonly isOnThisSite: boolean;

  constructor({ name, resource, isOnThisSite }: AccountRole) {
    this.name = name;
    this.resource = resource;
    this.isOnThisSite = isOnThisSite;
  }
}

/** Null where the organization says nothing of roles; a list of which a part is missing would read as all of them. */
function rolesOf({ accountId, roles }: Account): Readable<readonly AccountRoleNode[]> {
  if (roles === null || (roles.items.length === 0 && !roles.isWhole)) return null;
  if (roles.isWhole) return roles.items.map((role) => new AccountRoleNode(role));
  const { kind, reason, call } = rolesUntold(accountId);
  return new SiteError(kind, reason, { call });
}

@Directive('@key(fields: "id")')
@Directive('@key(fields: "siteId accountId")')
@ObjectType("Account", {
  implements: Node,
  simpleResolvers: true,
  description:
    "A principal that can sign in to a site: a human, a guest, an app. An account that only a left-over grant still names is here too, with status `UNKNOWN`.",
})
export class AccountNode {
  readonly __typename = "Account";
  readonly loaders: SiteLoaders;
  readonly #facts: Account | null | Error;

  @Field(() => ID, { description: "Opaque global id: type, site and account in one." })
  get id(): string {
    return accountGlobalId(this.siteId, this.accountId);
  }

  @Field(() => ID, { description: "The site this account is of, as in `Site.siteId`." })
  get siteId(): SiteId {
    return this.loaders.store.site.siteId;
  }

  @Field(() => ID, {
    description:
      "The account's own id. Cloud: the Atlassian account id, the same on every Cloud site (`712020:6b1c…`). Data Center: the user key, which stays when the user name is changed.",
  })
  readonly accountId: AccountId;

  @Field(() => String, {
    nullable: true,
    description:
      "The name that the account signs in with (Data Center), in no particular case. It can be changed: never take it for a key. Null on Cloud.",
  })
  get username(): Readable<string> {
    return this.#told("username");
  }

  @Field(() => String, {
    nullable: true,
    description: "The name shown in Confluence; null when no source knows the account.",
  })
  get displayName(): Readable<string> {
    return this.#told("displayName");
  }

  @Field(() => String, { nullable: true, description: "The nickname shown to people outside the organization." })
  get publicName(): Readable<string> {
    return this.#told("publicName");
  }

  @Field(() => String, {
    nullable: true,
    description:
      "The address of the picture that the site shows for the account, its default one included. A browser gets it as whoever is signed in to the site, and nobody else may. Null where the site tells none, or one that is not on its own host. Source: `profilePicture` of the call that tells the name.",
  })
  get avatarUrl(): Readable<string> {
    const path = this.#told("picturePath");
    return path instanceof Error ? path : linkOnSite(this.loaders.store.site.url, path);
  }

  @Field(() => AccountKind, {
    description: "What sort of principal it is. `UNKNOWN` as well when the facts could not be read.",
  })
  get kind(): string {
    return this.#known?.kind ?? AccountKind.UNKNOWN;
  }

  @Field(() => String, {
    nullable: true,
    description: "The site's own word for the kind. Example: `atlassian`, `app`.",
  })
  get kindAsReported(): Readable<string> {
    return this.#told("reportedKind");
  }

  @Field(() => AccountStatus, {
    description: "Whether it can be used. `UNKNOWN` as well when the facts could not be read.",
  })
  get status(): string {
    return this.#known?.status ?? AccountStatus.UNKNOWN;
  }

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether the organization owns the account and so fills its e-mail. Null where nobody says.",
  })
  get isManaged(): Readable<boolean> {
    return this.#fromOrganization(this.#known?.isManaged);
  }

  @Field(() => [AccountRoleNode], {
    nullable: true,
    description:
      "The roles that the organization gives the account, each with what it is on: roles on other sites are here too, and `isOnThisSite` tells them apart. Null where no organization is configured, where it does not know the account, and where it does not tell its roles; an error where it tells a part of them. Source: `POST /v2/orgs/{orgId}/directories/{directoryId}/users/search`.",
  })
  get roles(): Readable<readonly AccountRoleNode[]> {
    return this.#fromOrganization(this.#known && rolesOf(this.#known));
  }

  @Field(() => String, { nullable: true, description: "The job title, as the organization has it." })
  get jobTitle(): Readable<string> {
    return this.#fromOrganization(this.#known?.jobTitle);
  }

  @Field(() => AccountStatusSource, { description: "Which system said what the status is." })
  get statusSource(): string {
    return this.#known?.statusSource ?? AccountStatusSource.NONE;
  }

  @Field(() => String, { nullable: true, description: "The source's own word for the status. Example: `active`." })
  get statusAsReported(): Readable<string> {
    return this.#known?.reportedStatus ?? this.#known?.factsError ?? this.#told("reportedStatus");
  }

  /**
   * `facts`: `null` when no source knows the account, an `Error` when they could not be read. There is one for every row of every
   * answer, so it holds the facts and tells of them only what it is asked.
   */
  constructor(loaders: SiteLoaders, accountId: AccountId, facts: Account | null | Error) {
    this.loaders = loaders;
    this.accountId = accountId;
    this.#facts = facts;
  }

  get personalSpaceId(): Readable<SpaceId> {
    return this.#known?.personalSpaceId ?? this.#known?.factsError ?? this.#told("personalSpaceId");
  }

  get organizationDepartment(): Readable<string> {
    return this.#fromOrganization(this.#known?.department);
  }

  /** As the facts tell it: on Data Center addresses are read apart. A hidden e-mail is one that the organization might have given. */
  get knownEmail(): Readable<string> {
    return this.#known?.email ?? this.#known?.organizationError ?? this.#told("email");
  }

  /** As the facts tell it: on Data Center the list of licensed accounts says more. */
  get knownLicence(): Readable<boolean> {
    return this.#known?.isLicensed ?? this.#fromOrganization(this.#known?.isLicensed);
  }

  /** Why a field that is never null says `UNKNOWN`, where that is because a read failed. */
  unread(field: string): Error | null {
    const facts = this.#facts;
    if (facts === null || facts instanceof Error) return facts;
    return field !== "kind" && facts.statusSource === "NONE"
      ? (facts.organizationError ?? facts.factsError ?? null)
      : null;
  }

  /** What is known; `null` where nothing is, or nothing could be read. */
  get #known(): Account | null {
    return this.#facts instanceof Error ? null : this.#facts;
  }

  /** A fact as it is; the failure where the facts could not be read. */
  #told<Name extends keyof Account>(name: Name): Readable<NonNullable<Account[Name]>> {
    const facts = this.#facts;
    return facts instanceof Error ? facts : (facts?.[name] ?? null);
  }

  /** What the organization has a say in: where it could not be asked, nobody knows. */
  #fromOrganization<T>(value: T | Error | null | undefined): Readable<T> {
    const facts = this.#facts;
    if (facts instanceof Error) return facts;
    return facts?.organizationError ?? value ?? null;
  }
}

/** The fields of an Account that are known from its id alone. */
const free: ReadonlySet<string> = new Set([
  "__typename",
  "id",
  "siteId",
  "accountId",
  "site",
  "groups",
  "grants",
  "effectiveAccess",
  "givenName",
  "familyName",
  "externalId",
  "lastActiveAt",
]);

/**
 * One account; its facts are read only when the query selects any, synchronously where they are known. `paths` lead from the
 * current field to it.
 */
export function accountNode(
  loaders: SiteLoaders,
  id: AccountId,
  info: GraphQLResolveInfo,
  paths?: readonly (readonly string[])[],
): AccountNode | Promise<AccountNode> {
  return named.of(loaders, id, info, paths);
}

const named = new SharedNodes({
  ...{ typeName: "Account", free, facts: account },
  make: (loaders, id, facts) => new AccountNode(loaders, id, facts),
});

/** Whether a query selects of an account more than its id tells. */
export function selectsFactsOfAccount(info: GraphQLResolveInfo): boolean {
  return selectsBeyond(info, "Account", free);
}

/** The accounts of one page of a connection; their facts are read together, and only when the query selects any. */
export function accountNodes(
  items: readonly { loaders: SiteLoaders; id: AccountId }[],
  info: GraphQLResolveInfo,
  paths: readonly (readonly string[])[] = connectionPaths,
): AccountNode[] | Promise<AccountNode[]> {
  const wantsFacts = selectsBeyond(info, "Account", free, paths);
  const nodes = () => allOf(items.map(({ loaders, id }) => accountNodeWithFacts(loaders, id, wantsFacts)));
  return wantsFacts ? whenRead(readTogether(account, items), nodes) : nodes();
}

/** Has the facts of many accounts be read together where the query selects any: each is a node at once then. */
export function readAccountFacts(
  items: readonly { loaders: SiteLoaders; id: AccountId }[],
  info: GraphQLResolveInfo,
  paths: readonly (readonly string[])[],
): undefined | Promise<undefined> {
  return selectsBeyond(info, "Account", free, paths) ? readTogether(account, items) : undefined;
}

/** One account, with its facts unless it is said that they are not wanted. */
export function accountNodeWithFacts(
  loaders: SiteLoaders,
  id: AccountId,
  wantsFacts = true,
): AccountNode | Promise<AccountNode> {
  const read = wantsFacts ? loaders.of(account).get(id) : null;
  if (!(read instanceof Promise)) return new AccountNode(loaders, id, read);
  const make = (facts: Account | null | Error) => new AccountNode(loaders, id, facts);
  return whenRead(read, make, make);
}

@Directive('@key(fields: "email")')
@Directive('@key(fields: "atlassianAccountId")')
@ObjectType("Identity", {
  simpleResolvers: true,
  description:
    "A person as other systems know them, by e-mail or by Atlassian account id: the bridge to their accounts on every site.",
})
export class IdentityNode {
  readonly __typename = "Identity";

  /** The keys that the person was named by: one of them, or both. */
  readonly email: string | null;
  readonly atlassianAccountId: string | null;

  constructor(name: { readonly email: string | null; readonly atlassianAccountId: string | null }) {
    this.email = name.email;
    this.atlassianAccountId = name.atlassianAccountId;
  }
}
