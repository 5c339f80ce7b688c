import type { Clock } from "../../domain/Clock.js";
import { knownEmpty } from "../../domain/Complete.js";
import type { SiteId } from "../../domain/ids.js";
import { toldModel } from "../../domain/Site.js";
import type { Transport } from "../../http/Transport.js";
import type { ConfluenceSite } from "../port.js";
import { createDataCenterWriter } from "./createDataCenterWriter.js";
import { DataCenterClient } from "./DataCenterClient.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { DataCenterFeatures } from "./DataCenterFeatures.js";
import { fetchAccountList } from "./fetchAccountList.js";
import { fetchAccountsByKeys } from "./fetchAccountsByKeys.js";
import { fetchAccountsByUsernames } from "./fetchAccountsByUsernames.js";
import { fetchActiveAccounts } from "./fetchActiveAccounts.js";
import { fetchCaller } from "./fetchCaller.js";
import { fetchChildGroups } from "./fetchChildGroups.js";
import { fetchEmails } from "./fetchEmails.js";
import { fetchGlobalGrants } from "./fetchGlobalGrants.js";
import { fetchGroupList } from "./fetchGroupList.js";
import { fetchGroupsByNames } from "./fetchGroupsByNames.js";
import { fetchGroupsOfAccounts } from "./fetchGroupsOfAccounts.js";
import { fetchMembersOf } from "./fetchMembersOf.js";
import { fetchParentGroups } from "./fetchParentGroups.js";
import { fetchSpaceGrants } from "./fetchSpaceGrants.js";
import { fetchSpaceList } from "./fetchSpaceList.js";
import { fetchSpacesByIds } from "./fetchSpacesByIds.js";
import { fetchSpacesByKeys } from "./fetchSpacesByKeys.js";
import { dataCenterNames, groupIdOf } from "./names/dataCenterNames.js";
import { GroupBook } from "./names/GroupBook.js";
import { UserKeys } from "./names/UserKeys.js";
import { UsernameBook } from "./names/UsernameBook.js";
import { readDataCenterCapabilities } from "./readDataCenterCapabilities.js";
import { refuse } from "./refuse.js";
import { SpaceKeyBook } from "./SpaceKeyBook.js";

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
): Omit<ConfluenceSite, "leftOut" | "organization" | "upstreamState"> {
  const { siteId, name, url, transport, clock } = options;
  const client = new DataCenterClient(transport, clock, options.concurrency);
  const features = new DataCenterFeatures(client);
  const context: DataCenterContext = {
    siteUrl: url,
    client,
    features,
    groups: new GroupBook(),
    userKeys: new UserKeys(client, features),
    usernames: new UsernameBook(clock),
    spaceKeys: new SpaceKeyBook(clock),
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
    accounts: {
      byIds: (ids) => fetchAccountsByKeys(context, ids),
      idsPerCall: 1,
      list: () => fetchAccountList(context),
      isListWhole: true,
      byUsernames: (names) => fetchAccountsByUsernames(context, names),
      active: () => fetchActiveAccounts(context),
      emailsOf: (accounts) => fetchEmails(context, accounts),
    },
    groups: {
      list: () => fetchGroupList(context),
      byIds: (ids) => fetchGroupsByNames(context, ids),
      membersOf: (ids) => fetchMembersOf(context, ids),
      childrenOf: (ids) => fetchChildGroups(context, ids),
      parentsOf: (ids) => fetchParentGroups(context, ids),
      superGroupId: groupIdOf(options.superGroup),
      leavesOutSuspended: false,
      admins: async () => knownEmpty(clock.now()),
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
      list: () => refuse("Listing space roles", "Confluence Data Center has no space roles."),
    },
    writer: createDataCenterWriter(context),
    close: () => transport.close(),
  };
}
