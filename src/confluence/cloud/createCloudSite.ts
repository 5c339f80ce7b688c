import type { Clock } from "../../domain/Clock.js";
import type { SiteId } from "../../domain/ids.js";
import type { Transport } from "../../http/Transport.js";
import { exactNames } from "../NameRules.js";
import { pageSizes } from "../pageSizes.js";
import type { ConfluenceSite } from "../port.js";
import { CloudClient } from "./CloudClient.js";
import { cloudCapabilities } from "./cloudCapabilities.js";
import { createCloudWriter } from "./createCloudWriter.js";
import { fetchAccountsByIds, searchAccounts } from "./fetchAccounts.js";
import { fetchCaller } from "./fetchCaller.js";
import {
  fetchAdminGroups,
  fetchGroupList,
  fetchGroupsByIds,
  fetchGroupsOfAccounts,
  fetchMembersOf,
} from "./fetchGroups.js";
import { fetchPermissionModel, fetchRoles } from "./fetchRoles.js";
import { fetchSpaceGrants } from "./fetchSpaceGrants.js";
import { fetchSpaceList, fetchSpacesByIds, fetchSpacesByKeys } from "./fetchSpaces.js";

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
export function createCloudSite(
  options: CloudSiteOptions,
): Omit<ConfluenceSite, "leftOut" | "organization" | "upstreamState"> {
  const { siteId, name, url, transport } = options;
  const client = new CloudClient(transport, options.clock, options.baseUrl, options.concurrency);
  return {
    siteId,
    name,
    url,
    deployment: "cloud",
    names: exactNames,
    checkCredential: () => fetchCaller(client),
    readPermissionModel: () => fetchPermissionModel(client),
    readCapabilities: async (model) => cloudCapabilities(model),
    accounts: {
      byIds: (ids) => fetchAccountsByIds(client, ids),
      idsPerCall: pageSizes.accountsByIds,
      list: () => searchAccounts(client),
      isListWhole: false,
      byUsernames: null,
      active: null,
      emailsOf: null,
    },
    groups: {
      list: () => fetchGroupList(client),
      byIds: (ids) => fetchGroupsByIds(client, ids),
      admins: () => fetchAdminGroups(client),
      childrenOf: null,
      parentsOf: null,
      superGroupId: null,
      leavesOutSuspended: true,
      membersOf: (ids) => fetchMembersOf(client, ids),
      ofAccounts: (ids) => fetchGroupsOfAccounts(client, ids),
    },
    spaces: {
      list: (status) => fetchSpaceList(client, url, status),
      byIds: (ids) => fetchSpacesByIds(client, url, ids),
      byKeys: (keys) => fetchSpacesByKeys(client, url, keys),
      grantsOf: (ids, model) => fetchSpaceGrants(client, ids, model),
    },
    globalGrants: null,
    writer: createCloudWriter(client),
    roles: { list: () => fetchRoles(client) },
    close: () => transport.close(),
  };
}
