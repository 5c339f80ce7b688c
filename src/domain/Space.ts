import type { AccountId, SpaceId, SpaceKey } from "./ids.js";

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
