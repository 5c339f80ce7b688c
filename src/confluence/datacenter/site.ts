import type { Clock } from "../../domain/Clock.js";
import type { SiteId } from "../../domain/ids.js";
import { type SiteCapability, type SiteCapabilityName, toldModel } from "../../domain/Site.js";
import type { Transport } from "../../http/Transport.js";
import { chainsOf } from "../limits.js";
import type { ConfiguredPart, ConfluenceSite } from "../port.js";
import {
  fetchAccountList,
  fetchAccountsByIds,
  fetchAccountsByUsernames,
  fetchActiveAccounts,
  fetchEmails,
} from "./accounts.js";
import { DataCenterClient } from "./client.js";
import { fetchCaller } from "./connect.js";
import { type DataCenterContext, GroupNames, RecentUsernames, SpaceKeys, UserKeys } from "./context.js";
import { refuse } from "./errors.js";
import { DataCenterFeatures, type Feature } from "./features.js";
import { fetchGlobalGrants, fetchSpaceGrants } from "./grants.js";
import {
  fetchChildGroups,
  fetchGroupList,
  fetchGroupsByIds,
  fetchGroupsOfAccounts,
  fetchMembersOf,
  fetchParentGroups,
  groupCall,
} from "./groups.js";
import { dataCenterNames, groupIdOf } from "./names.js";
import { fetchSpaceList, fetchSpacesByIds, fetchSpacesByKeys } from "./spaces.js";
import { createDataCenterWriter } from "./writes.js";

interface DataCenterSiteOptions {
  readonly siteId: SiteId;
  readonly name: string;
  /** The address people use and calls go to, context path included, without a trailing slash. */
  readonly url: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly concurrency: number;
  /** The group whose members can do everything in every space. */
  readonly superGroup: string;
}

/** A Confluence Data Center site behind the port. */
export function createDataCenterSite(
  options: DataCenterSiteOptions,
): Omit<ConfluenceSite, ConfiguredPart | "organization"> {
  const { siteId, name, url, transport, clock } = options;
  const client = new DataCenterClient(transport, clock, chainsOf(options.concurrency));
  const features = new DataCenterFeatures(transport, clock);
  const context: DataCenterContext = {
    siteUrl: url,
    client,
    features,
    groups: new GroupNames(),
    userKeys: new UserKeys(client, features),
    usernames: new RecentUsernames(clock),
    spaceKeys: new SpaceKeys(clock),
  };
  return {
    siteId,
    name,
    url,
    deployment: "datacenter",
    names: dataCenterNames,
    checkCredential: () => fetchCaller(context),
    readPermissionModel: async () => toldModel("PRE_ROLES"),
    readCapabilities: () => readDataCenterCapabilities(features),
    organizationCapabilities: () => organizationCapabilities,
    accounts: {
      areAtlassian: false,
      licensedBy: "GLOBAL_PERMISSIONS",
      byIds: (ids) => fetchAccountsByIds(context, ids),
      idsPerCall: 1,
      list: (take) => fetchAccountList(context, take),
      isListWhole: true,
      byUsernames: (names) => fetchAccountsByUsernames(context, names),
      active: () => fetchActiveAccounts(context),
      emailsOf: (accounts) => fetchEmails(context, accounts),
    },
    groups: {
      list: () => fetchGroupList(context),
      byIds: (ids) => fetchGroupsByIds(context, ids),
      byIdCall: groupCall,
      areNamedById: true,
      membersOf: (ids, take) => fetchMembersOf(context, ids, take),
      childrenOf: (ids) => fetchChildGroups(context, ids),
      parentsOf: (ids) => fetchParentGroups(context, ids),
      superGroupId: groupIdOf(options.superGroup),
      defaultGroupId: groupIdOf("confluence-users"),
      leavesOutSuspended: false,
      admins: null,
      siteAdmins: null,
      ofAccounts: (ids) => fetchGroupsOfAccounts(context, ids),
    },
    spaces: {
      list: (status) => fetchSpaceList(context, status),
      byIds: (ids) => fetchSpacesByIds(context, ids),
      byKeys: (keys) => fetchSpacesByKeys(context, keys),
      grantsOf: (ids, _model, notBeforeMs) => fetchSpaceGrants(context, ids, notBeforeMs),
    },
    globalGrants: () => fetchGlobalGrants(context),
    roles: {
      exist: false,
      list: () => refuse("Listing space roles", "Confluence Data Center has no space roles."),
    },
    writer: createDataCenterWriter(context),
    close: () => transport.close(),
  };
}

/** What an organization adds: nothing here. The site itself tells last activity. */
const organizationCapabilities: readonly SiteCapability[] = [
  { name: "ORGANIZATION_FACTS", reason: "An Atlassian organization holds Cloud sites only." },
  {
    name: "PERSON_NAMES",
    reason: "Data Center keeps one full name, and synchronised directories do not reach it through its API.",
  },
];

/** The features that decide about a capability: one that has answered proves it. */
const decidedBy: Partial<Record<SiteCapabilityName, readonly Feature[]>> = {
  GRANULAR_SPACE_PERMISSIONS: ["spacePermissionWrites", "remoteApi"],
  GLOBAL_PERMISSIONS: ["globalPermissions"],
  UNLICENSED_GRANTS: ["spacePermissions"],
  ALL_ACCOUNTS: ["userList"],
  ACCOUNT_EMAILS: ["profiles"],
  LAST_ACTIVITY: ["activeUserFacts"],
  ACCOUNT_CREATION: ["createUser", "remoteApi"],
  ACCOUNT_UPDATE: ["updateUser"],
};

/**
 * What a Data Center site can do, by its version and by what has answered so far. A version that is not told rules nothing out
 * and proves nothing either. Rejects where the site could not be asked at all.
 */
async function readDataCenterCapabilities(features: DataCenterFeatures): Promise<readonly SiteCapability[]> {
  const version = await features.requireVersion();
  const capabilities: readonly SiteCapability[] = [
    { name: "SPACE_ROLES", reason: "Confluence Data Center has no space roles." },
    {
      name: "GRANULAR_SPACE_PERMISSIONS",
      reason: await reasonAgainstBoth(features, "spacePermissionWrites", "remoteApi"),
    },
    { name: "NESTED_GROUPS", reason: null },
    { name: "GLOBAL_PERMISSIONS", reason: await features.reasonAgainst("globalPermissions") },
    { name: "UNLICENSED_GRANTS", reason: await reasonAgainstUnlicensed(features) },
    { name: "ALL_ACCOUNTS", reason: await features.reasonAgainst("userList") },
    { name: "ACCOUNT_EMAILS", reason: await reasonAgainstEmails(features) },
    {
      name: "LAST_ACTIVITY",
      reason: (await features.reasonAgainst("activeUserFacts")) ?? (await features.reasonAgainst("activeUsers")),
    },
    { name: "ACCOUNT_CREATION", reason: await reasonAgainstBoth(features, "createUser", "remoteApi") },
    { name: "ACCOUNT_UPDATE", reason: await features.reasonAgainst("updateUser") },
  ];
  if (version !== null) return capabilities;
  const reason = "The site does not tell its version, and nobody has tried this yet.";
  return capabilities.map((capability) => {
    const ways = decidedBy[capability.name];
    const isOpen = capability.reason === null && ways?.every((feature) => !features.hasAnswered(feature)) === true;
    return isOpen ? { ...capability, reason, isKnown: false } : capability;
  });
}

/** Where there are two ways, one is enough. */
async function reasonAgainstBoth(
  features: DataCenterFeatures,
  first: Feature,
  second: Feature,
): Promise<string | null> {
  const [one, other] = [await features.reasonAgainst(first), await features.reasonAgainst(second)];
  return one === null || other === null ? null : `${one} ${other}`;
}

async function reasonAgainstUnlicensed(features: DataCenterFeatures): Promise<string | null> {
  const reason = await features.reasonAgainst("spacePermissions");
  return reason && `${reason} JSON-RPC, which is asked instead, leaves out what people without a licence may do.`;
}

/** The list of licensed users tells their addresses, but not those of others. */
async function reasonAgainstEmails(features: DataCenterFeatures): Promise<string | null> {
  const reason = await features.reasonAgainst("profiles");
  if (reason === null) return null;
  const isListed =
    (await features.reasonAgainst("activeUserFacts")) === null &&
    (await features.reasonAgainst("activeUsers")) === null;
  return isListed
    ? `${reason} Only the addresses of accounts that count for the licence are told.`
    : `${reason} No addresses are told: the list of users who count for the licence tells theirs from Confluence Data Center 10.2 on.`;
}
