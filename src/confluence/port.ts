import type { Account } from "../domain/Account.js";
import type { Complete } from "../domain/Complete.js";
import type { Deployment } from "../domain/Deployment.js";
import type { Group } from "../domain/Group.js";
import type { AccountId, GroupId, SiteId, SpaceId, SpaceKey } from "../domain/ids.js";
import type { LeftOut } from "../domain/LeftOut.js";
import type { PermissionModel } from "../domain/PermissionModel.js";
import type { Space, SpaceStatus } from "../domain/Space.js";
import type { SpaceGrant } from "../domain/SpaceGrant.js";
import type { SpaceRole } from "../domain/SpaceRole.js";
import type { LaneState } from "../http/Lane.js";
import type { Found } from "./Found.js";
import type { Organization } from "./organizationPort.js";
import type { SiteWriter } from "./writerPort.js";

/** Who the credential turned out to be. */
export interface Caller {
  readonly accountId: AccountId | null;
  readonly displayName: string | null;
}

/**
 * What the product needs of any Confluence. Adapters (`cloud/`, later `datacenter/`) fill it; nothing above knows a URL.
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

  /** The Atlassian organization that the site belongs to; `null` where none is configured. */
  readonly organization: Organization | null;
  /** What the configuration leaves out of every answer. */
  readonly leftOut: LeftOut;

  /** What the site last said about its rate limits, and how our calls to it stand. */
  upstreamState(): LaneState;

  /** Proves the credential: `GET /wiki/rest/api/user/current` on Cloud. Rejects with a `SiteError` that says what to do. */
  checkCredential(): Promise<Caller>;
  /** How space access is stored. A site that has no such question (404) answers `PRE_ROLES`. */
  readPermissionModel(): Promise<PermissionModel>;

  readonly accounts: {
    /** Facts of many accounts; at most `pageSizes.accountsByIds` ids a call. */
    byIds(ids: readonly AccountId[]): Promise<Found<AccountId, Account>>;
    /** Everyone that user search knows, guests included. Capped upstream; the cap is a gap. */
    search(): Promise<Complete<AccountId>>;
  };
  readonly groups: {
    list(): Promise<Complete<Group>>;
    /** One call a group: Confluence has no many-by-id call for groups. */
    byIds(ids: readonly GroupId[]): Promise<Found<GroupId, Group>>;
    /** One chain of pages a group. Cloud answers an empty page for an unknown group, so empty is not yet "exists". */
    membersOf(ids: readonly GroupId[]): Promise<Found<GroupId, Complete<AccountId>>>;
    /** The groups whose members administer Confluence. */
    admins(): Promise<Complete<GroupId>>;
    /** One chain of pages an account. */
    ofAccounts(ids: readonly AccountId[]): Promise<Found<AccountId, Complete<Group>>>;
  };
  readonly spaces: {
    list(status: KnownSpaceStatus): Promise<Complete<Space>>;
    byIds(ids: readonly SpaceId[]): Promise<Found<SpaceId, Space>>;
    byKeys(keys: readonly SpaceKey[]): Promise<Found<SpaceKey, Space>>;
    /** Everything a space grants: granular rows, and role assignments unless the model is `PRE_ROLES`. */
    grantsOf(ids: readonly SpaceId[], model: PermissionModel): Promise<Found<SpaceId, Complete<SpaceGrant>>>;
  };
  readonly roles: {
    /** Role definitions. A site whose route is missing (404) rejects with `Unsupported`. */
    list(): Promise<Complete<SpaceRole>>;
  };
  readonly writer: SiteWriter;
  /** Closes connections. Calls after it reject. */
  close(): Promise<void>;
}

/** The statuses a space list can be asked for. */
export type KnownSpaceStatus = Exclude<SpaceStatus, "UNKNOWN">;
