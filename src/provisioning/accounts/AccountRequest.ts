import type { Secret } from "../../config/Secret.js";
import type { ScimUser } from "../../confluence/organizationPort.js";
import type { LongTask, LongTaskId } from "../../confluence/writerPort.js";
import type { AccountId, GroupId, SiteId } from "../../domain/ids.js";
import type { OrganizationUser } from "../../domain/Organization.js";
import type { CarriedOut } from "../aftermath.js";
import type { AskedChange, Change } from "../Change.js";
import type { ChangeResult } from "../reconcile/Task.js";

/** A person to be given an account on one site, and what the account shall have there. */
export interface AccountRequest {
  /** Trimmed, with an @, at most 320 characters. */
  readonly email: string;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly displayName: string | null;
  /** The product role on the site, where the account has no access to it yet: `atlassian/user`. */
  readonly productRole: string;
  readonly sendsNotification: boolean;
  readonly notificationText: string | null;
  /** The name to sign in with, where the site keeps accounts of its own; `null` where the address shall be it. */
  readonly username: string | null;
  /** How a new account of such a site comes by its password. `SET_BY_PERSON`: an e-mail of the site's leads there. */
  readonly password: RequestedPassword;
  readonly grants: readonly AskedGrant[];
}

export type RequestedPassword =
  | { readonly kind: "GIVEN"; readonly password: Secret }
  | { readonly kind: "GENERATED" }
  | { readonly kind: "SET_BY_PERSON" };

/** A membership or access to a space that is asked for somebody whose account id may not be known yet. */
export interface AskedGrant {
  /** Where the input asks for it: `["groups", "0"]`. */
  readonly field: readonly string[];
  readonly changeFor: (accountId: AccountId) => Change;
  /** Set where it is a membership: an invitation can carry it along. */
  readonly groupId: GroupId | null;
}

/** An invitation that nobody has accepted yet. */
interface OpenInvitation {
  readonly email: string;
  /** `PENDING`: it went out earlier, and nothing was sent now. */
  readonly status: "INVITED" | "PENDING";
  /** Groups that the person is in once the invitation is accepted. */
  readonly groupIds: readonly GroupId[];
}

/**
 * What says that an account is the person's who was asked for: the address, which was compared; the name to sign in with alone,
 * where the site tells no address; or the account id that an invitation or the synchronised directory named.
 */
export type DecidedBy = "EMAIL" | "USERNAME" | "ACCOUNT_ID";

/** Whether a person has an account, and what the grants can build on. */
export interface ProvisionedAccount extends ChangeResult {
  readonly accountId: AccountId | null;
  /** What says that the account is this person's; `null` where there is none. */
  readonly decidedBy: DecidedBy | null;
  readonly invitation: OpenInvitation | null;
  /**
   * `now`: the account can be granted things. `planned`: it could after the real run. `later`: only when the person has
   * accepted. `never`: it failed.
   */
  readonly grants: "now" | "planned" | "later" | "never";
  /** Groups that go out with the invitation, so that nothing else is to be done about them. */
  readonly carriedGroupIds: readonly GroupId[];
  /** The password that was generated for an account made now: it is kept nowhere else. */
  readonly generatedPassword?: Secret;
}

export interface GrantResult extends Partial<Pick<CarriedOut, "otherRoleId" | "after">> {
  /** `null` where there is no account yet that it could be about. */
  readonly change: AskedChange | null;
  readonly result: ChangeResult;
  /** How things would stand, in a dry run, where the grants are planned for an account still to be made: see `plannedFor`. */
  readonly planned?: CarriedOut["after"];
}

/** What became of the account and of each grant asked for, in the order asked. */
export interface ProvisionResult extends ProvisionedAccount {
  readonly siteId: SiteId;
  readonly changes: readonly GrantResult[];
}

/** The name that the account is to sign in with, as it is looked up: names there do not tell cases apart. */
export function usernameOf({ username, email }: Pick<AccountRequest, "username" | "email">): string {
  return (username ?? email).toLowerCase();
}

/** What can be done to an account through its organization. */
export type AccountStatusAction = "suspendAccount" | "restoreAccount" | "removeAccount";

/** One account in its organization, freshly read. */
export interface OrganizationAccount {
  readonly user: OrganizationUser | null;
  /** What the synchronised directory holds of it. */
  readonly person: ScimUser | null;
  /** What Confluence shows of it; read only where the directory is to be given it again. */
  readonly displayName: string | null;
}

/** A removal that a site accepted and carries out in its own time. */
export interface AccountRemoval {
  /** `null` where the answer that would have named it was lost: it may not have been started at all. */
  readonly taskId: LongTaskId | null;
  /** How far it is; `null` where the site does not know the task (any more). */
  readonly task: LongTask | null;
}

/** How the suspension, the restoration or the removal of an account ended. */
export interface AccountStatusResult extends ChangeResult {
  /**
   * The resources of the organization that the account may use, before and after: what the change reaches. Empty for an
   * account that a site keeps itself.
   */
  readonly affectedResources: readonly string[];
  /** What a site that keeps its own accounts works on, or worked on; `null` where there is no such thing. */
  readonly removal: AccountRemoval | null;
}
