import type { Organization, ScimUser } from "../confluence/organizationPort.js";
import type { ChangeFaultCode } from "../domain/ChangeFault.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import type { OrganizationUser } from "../domain/OrganizationUser.js";
import type { AccountRequest } from "./AccountRequest.js";
import type { Plan, Step } from "./reconcile/Plan.js";
import type { SentInvitation, SentInvitations } from "./SentInvitations.js";

/** What the organization knows of an e-mail address, freshly read. */
export interface OrganizationPerson {
  readonly user: OrganizationUser | null;
  /** Several accounts have the address. */
  readonly isAmbiguous: boolean;
  /** Whether the account may use this site; `null` where the organization does not say. */
  readonly hasProduct: boolean | null;
  /** What the synchronised directory holds under the address. */
  readonly person: ScimUser | null;
  /** What this process sent already. */
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
      invitations.add(email, { role, groupIds, accountId });
    },
  };
}

const restoreFirst =
  "Restore it with restoreAccount first, which reaches every product of the organization and must be acknowledged.";

function refused(code: ChangeFaultCode, message: string): Plan {
  return { kind: "refused", fault: { code, field: ["email"], message } };
}
