import type { Account } from "../domain/Account.js";
import type { Complete } from "../domain/Complete.js";
import type { GlobalGrant, SpaceGrant, SpaceRole } from "../domain/Grant.js";
import type { AccountId, GroupId, SiteId, SpaceId, SpaceKey } from "../domain/ids.js";
import type { Group, Principal } from "../domain/Principal.js";
import type { Deployment, KnownPermissionModel, PermissionModel, SiteCapability } from "../domain/Site.js";
import type { LeftOut, Space, SpaceStatus } from "../domain/Space.js";
import type { Sharing } from "../fleet/FleetEngine.js";
import type { UpstreamState } from "../http/admission/slots.js";
import type { Found, Take } from "./fetchMany.js";
import type { Organization } from "./organizationPort.js";
import type { SiteWriter } from "./writerPort.js";

/** An account as a list names it, with its facts where the list tells them all. */
export interface ListedAccount {
  readonly accountId: AccountId;
  readonly facts: Account | null;
  /** What the list tells where that is not all, for who may not make the call that tells more. */
  readonly told?: Account;
}

/** What only the list of licensed accounts tells. */
export interface ActiveAccount {
  readonly accountId: AccountId;
  /** `null` where the version does not tell it here. */
  readonly email: string | null;
  /** The last sign-in; `null` for never, and where the version does not tell it. */
  readonly lastActiveAtMs: number | null;
}

/** Who the credential turned out to be. */
export interface Caller {
  readonly accountId: AccountId | null;
  readonly displayName: string | null;
}

/** What the configuration says of a site and the way to it counts, whichever adapter reads it. */
export type ConfiguredPart = "leftOut" | "isSandbox" | "isProvisioningOn" | "upstreamState" | "sharing";

/**
 * What the product needs of any Confluence. Adapters (`cloud/`, `datacenter/`) fill it; nothing above knows a URL.
 *
 * Reads that page answer `Complete`: what was read, and the gaps. A read whose first page fails rejects with (or maps to)
 * a `SiteError`, because nothing was read; one that fails later keeps what it has and declares the gap.
 */
export interface ConfluenceSite {
  readonly siteId: SiteId;
  readonly name: string;
  /** The address people use, without a trailing slash. */
  readonly url: string;
  readonly deployment: Deployment;
  /** How the site compares names: for what callers hand in. What the port answers is settled already. */
  readonly names: NameRules;

  /** The Atlassian organization that the site belongs to; `null` where none is configured. */
  readonly organization: Organization | null;
  /** What the configuration leaves out of every answer. */
  readonly leftOut: LeftOut;
  /** It is the made-up Confluence in this process. */
  readonly isSandbox: boolean;
  /** Whether the configuration lets anything be changed here. */
  readonly isProvisioningOn: boolean;

  /** What the site last said about its rate limits, and how our calls to it stand. */
  upstreamState(): UpstreamState;
  /** Whether what the site lets us ask is shared with other processes. */
  sharing(): Sharing;

  /** Proves the credential by asking who we are: `GET …/rest/api/user/current`. Rejects with a `SiteError` that says what to do. */
  checkCredential(): Promise<Caller>;
  /** How space access is stored. Every Data Center answers `PRE_ROLES`; rejects where it is neither told nor can be inferred. */
  readPermissionModel(): Promise<KnownPermissionModel>;
  /** What the deployment itself can and cannot do, and why not. What only an organization gives is not here. */
  readCapabilities(model: KnownPermissionModel): Promise<readonly SiteCapability[]>;
  /** What an organization adds, or why it does not. Asks nobody. */
  organizationCapabilities(organization: Organization | null): readonly SiteCapability[];

  readonly accounts: {
    /** True where accounts are Atlassian's: their ids are those of other sites too, and an organization may manage them (Cloud). */
    readonly areAtlassian: boolean;
    /** Who says that an account is licensed: the organization (Cloud), or the permissions on the site as a whole (Data Center). */
    readonly licensedBy: "ORGANIZATION" | "GLOBAL_PERMISSIONS";
    /** Facts of many accounts; at most `idsPerCall` ids a call. */
    byIds(ids: readonly AccountId[]): Promise<Found<AccountId, Account>>;
    /** 1: one call an account, so that many are better read as the whole list. */
    readonly idsPerCall: number;
    /**
     * The accounts that one chain of pages lists. Cloud: whom user search knows, guests included, capped upstream, and the
     * cap is a gap. Data Center: every registered user; rejects with `Unsupported` before 8.4, which has no such list.
     *
     * With `take` the accounts are handed over as they are read, and the answer holds none: there may be too many to hold.
     */
    list(take?: (accounts: readonly ListedAccount[]) => void): Promise<Complete<ListedAccount>>;
    /** True when `list` holds everyone, so that groups and grants need not be asked who else there is. */
    readonly isListWhole: boolean;
    /** Accounts by the name that people sign in with; `null` where names are not told (Cloud). One call a name. */
    readonly byUsernames: ((names: readonly string[]) => Promise<Found<string, Account>>) | null;
    /**
     * The accounts that count for the licence, with what only this list tells; `null` where there is no such list (Cloud).
     * Rejects with `Unsupported` where the version lacks it (Data Center before 9.3).
     */
    readonly active: (() => Promise<Complete<ActiveAccount>>) | null;
    /**
     * E-mail addresses that the facts of accounts do not hold, one call each; `null` where the facts hold all there is
     * (Cloud). An account without an address, or of which none is told, is left out.
     */
    readonly emailsOf: ((accounts: readonly Account[]) => Promise<Found<AccountId, string>>) | null;
  };
  readonly groups: {
    list(): Promise<Complete<Group>>;
    /** One call a group: Confluence has no many-by-id call for groups. */
    byIds(ids: readonly GroupId[]): Promise<Found<GroupId, Group>>;
    /** The call that `byIds` makes, as errors name it. */
    readonly byIdCall: string;
    /** True where a group's id is its name: one of the same name that is made anew has the same id (Data Center). */
    readonly areNamedById: boolean;
    /**
     * One chain of pages a group. Cloud answers an empty page for an unknown group, so empty is not yet "exists".
     *
     * @param take is told of each group that is read before the others are.
     */
    membersOf(
      ids: readonly GroupId[],
      take?: Take<GroupId, Complete<ListedAccount>>,
    ): Promise<Found<GroupId, Complete<ListedAccount>>>;
    /**
     * Whether `membersOf` leaves out people whom the organization suspended or deactivated, although they keep their
     * memberships and `ofAccounts` tells them (Cloud).
     */
    readonly leavesOutSuspended: boolean;
    /** The groups that are direct members of groups, one chain of pages each; `null` where groups hold accounts only (Cloud). */
    readonly childrenOf: ((ids: readonly GroupId[]) => Promise<Found<GroupId, Complete<Group>>>) | null;
    /**
     * The groups that groups are direct members of, one chain of pages each; `null` where groups hold accounts only (Cloud).
     * Every group's outcome is `Unsupported` where the site has no such call: `childrenOf` of all groups tells the same.
     */
    readonly parentsOf: ((ids: readonly GroupId[]) => Promise<Found<GroupId, Complete<Group>>>) | null;
    /** The group whose members can do everything in every space (Data Center); `null` where there is none. */
    readonly superGroupId: GroupId | null;
    /** The group that a new site lets use it, as it comes (Data Center: `confluence-users`); `null` where there is none. */
    readonly defaultGroupId: GroupId | null;
    /** The groups whose members administer Confluence; `null` where global permissions say that (Data Center). */
    readonly admins: (() => Promise<Complete<GroupId>>) | null;
    /** The groups whose members administer the site itself, its users and products; `null` where there are none (Data Center). */
    readonly siteAdmins: (() => Promise<Complete<GroupId>>) | null;
    /** One chain of pages an account. */
    ofAccounts(ids: readonly AccountId[]): Promise<Found<AccountId, Complete<Group>>>;
  };
  readonly spaces: {
    list(status: KnownSpaceStatus): Promise<Complete<Space>>;
    byIds(ids: readonly SpaceId[]): Promise<Found<SpaceId, Space>>;
    byKeys(keys: readonly SpaceKey[]): Promise<Found<SpaceKey, Space>>;
    /**
     * Everything a space grants: granular rows, and role assignments unless the model is `PRE_ROLES`. What the adapter
     * remembers of spaces from before `notBeforeMs` does not count.
     *
     * @param take is told of spaces that are read before the others are; of all of them only where each is read by itself.
     */
    grantsOf(
      ids: readonly SpaceId[],
      model: PermissionModel,
      notBeforeMs?: number,
      take?: Take<SpaceId, Complete<SpaceGrant>>,
    ): Promise<Found<SpaceId, Complete<SpaceGrant>>>;
  };
  /**
   * Permissions on the site as a whole; `null` where there are none (Cloud). Rejects with `Unsupported` where the version
   * does not tell them (Data Center before 9.3).
   */
  readonly globalGrants: (() => Promise<Complete<GlobalGrant>>) | null;
  readonly roles: {
    /** False where spaces have no roles on any site (Data Center). */
    readonly exist: boolean;
    /** Role definitions. A site whose route is missing (404) rejects with `Unsupported`. */
    list(): Promise<Complete<SpaceRole>>;
  };
  readonly writer: SiteWriter;
  /** Closes connections. Calls after it reject. */
  close(): Promise<void>;
}

/** The statuses a space list can be asked for. */
export type KnownSpaceStatus = Exclude<SpaceStatus, "UNKNOWN">;

/**
 * What a site makes of names and ids that come from outside. Whatever the adapter hands up is settled already; what a caller
 * hands in is settled once, where it comes in, so that nothing above has to know how the site compares names.
 */
export interface NameRules {
  /** The id of a group in the one spelling in which it is handed up. */
  groupId(text: string): GroupId;
  /** A principal as rows name it: a group by its id, an access class that was named by its id alone (`access-class`) by its type. */
  principal(principal: Principal): Principal;
  /** One string for all spellings of a group's name. */
  groupName(text: string): string;
  /** One string for all spellings of a name that people sign in with. */
  username(text: string): string;
  /** One string for all spellings of a space's key. */
  spaceKey(text: string): SpaceKey;
  /** The id of a granular row as it is handed up, where the site's rows have none of their own and names stand in it. */
  permissionId(text: string): string;
}

/** Names that tell cases apart, and ids that are no names: every spelling is its own. */
export const exactNames: NameRules = {
  groupId: (text) => text as GroupId,
  principal: (principal) => principal,
  groupName: (text) => text,
  username: (text) => text,
  spaceKey: (text) => text as SpaceKey,
  permissionId: (text) => text,
};
