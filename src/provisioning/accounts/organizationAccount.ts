import type { Organization } from "../../confluence/organizationPort.js";
import type { ChangeFaultCode } from "../../domain/Change.js";
import type { AccountId, GroupId } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import type { SiteStore } from "../../loaders/engine/SiteStore.js";
import { refuseUnmandatedRole } from "../guards/accountMandate.js";
import { reaching, reachOfProductRole } from "../guards/reach.js";
import { reconcileStandalone, type StandaloneChange, type StandaloneOptions } from "../reconcile/TargetQueue.js";
import { type Plan, refuse, type Step } from "../reconcile/Task.js";
import { FreshFacts } from "../targets/FreshFacts.js";
import type { AccountRequest, ProvisionedAccount } from "./AccountRequest.js";
import { groupsForInvitation } from "./accountGrants.js";
import { ownerUntold, refuseAmbiguous } from "./emailOnSite.js";
import { refuseTakingIn } from "./invitedAccount.js";
import { type OrganizationPerson, readOrganizationPerson } from "./organizationPerson.js";
import { canRestore } from "./organizationStatus.js";
import type { SentInvitations } from "./remembered.js";

interface OrganizationOptions extends StandaloneOptions {
  readonly store: SiteStore;
  readonly organization: Organization;
  readonly invitations: SentInvitations;
}

/**
 * Makes sure that a person has an account with access to the site, through the organization: created by SCIM where a
 * synchronised directory is configured, else invited. Who is there already gets the product role where it is missing.
 */
export async function provisionOrganizationAccount(
  request: AccountRequest,
  options: OrganizationOptions,
): Promise<ProvisionedAccount> {
  const { store, organization, invitations } = options;
  const { email } = request;
  const facts = new FreshFacts(store);
  const refusedDomain: RefusedDomain = { isRefused: false };
  const change: StandaloneChange<InvitablePerson> = {
    action: "provisionAccount",
    subject: { email, organizationId: organization.orgId },
    objection: null,
    read: async () => {
      const person = await readOrganizationPerson(request, options);
      // Who is in the organization is not invited.
      const groupIds = person.user?.isMember ? [] : await groupsForInvitation(facts, request.grants);
      return { ...person, groupIds };
    },
    plan: async (person) => {
      const plan = planAccountOfOrganization(request, { ...person, organization, invitations, refusedDomain });
      if (plan.kind !== "steps") return plan;
      const { mandate, acknowledged } = options.provenance;
      const { siteId } = store.site;
      const reach = reachOfProductRole(request.productRole);
      const owner = person.user?.accountId ?? person.person?.accountId ?? null;
      const refusal =
        refuseUnmandatedRole(mandate, siteId, reach.reach.length === 0) ??
        (await refuseTakingIn(owner, request, options));
      return refusal ?? reaching(plan, reach, acknowledged);
    },
    describe: ({ user, hasProduct, person, invitation }) => [
      ...(user === null
        ? []
        : [`account ${user.accountId}, status ${user.reportedStatus ?? user.status ?? "not told"}`]),
      ...(hasProduct ? ["has the product"] : []),
      ...(user?.roles.items ?? []).map(
        ({ name, resource }) => `role ${name}${resource === null ? "" : ` on ${resource}`}`,
      ),
      ...(person === null ? [] : [`synchronised user, ${person.isActive ? "active" : "inactive"}`]),
      ...(invitation === null ? [] : [`invited with role ${invitation.role}`]),
    ],
  };
  const { outcome, fault, plan, changeId, reach = [], before, after } = await reconcileStandalone(change, options);
  const isAmbiguous = after !== null && after.candidates.length > 1;
  const accountId = isAmbiguous ? null : (after?.user?.accountId ?? after?.person?.accountId ?? null);
  const decidedBy = accountId === null ? null : (after?.decidedBy ?? null);
  const result = {
    outcome,
    fault,
    plan,
    changeId,
    reach,
    accountId,
    decidedBy,
    carriedGroupIds: after?.groupIds ?? [],
    invitation: null,
  };
  if (outcome === "FAILED" || after === null) return { ...result, grants: "never" };
  if (after.siteAccess === "has-access" && accountId === null) {
    return { ...result, fault: ownerUntold(after), grants: "never" };
  }
  if (outcome === "PLANNED") {
    // Who has no account yet, and gets none by SCIM, is invited: what is to be granted then has to wait.
    const isInvitation = accountId === null && !mayCreate(after, organization);
    return { ...result, grants: isInvitation ? "later" : "planned" };
  }
  if (after.hasProduct && accountId !== null) {
    await invitations.remove(email);
    // Whose account it is that came is known only now.
    if (before?.hasProduct !== true) store.changed({ kind: "accountCreated", accountId, username: null, email });
    return { ...result, grants: "now" };
  }
  const status = outcome === "CREATED" ? "INVITED" : "PENDING";
  const invitation = { email, status, groupIds: after.invitation?.groupIds ?? after.groupIds } as const;
  return { ...result, invitation, grants: "later" };
}

/** What the directory said of the domain when it was asked to create somebody. */
interface RefusedDomain {
  isRefused: boolean;
}

interface InvitablePerson extends OrganizationPerson {
  /** The groups asked for that an invitation can carry; none for somebody who is not to be invited. */
  readonly groupIds: readonly GroupId[];
}

interface PlanningState extends InvitablePerson {
  readonly organization: Organization;
  readonly invitations: SentInvitations;
  readonly refusedDomain: RefusedDomain;
}

/** Plans how a person gets an account with access to the site; whoever is suspended is not restored by the way. */
function planAccountOfOrganization(request: AccountRequest, state: PlanningState): Plan {
  const { user, person, organization, hasProduct, candidates, siteAccess } = state;
  if (candidates.length > 1) return refuseAmbiguous(candidates);
  if (siteAccess === "invalid") return refused("INVALID_INPUT", "Confluence does not take this for an address.");
  if (user?.isMember) {
    const isInactive = person !== null && !person.isActive;
    if (isInactive || (user.status !== null && user.status !== "ACTIVE")) {
      const reported = isInactive ? "deactivated" : (user.reportedStatus ?? user.status);
      return canRestore(state)
        ? refused("ACKNOWLEDGEMENT_REQUIRED", `The account is ${reported}. ${restoreFirst}`)
        : refused("UNSUPPORTED", `The account is ${reported}. ${restoreElsewhere}`);
    }
    if (hasProduct === null) {
      return refused(
        "STATE_UNKNOWN",
        "The organization does not tell which products the account may use. Repeat it later.",
      );
    }
    return hasProduct ? planRole(request, state, user.accountId) : given(request, state, user.accountId);
  }
  // Who left the organization and is inactive in the directory was removed, and is taken in again.
  if (person !== null && !person.isActive) {
    const reactivate: Step = {
      text: `reactivate ${request.email} in the synchronised directory`,
      run: async () => organization.scim?.setActive(person.scimId, true),
    };
    return { kind: "steps", steps: [reactivate, assignRole(request, state, person.accountId)], outcome: "CREATED" };
  }
  if (siteAccess === "has-access") return planUntold(request);
  if (isCovered(request, state)) return { kind: "noop", outcome: "ALREADY_EXISTS" };
  if (person === null && mayCreate(state, organization)) return creation(request, state);
  if (person !== null && user === null) {
    if (person.accountId !== null) return given(request, state, person.accountId);
    const message =
      "The synchronised directory has the person, but Atlassian no account yet. Repeat the call in a while.";
    return refused("ACCOUNT_PENDING", message);
  }
  return { kind: "steps", steps: [invite(request, state)], outcome: "CREATED" };
}

/** For somebody who may use the site already: whether the role is the one that was asked for. */
function planRole(request: AccountRequest, state: PlanningState, accountId: AccountId): Plan {
  if (state.holdsRole === true) return { kind: "noop", outcome: "ALREADY_EXISTS" };
  if (state.holdsRole === false) return given(request, state, accountId);
  const message = `The account may use the site, but the organization does not tell all of its roles, so it is not known whether it has ${request.productRole}. Give the role at admin.atlassian.com, or repeat it later.`;
  return refuse("STATE_UNKNOWN", ["productRole"], message);
}

/** The address has access, whoever it is of: nothing is sent, and other roles than everybody's cannot be looked at. */
function planUntold({ productRole }: AccountRequest): Plan {
  if (productRole === "atlassian/user") return { kind: "noop", outcome: "ALREADY_EXISTS" };
  const message = `The person has access to the site, but which account is theirs cannot be told, so it is not known whether it has ${productRole}.`;
  return refuse("STATE_UNKNOWN", ["productRole"], message);
}

function isCovered({ productRole }: AccountRequest, { invitation, groupIds }: PlanningState): boolean {
  return invitation?.role === productRole && groupIds.every((groupId) => invitation.groupIds.includes(groupId));
}

/** Whether the directory is asked to create somebody: a name that is taken there is somebody else's. */
function mayCreate({ isNameTaken }: Pick<OrganizationPerson, "isNameTaken">, { scim }: Organization): boolean {
  return scim !== null && !isNameTaken;
}

/** The directory refuses domains that are not verified for it, and nothing tells which those are: then an invitation goes out. */
function creation(request: AccountRequest, state: PlanningState): Plan {
  const { email, givenName, familyName, displayName } = request;
  const { organization, refusedDomain } = state;
  const invitation = invite(request, state);
  if (refusedDomain.isRefused) return { kind: "steps", steps: [invitation], outcome: "CREATED" };
  const create: Step = {
    text: `create ${email} in the synchronised directory`,
    run: async () => {
      try {
        await organization.scim?.create({ email, givenName, familyName, displayName });
      } catch (error) {
        if (error instanceof SiteError && isDomainRefused(error)) refusedDomain.isRefused = true;
        throw error;
      }
    },
  };
  return {
    kind: "steps",
    steps: [create, assignRole(request, state, null)],
    cascades: [`where the directory refuses the domain of the address instead: ${invitation.text}`],
    outcome: "CREATED",
  };
}

/** No code says so, only words. */
function isDomainRefused(error: SiteError): boolean {
  const isRejected = error.kind === "RequestRejected" || error.kind === "AccessRefused";
  return isRejected && /\bdomains?\b|\bverified\b/i.test(error.message);
}

function given(request: AccountRequest, state: PlanningState, accountId: AccountId): Plan {
  return { kind: "steps", steps: [assignRole(request, state, accountId)], outcome: "CREATED" };
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
    isDeferred: true,
    lostMessage:
      "Whether the invitation went out is not known: its answer was lost, or was a failure that may have come after it was carried out, and no upstream tells which invitations are open. Ask the person whether it came, or repeat the call: at worst a second e-mail goes out.",
    run: async () => {
      const invitation = { email, role, groupIds, sendsNotification, notificationText };
      const accountId = await organization.writer.invite(invitation);
      await invitations.add(email, { role, groupIds, accountId });
    },
  };
}

const restoreFirst =
  "Restore it with restoreAccount first, which reaches every product of the organization and must be acknowledged.";

const restoreElsewhere =
  "The organization's API cannot undo that: reactivate it where it is managed, and repeat the call then.";

function refused(code: ChangeFaultCode, message: string): Plan {
  return refuse(code, ["email"], message);
}
