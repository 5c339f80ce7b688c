import type { AccountId, SpaceId, SpaceKey } from "./ids.js";
import type { Operation } from "./Operation.js";

export type SpaceKind =
  | "GLOBAL"
  | "PERSONAL"
  | "COLLABORATION"
  | "KNOWLEDGE_BASE"
  | "SYSTEM"
  | "ONBOARDING"
  | "SAMPLE"
  | "UNKNOWN";
export type SpaceStatus = "CURRENT" | "ARCHIVED" | "TRASHED" | "UNKNOWN";

/** What access is granted to. */
export interface Space {
  readonly spaceId: SpaceId;
  readonly key: SpaceKey;
  /** The alias that stands in the space's address when it differs from the key. */
  readonly alias: string | null;
  readonly name: string | null;
  readonly kind: SpaceKind;
  readonly reportedKind: string;
  readonly status: SpaceStatus;
  readonly reportedStatus: string;
  readonly createdAt: Date | null;
  readonly authorId: AccountId | null;
  readonly ownerId: AccountId | null;
  /** The page a person lands on, absolute. */
  readonly homepageUrl: string | null;
}

/** What of a site is left out of every answer by configuration. The site says so in the graph. */
export interface LeftOut {
  /** Space keys, in any letter case; a trailing `*` stands for any rest. */
  readonly spaceKeys: readonly string[];
  readonly hasPersonalSpaces: boolean;
  /** Granular permissions, as `operation/target`, in any letter case. */
  readonly permissions: readonly string[];
}

/** Whether any space is left out, so that a space must be known before anything of it may be shown. */
export function leavesOutSpaces({ spaceKeys, hasPersonalSpaces }: LeftOut): boolean {
  return spaceKeys.length > 0 || hasPersonalSpaces;
}

/**
 * Whether a space is left out. Letter case does not count on any site: no two spaces differ in it alone, and who writes
 * `hr*` does not mean to show `HR`.
 */
export function isSpaceLeftOut(
  { key, kind }: Pick<Space, "key" | "kind">,
  { spaceKeys, hasPersonalSpaces }: LeftOut,
): boolean {
  if (hasPersonalSpaces && kind === "PERSONAL") return true;
  const lowerKey = key.toLowerCase();
  return spaceKeys.some((pattern) => {
    const lower = pattern.toLowerCase();
    return lower.endsWith("*") ? lowerKey.startsWith(lower.slice(0, -1)) : lowerKey === lower;
  });
}

/** Whether granular rows of a permission are left out. Roles are shown whole. */
export function isPermissionLeftOut({ key, target }: Operation, { permissions }: LeftOut): boolean {
  if (permissions.length === 0) return false;
  const name = `${key}/${target}`.toLowerCase();
  return permissions.some((permission) => permission.toLowerCase() === name);
}
