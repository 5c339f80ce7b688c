import type { KnownPermissionModel, PermissionModel, SiteCapability } from "../../domain/Site.js";

/** What a Cloud site can do: space access follows its role mode, all else is the same on every site. */
export function cloudCapabilities({ model, isInferred }: KnownPermissionModel): readonly SiteCapability[] {
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
