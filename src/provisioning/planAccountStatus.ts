import type { Organization } from "../confluence/organizationPort.js";
import type { ChangeFaultCode } from "../domain/ChangeFault.js";
import type { AccountId } from "../domain/ids.js";
import type { AccountStatusAction, OrganizationAccount } from "./AccountStatusAction.js";
import type { Plan, Step } from "./reconcile/Plan.js";

interface StatusState extends OrganizationAccount {
  readonly accountId: AccountId;
  readonly organization: Organization;
}

/** Plans a suspension, its end, or a removal on what was read. */
export function planAccountStatus(action: AccountStatusAction, state: StatusState): Plan {
  switch (action) {
    case "suspendAccount":
      return planSuspension(state);
    case "restoreAccount":
      return planRestoration(state);
    case "removeAccount":
      return planRemoval(state);
  }
}

function planSuspension(state: StatusState): Plan {
  const { user, person, organization, accountId } = state;
  if (person !== null && !person.isActive) return { kind: "settled", outcome: "ALREADY_EXISTS" };
  if (!user?.isMember) return notInOrganization(accountId);
  if (user.status !== null && user.status !== "ACTIVE") return { kind: "settled", outcome: "ALREADY_EXISTS" };
  const step =
    person === null
      ? { text: `suspend account ${accountId}`, run: () => organization.writer.suspend(accountId) }
      : setActive(state, person.scimId, false);
  return { kind: "steps", steps: [step], outcome: "REPLACED" };
}

/** A suspension may lie on top of a deactivation: both end. */
function planRestoration(state: StatusState): Plan {
  const { user, person, organization, accountId } = state;
  const isInactive = person !== null && !person.isActive;
  if (!isInactive && !user?.isMember) return notInOrganization(accountId);
  const suspension =
    user?.status === "SUSPENDED"
      ? [{ text: `restore account ${accountId}`, run: () => organization.writer.restore(accountId) }]
      : [];
  const [step, ...others] = [...(isInactive ? [setActive(state, person.scimId, true)] : []), ...suspension];
  if (step !== undefined) return { kind: "steps", steps: [step, ...others], outcome: "REPLACED" };
  if (user?.status === "ACTIVE" || user?.status === null) return { kind: "settled", outcome: "ALREADY_EXISTS" };
  return refused(
    "UNSUPPORTED",
    `The account is ${user?.reportedStatus ?? user?.status}, which the organization's API cannot undo: only suspended accounts can be restored. Reactivate it where it is managed.`,
  );
}

function planRemoval(state: StatusState): Plan {
  const { user, person, organization, accountId } = state;
  const steps: Step[] = [
    ...(person === null
      ? []
      : [
          {
            text: `remove account ${accountId} from the synchronised directory`,
            run: async () => organization.scim?.remove(person.scimId),
          },
        ]),
    ...(user?.isMember
      ? [
          {
            text: `remove account ${accountId} from the organization`,
            run: () => organization.writer.remove(accountId),
          },
        ]
      : []),
  ];
  const [first, ...rest] = steps;
  if (first === undefined) return { kind: "settled", outcome: "NOT_PRESENT" };
  return { kind: "steps", steps: [first, ...rest], outcome: "REMOVED" };
}

function setActive({ organization, accountId }: StatusState, scimId: string, isActive: boolean): Step {
  return {
    text: `${isActive ? "reactivate" : "deactivate"} account ${accountId} in the synchronised directory`,
    run: async () => organization.scim?.setActive(scimId, isActive),
  };
}

function notInOrganization(accountId: AccountId): Plan {
  return refused(
    "ACCOUNT_NOT_FOUND",
    `The organization has no account ${accountId} (any more): nothing of it can be suspended or restored. provisionAccount takes it in.`,
  );
}

function refused(code: ChangeFaultCode, message: string): Plan {
  return { kind: "refused", fault: { code, field: ["account"], message } };
}
