import type { Assumption } from "../../domain/Complete.js";
import type { SpaceGrant } from "../../domain/Grant.js";
import type { AccountId, GroupId, RoleId, SpaceId } from "../../domain/ids.js";
import type { Principal } from "../../domain/Principal.js";

export type FindingSeverity = "CRITICAL" | "HIGH" | "MEDIUM" | "LOW";

/** What an answer about a kind rests on; what of it is missing is a gap of the answer. */
export type Need =
  | "spaces"
  | "grants"
  | "roles"
  | "globals"
  | "accounts"
  | "groups"
  | "administrators"
  | "kinds"
  | "owners";

interface KindFacts {
  readonly severity: FindingSeverity;
  readonly needs: readonly Need[];
}

const granted: readonly Need[] = ["spaces", "grants", "roles", "globals"];
const everything: readonly Need[] = [...granted, "accounts", "groups", "administrators"];
const ofGuests: readonly Need[] = [...everything, "kinds"];

/** The kinds in the order of their lists: the gravest first. Trashed spaces are left out of all (rule 12). */
export const findingKinds = {
  ANONYMOUS_WRITE: { severity: "CRITICAL", needs: granted },
  BROAD_ADMINISTRATION: { severity: "CRITICAL", needs: granted },
  ANONYMOUS_ACCESS: { severity: "HIGH", needs: granted },
  GUEST_CAN_ADMINISTER: { severity: "HIGH", needs: ofGuests },
  NO_ACTIVE_ADMINISTRATOR: { severity: "HIGH", needs: ["spaces"] },
  DORMANT_ADMINISTRATOR: { severity: "MEDIUM", needs: everything },
  GRANT_TO_INACTIVE_ACCOUNT: { severity: "MEDIUM", needs: ["spaces", "grants", "accounts"] },
  GUEST_CAN_WRITE: { severity: "MEDIUM", needs: ofGuests },
  PERSONAL_SPACE_OF_LEAVER: { severity: "MEDIUM", needs: ["spaces", "grants", "accounts", "owners"] },
  GRANT_TO_EMPTY_GROUP: { severity: "LOW", needs: ["spaces", "grants", "groups"] },
  GRANT_TO_VANISHED_GROUP: { severity: "LOW", needs: ["spaces", "grants", "groups"] },
  INEFFECTIVE_GRANT: { severity: "LOW", needs: everything },
  REDUNDANT_DIRECT_GRANT: { severity: "LOW", needs: ["spaces", "grants", "roles", "accounts", "groups"] },
} as const satisfies Record<string, KindFacts>;

export type FindingKind = keyof typeof findingKinds;

export const kindsInOrder = Object.keys(findingKinds) as readonly FindingKind[];

export const findingRules = {
  /** Grants that one finding names, and one request revokes, at most. */
  grants: 200,
  /** An administrator whose account was not used for so long is dormant (rule 12). */
  dormantAfterMs: 90 * 24 * 60 * 60 * 1_000,
  /** Gaps of one sort that an answer names; each stands for a list of its own. */
  gapsTold: 25,
} as const;

/** Operations that change nothing; every other is writing (rule 12). */
export const readingKeys: ReadonlySet<string> = new Set(["read", "export", "export_content"]);

/** A grant that a finding rests on. */
export type FoundGrant =
  | { readonly kind: "space"; readonly spaceId: SpaceId; readonly grant: SpaceGrant }
  | { readonly kind: "membership"; readonly groupId: GroupId; readonly accountId: AccountId };

/**
 * The change that ends what was found: revoking grants, or making somebody of the reader's choice an administrator, by the
 * permissions or, where the site has only roles, by the role named.
 */
export type Remedy =
  | { readonly mutation: "revokeGrants"; readonly grants: readonly FoundGrant[] }
  | { readonly mutation: "grantSpaceAccess"; readonly spaceId: SpaceId; readonly roleId: RoleId | null };

/** Something about the access of a site that somebody should look at. Only what is surely so is one. */
export interface Finding {
  readonly kind: FindingKind;
  readonly severity: FindingSeverity;
  /** Names it within its site; the same as long as it stands. Lists go on behind it. */
  readonly key: string;
  /** Whom it is about; empty where it is about a space alone. */
  readonly principals: readonly Principal[];
  /** `null` where it is about an account, in as many spaces as `spaceCount` says. */
  readonly spaceId: SpaceId | null;
  readonly spaceCount: number;
  /** The grants behind it: the first of them, and whether there are more. */
  readonly grants: readonly FoundGrant[];
  readonly hasMoreGrants: boolean;
  readonly sentence: string;
  /** Ends it, or, of more grants than are named, a part of it: asked for again, it names the rest. */
  readonly remedy: Remedy;
  /** What it takes for granted. */
  readonly assumptions: readonly Assumption[];
}
