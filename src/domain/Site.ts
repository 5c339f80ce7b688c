import type { Assumption } from "./Complete.js";

/** Where a Confluence runs. */
export type Deployment = "cloud" | "datacenter";

/** How a Cloud site stores space access: granular rows, roles, or both side by side. */
export type PermissionModel = "PRE_ROLES" | "ROLES_TRANSITION" | "ROLES" | "UNKNOWN";

/** How a site stores space access, and how that is known. */
export interface KnownPermissionModel {
  readonly model: PermissionModel;
  /** False where the site told it; true where it was inferred from what else it told, which is believed for a minute only. */
  readonly isInferred: boolean;
  readonly assumptions: readonly Assumption[];
}

/** A model that the site told. */
export function toldModel(model: PermissionModel): KnownPermissionModel {
  return { model, isInferred: false, assumptions: [] };
}

/**
 * The absolute address of something that a site tells by its path, from the root of its host; `null` for a path that is none, or that leads
 * elsewhere: what a site says is no reason to send people, or their browsers, to another host, or to run something.
 */
export function linkOnSite(siteUrl: string, path: string | null): string | null {
  if (path === null || !URL.canParse(path, siteUrl)) return null;
  const site = new URL(siteUrl);
  const link = new URL(path, site);
  const isOwn = link.origin === site.origin && link.username === "" && link.password === "";
  return isOwn && (path.startsWith("/") || URL.canParse(path)) ? link.href : null;
}

/** Something that a site can do or cannot. */
export type SiteCapabilityName =
  | "SPACE_ROLES"
  | "GRANULAR_SPACE_PERMISSIONS"
  | "NESTED_GROUPS"
  | "GLOBAL_PERMISSIONS"
  | "UNLICENSED_GRANTS"
  | "ALL_ACCOUNTS"
  | "ACCOUNT_EMAILS"
  | "LAST_ACTIVITY"
  | "ACCOUNT_CREATION"
  | "ACCOUNT_UPDATE"
  | "ORGANIZATION_FACTS"
  | "PERSON_NAMES";

/** Whether a site can do something. */
export interface SiteCapability {
  readonly name: SiteCapabilityName;
  /** Why it cannot, and what would change that, or why it is not known; `null` when it can. */
  readonly reason: string | null;
  /** False where nobody told whether it can, and it was not tried. Default: true. */
  readonly isKnown?: boolean;
}
