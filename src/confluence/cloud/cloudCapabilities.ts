import type { PermissionModel } from "../../domain/PermissionModel.js";
import type { SiteCapability } from "../../domain/SiteCapability.js";

/** What a Cloud site can do: space access follows its role mode, all else is the same on every site. */
export function cloudCapabilities(model: PermissionModel): readonly SiteCapability[] {
  return [
    { name: "SPACE_ROLES", reason: model === "PRE_ROLES" ? "The site is in mode PRE_ROLES." : null },
    {
      name: "GRANULAR_SPACE_PERMISSIONS",
      reason: model === "ROLES" ? "The site is in mode ROLES, where Confluence refuses granular writes." : null,
    },
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
