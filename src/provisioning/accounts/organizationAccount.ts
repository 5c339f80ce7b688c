import { hasProduct } from "../../confluence/mergeOrganizationUser.js";
import type { Organization, ScimUser } from "../../confluence/organizationPort.js";
import type { ChangeFaultCode } from "../../domain/ChangeFault.js";
import type { AccountId, GroupId } from "../../domain/ids.js";
import type { OrganizationUser } from "../../domain/OrganizationUser.js";
import { account } from "../../loaders/account.js";
import { accountIdsByEmail } from "../../loaders/accountIdsByEmail.js";
import { organizationUser } from "../../loaders/organizationUser.js";
import type { SiteStore } from "../../loaders/SiteStore.js";
import type { Plan, Step } from "../reconcile/Plan.js";
import { type SingleChange, type SingleSettlement, settleSingle } from "../reconcile/settleSingle.js";
import type { SentInvitation, SentInvitations } from "../SentInvitations.js";
import type { AccountRequest, AccountStanding } from "./AccountRequest.js";
import { sendableGroups } from "./accountGrants.js";

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
    await invitations.remove(email);
    // Whose account it is that came is known only now.
    if (before?.hasProduct !== true) store.changed({ kind: "accountCreated", accountId, username: null, email });
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
  const invitation = await invitations.get(email);
  // The organization hides the addresses of accounts that it does not own; what an answer named is found all the same.
  const named = ids?.[0] ?? person?.accountId ?? invitation?.accountId ?? null;
  if (named !== null) store.of(account).drop(named);
  const user = named === null ? null : await store.readAnew(organizationUser, named);
  return {
    user,
    isAmbiguous: (ids?.length ?? 0) > 1,
    hasProduct: user?.isMember === true && hasProduct(user, resource),
    person,
    invitation,
  };
}

/** What the organization knows of an e-mail address, freshly read. */
export interface OrganizationPerson {
  readonly user: OrganizationUser | null;
  /** Several accounts have the address. */
  readonly isAmbiguous: boolean;
  /** Whether the account may use this site; `null` where the organization does not say. */
  readonly hasProduct: boolean | null;
  /** What the synchronised directory holds under the address. */
  readonly person: ScimUser | null;
  /** What was sent already. */
  readonly invitation: SentInvitation | null;
}

interface PlanningState extends OrganizationPerson {
  readonly organization: Organization;
  /** The groups asked for that an invitation can carry. */
  readonly groupIds: readonly GroupId[];
  readonly invitations: SentInvitations;
}

/** Plans how a person gets an account with access to the site; whoever is suspended is not restored by the way. */
export function planAccountOfOrganization(request: AccountRequest, state: PlanningState): Plan {
  const { user, person, organization, hasProduct, invitation, groupIds } = state;
  if (state.isAmbiguous) return refused("STATE_UNKNOWN", "Several accounts of the organization have this address.");
  if (person !== null && !person.isActive) {
    return refused("ACKNOWLEDGEMENT_REQUIRED", `The account is deactivated. ${restoreFirst}`);
  }
  if (user?.isMember) {
    if (user.status !== null && user.status !== "ACTIVE") {
      return refused(
        "ACKNOWLEDGEMENT_REQUIRED",
        `The account is ${user.reportedStatus ?? user.status}. ${restoreFirst}`,
      );
    }
    if (hasProduct === null) {
      return refused(
        "STATE_UNKNOWN",
        "The organization does not tell which products the account may use. Repeat it later.",
      );
    }
    if (hasProduct) return { kind: "settled", outcome: "ALREADY_EXISTS" };
    return { kind: "steps", steps: [assignRole(request, state, user.accountId)], outcome: "CREATED" };
  }
  const isCovered =
    invitation?.role === request.productRole && groupIds.every((groupId) => invitation.groupIds.includes(groupId));
  if (isCovered) return { kind: "settled", outcome: "ALREADY_EXISTS" };
  if (organization.scim !== null && person === null) {
    const { email, givenName, familyName, displayName } = request;
    const create: Step = {
      text: `create ${email} in the synchronised directory`,
      run: async () => organization.scim?.create({ email, givenName, familyName, displayName }),
    };
    return { kind: "steps", steps: [create, assignRole(request, state, null)], outcome: "CREATED" };
  }
  if (person !== null && user === null) {
    if (person.accountId !== null) {
      return { kind: "steps", steps: [assignRole(request, state, person.accountId)], outcome: "CREATED" };
    }
    const message =
      "The synchronised directory has the person, but Atlassian no account yet. Repeat the call in a while.";
    return refused("ACCOUNT_PENDING", message);
  }
  return { kind: "steps", steps: [invite(request, state)], outcome: "CREATED" };
}

/** `accountId` is `null` while the account is still to be made; the step is planned anew when it is. */
function assignRole(request: AccountRequest, { organization }: PlanningState, accountId: AccountId | null): Step {
  return {
    text: `give ${request.email} the role ${request.productRole} on the site`,
    run: async () => {
      if (accountId === null) throw new Error("A role is given to an account that was read.");
      await organization.writer.assignRole(accountId, request.productRole);
    },
  };
}

function invite(request: AccountRequest, { organization, groupIds, invitations }: PlanningState): Step {
  const { email, productRole: role, sendsNotification, notificationText } = request;
  const groups = groupIds.length === 0 ? "" : ` and the groups ${groupIds.join(", ")}`;
  return {
    text: `invite ${email} with the role ${role}${groups}`,
    lostMessage:
      "The answer to the invitation was lost, and no upstream tells which invitations are open: it may have been sent. It is safe to repeat; at worst a second e-mail goes out.",
    run: async () => {
      const invitation = { email, role, groupIds, sendsNotification, notificationText };
      const accountId = await organization.writer.invite(invitation);
      await invitations.add(email, { role, groupIds, accountId });
    },
  };
}

const restoreFirst =
  "Restore it with restoreAccount first, which reaches every product of the organization and must be acknowledged.";

function refused(code: ChangeFaultCode, message: string): Plan {
  return { kind: "refused", fault: { code, field: ["email"], message } };
}
