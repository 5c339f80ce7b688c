import type { Clock } from "../../domain/Clock.js";
import type { SiteId } from "../../domain/ids.js";
import type { KnownPermissionModel, PermissionModel, SiteCapability } from "../../domain/Site.js";
import type { Transport } from "../../http/Transport.js";
import { chainsOf } from "../limits.js";
import type { Organization } from "../organizationPort.js";
import { type ConfiguredPart, type ConfluenceSite, exactNames } from "../port.js";
import { accountsByIds, fetchAccountList } from "./accounts.js";
import { CloudClient } from "./client.js";
import { fetchCaller } from "./connect.js";
import { fetchSpaceGrants } from "./grants.js";
import {
  fetchAdminGroups,
  fetchGroupList,
  fetchGroupsByIds,
  fetchGroupsOfAccounts,
  fetchMembersOf,
  groupCall,
} from "./groups.js";
import { cloudLimits } from "./limits.js";
import { fetchPermissionModel, fetchRoles } from "./roles.js";
import { fetchSpaceList, spacesByIds, spacesByKeys } from "./spaces.js";
import { createCloudWriter } from "./writes.js";

interface CloudSiteOptions {
  readonly siteId: SiteId;
  readonly name: string;
  /** The address people use: links in answers are made with it. */
  readonly url: string;
  /** Where calls go: the site itself, or the API gateway's prefix for it. */
  readonly baseUrl: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly concurrency: number;
}

/** A Confluence Cloud site behind the port. */
export function createCloudSite(options: CloudSiteOptions): Omit<ConfluenceSite, ConfiguredPart | "organization"> {
  const { siteId, name, url, transport } = options;
  const client = new CloudClient(transport, options.clock, options.baseUrl, chainsOf(options.concurrency));
  return {
    siteId,
    name,
    url,
    deployment: "cloud",
    names: exactNames,
    checkCredential: () => fetchCaller(client),
    readPermissionModel: () => fetchPermissionModel(client),
    readCapabilities: async (model) => cloudCapabilities(model),
    organizationCapabilities,
    accounts: {
      areAtlassian: true,
      licensedBy: "ORGANIZATION",
      byIds: accountsByIds(client),
      idsPerCall: cloudLimits.accountsByIds,
      list: (take) => fetchAccountList(client, take),
      isListWhole: false,
      byUsernames: null,
      active: null,
      emailsOf: null,
    },
    groups: {
      list: () => fetchGroupList(client),
      byIds: (ids) => fetchGroupsByIds(client, ids),
      byIdCall: groupCall,
      areNamedById: false,
      admins: () => fetchAdminGroups(client, "admin"),
      siteAdmins: () => fetchAdminGroups(client, "site-admin"),
      childrenOf: null,
      parentsOf: null,
      superGroupId: null,
      defaultGroupId: null,
      leavesOutSuspended: true,
      membersOf: (ids, take) => fetchMembersOf(client, ids, take),
      ofAccounts: (ids) => fetchGroupsOfAccounts(client, ids),
    },
    spaces: {
      list: (status) => fetchSpaceList(client, url, status),
      byIds: spacesByIds(client, url),
      byKeys: spacesByKeys(client, url),
      grantsOf: (ids, model, _notBeforeMs, take) => fetchSpaceGrants(client, ids, model, take),
    },
    globalGrants: null,
    writer: createCloudWriter(client),
    roles: { exist: true, list: () => fetchRoles(client) },
    close: () => transport.close(),
  };
}

/** What a Cloud site can do: space access follows its role mode, all else is the same on every site. */
function cloudCapabilities({ model, isInferred }: KnownPermissionModel): readonly SiteCapability[] {
  return [
    { name: "SPACE_ROLES", reason: model === "PRE_ROLES" ? "The site is in mode PRE_ROLES." : null },
    granularPermissions(model, isInferred),
    { name: "NESTED_GROUPS", reason: "Groups on Confluence Cloud hold accounts only." },
    { name: "GLOBAL_PERMISSIONS", reason: "Confluence Cloud has no call that tells its global permissions." },
    { name: "UNLICENSED_GRANTS", reason: "Confluence Cloud has no class of people without a licence." },
    {
      name: "ALL_ACCOUNTS",
      reason: "Confluence Cloud has no list of all accounts: search, groups and grants together name them.",
    },
    { name: "ACCOUNT_EMAILS", reason: null },
    { name: "ACCOUNT_CREATION", reason: null },
    {
      name: "ACCOUNT_UPDATE",
      reason: "Atlassian accounts are changed by the people themselves or by their identity provider.",
    },
  ];
}

function granularPermissions(model: PermissionModel, isInferred: boolean): SiteCapability {
  const name = "GRANULAR_SPACE_PERMISSIONS";
  if (model === "ROLES") {
    return { name, reason: "The site is in mode ROLES, where Confluence refuses granular writes." };
  }
  if (model === "PRE_ROLES" || !isInferred) return { name, reason: null };
  const reason = "The site has roles and does not tell whether single permissions count beside them.";
  return { name, reason, isKnown: false };
}

function organizationCapabilities(organization: Organization | null): readonly SiteCapability[] {
  const reason =
    organization === null
      ? "No organization is configured for this site: set ATLASSIAN_ORG_ID and ATLASSIAN_ORG_API_KEY."
      : null;
  return [
    { name: "LAST_ACTIVITY", reason },
    { name: "ORGANIZATION_FACTS", reason },
    {
      name: "PERSON_NAMES",
      reason: organization?.directoryPeople
        ? null
        : "No synchronised directory is configured: set ATLASSIAN_SCIM_DIRECTORY_ID and ATLASSIAN_SCIM_KEY.",
    },
  ];
}
