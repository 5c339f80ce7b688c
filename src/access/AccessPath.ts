import type { GroupId } from "../domain/ids.js";
import type { Principal } from "../domain/Principal.js";
import type { HeldGrant } from "./SpaceIndex.js";

/** That an account, or a group, is a direct member of a group. */
export interface MembershipStep {
  readonly member: Extract<Principal, { readonly kind: "account" | "group" }>;
  readonly groupId: GroupId;
}

/** What a path ends in: a grant of the space, or being a super user (rule 6). */
export type PathEnd = { readonly kind: "GRANT"; readonly held: HeldGrant } | { readonly kind: "SUPERUSER" };

/** One chain of grants that gives an operation (rule 8). Belonging to an access class is no step. */
export interface AccessPath {
  /** From the account to the group that holds the grant; empty where the account or a class holds it. */
  readonly memberships: readonly MembershipStep[];
  readonly end: PathEnd;
  /** Whether the account itself holds the grant. */
  readonly isDirect: boolean;
}
