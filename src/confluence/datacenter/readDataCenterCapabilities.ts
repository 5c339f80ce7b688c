import type { SiteCapability, SiteCapabilityName } from "../../domain/Site.js";
import type { DataCenterFeatures } from "./DataCenterFeatures.js";
import type { Feature } from "./featureVersions.js";

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
 * and proves nothing either.
 */
export async function readDataCenterCapabilities(features: DataCenterFeatures): Promise<readonly SiteCapability[]> {
  const version = await features.version();
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
