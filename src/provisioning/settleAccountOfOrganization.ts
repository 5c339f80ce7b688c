import { hasProduct } from "../confluence/mergeOrganizationUser.js";
import type { Organization } from "../confluence/organizationPort.js";
import { accountIdsByEmail } from "../loaders/accountIdsByEmail.js";
import { organizationUser } from "../loaders/organizationUser.js";
import type { SiteStore } from "../loaders/SiteStore.js";
import type { AccountRequest, AccountStanding } from "./AccountRequest.js";
import { forgetAccount } from "./forgetAccount.js";
import { type OrganizationPerson, planAccountOfOrganization } from "./planAccountOfOrganization.js";
import type { SingleChange } from "./reconcile/settleSingle.js";
import { type SingleSettlement, settleSingle } from "./reconcile/settleSingle.js";
import { rememberNewAccount } from "./rememberNewAccount.js";
import type { SentInvitations } from "./SentInvitations.js";
import { sendableGroups } from "./sendableGroups.js";

interface OrganizationSettlement extends SingleSettlement {
  readonly store: SiteStore;
  readonly organization: Organization;
  readonly invitations: SentInvitations;
}

/**
 * Makes sure that a person has an account with access to the site, through the organization: created by SCIM where a
 * synchronised directory is configured, else invited. Who is there already gets the product role where it is missing.
 */
export async function settleAccountOfOrganization(
  request: AccountRequest,
  settlement: OrganizationSettlement,
): Promise<AccountStanding> {
  const { store, organization, invitations } = settlement;
  const { email } = request;
  const groupIds = await sendableGroups(store, request.grants);
  const change: SingleChange<OrganizationPerson> = {
    action: "provisionAccount",
    subject: { email, organizationId: organization.orgId },
    objection: null,
    read: () => readPerson(email, settlement),
    plan: (person) => planAccountOfOrganization(request, { ...person, organization, groupIds, invitations }),
    describe: ({ user, hasProduct, person, invitation }) => [
      ...(user === null
        ? []
        : [`account ${user.accountId}, status ${user.reportedStatus ?? user.status ?? "not told"}`]),
      ...(hasProduct ? ["has the product"] : []),
      ...(person === null ? [] : [`synchronised user, ${person.isActive ? "active" : "inactive"}`]),
      ...(invitation === null ? [] : [`invited with role ${invitation.role}`]),
    ],
  };
  const { outcome, fault, plan, changeId, before, after } = await settleSingle(change, settlement);
  const result = { outcome, fault, plan, changeId, carriedGroupIds: groupIds };
  const accountId = after?.user?.accountId ?? after?.person?.accountId ?? null;
  if (outcome === "FAILED" || after === null) return { ...result, accountId, invitation: null, grants: "never" };
  if (outcome === "PLANNED") {
    // Who has no account yet, and gets none by SCIM, is invited: what is to be granted then has to wait.
    const isInvitation = accountId === null && organization.scim === null;
    return { ...result, accountId, invitation: null, grants: isInvitation ? "later" : "planned" };
  }
  if (after.hasProduct && accountId !== null) {
    invitations.remove(email);
    if (before?.hasProduct !== true) rememberNewAccount(store, accountId);
    return { ...result, accountId, invitation: null, grants: "now" };
  }
  const status = outcome === "CREATED" ? "INVITED" : "PENDING";
  const invitation = { email, status, groupIds: after.invitation?.groupIds ?? groupIds } as const;
  return { ...result, accountId, invitation, grants: "later" };
}

async function readPerson(
  email: string,
  { store, organization, invitations }: OrganizationSettlement,
): Promise<OrganizationPerson> {
  const key = email.toLowerCase();
  store.of(accountIdsByEmail).drop(key);
  const [ids, person, resource] = await Promise.all([
    store.read(accountIdsByEmail, key),
    organization.scim?.byEmail(email) ?? null,
    organization.siteResource(),
  ]);
  const invitation = invitations.get(email);
  // The organization hides the addresses of accounts that it does not own; what an answer named is found all the same.
  const named = ids?.[0] ?? person?.accountId ?? invitation?.accountId ?? null;
  if (named !== null) forgetAccount(store, named);
  const user = named === null ? null : await store.read(organizationUser, named);
  return {
    user,
    isAmbiguous: (ids?.length ?? 0) > 1,
    hasProduct: user?.isMember === true && hasProduct(user, resource),
    person,
    invitation,
  };
}
