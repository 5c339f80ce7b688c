import type { Organization, ScimUser } from "../confluence/organizationPort.js";
import type { ChangeFault } from "../domain/ChangeFault.js";
import type { AccountId } from "../domain/ids.js";
import { organizationUser } from "../loaders/organizationUser.js";
import type { SiteStore } from "../loaders/SiteStore.js";
import type { AccountStatusAction, OrganizationAccount } from "./AccountStatusAction.js";
import type { AccountStatusResult } from "./AccountStatusResult.js";
import { forgetAccount } from "./forgetAccount.js";
import { forgetRemovedAccount } from "./forgetRemovedAccount.js";
import { planAccountStatus } from "./planAccountStatus.js";
import { readScimUser } from "./readScimUser.js";
import type { Plan } from "./reconcile/Plan.js";
import type { SingleChange } from "./reconcile/settleSingle.js";
import { type SingleSettlement, settleSingle } from "./reconcile/settleSingle.js";

interface StatusSettlement extends SingleSettlement {
  readonly store: SiteStore;
  readonly organization: Organization;
  /** The caller knows that it reaches every product. Without it only a dry run shows the plan. */
  readonly isAcknowledged: boolean;
}

/**
 * Suspends, restores or removes an account through its organization: of the accounts that the synchronised directory holds
 * by SCIM, of others by the admin API. It reaches every product of the organization.
 */
export async function settleAccountStatus(
  action: AccountStatusAction,
  accountId: AccountId,
  settlement: StatusSettlement,
): Promise<AccountStatusResult> {
  const { store, organization, isAcknowledged } = settlement;
  const change: SingleChange<OrganizationAccount> = {
    action,
    subject: { accountId, organizationId: organization.orgId },
    objection: isAcknowledged ? null : notAcknowledged,
    read: async () => {
      forgetAccount(store, accountId);
      const user = await store.read(organizationUser, accountId);
      return { user, person: await readScimUser(store, accountId, user?.email ?? null) };
    },
    plan: (state): Plan => planAccountStatus(action, { accountId, organization, ...state }),
    describe,
  };
  const { before, after, outcome, fault, plan, changeId } = await settleSingle(change, settlement);
  if (action === "removeAccount" && !settlement.isDryRun) forgetRemovedAccount(store, accountId);
  const resources = [before, after].flatMap((state) => state?.user?.resources.items ?? []);
  return { outcome, fault, plan, changeId, affectedResources: [...new Set(resources)].sort(), removal: null };
}

function describe({ user, person }: OrganizationAccount): string[] {
  if (user === null) return person === null ? [] : [`synchronised user, ${activity(person)}`];
  return [
    user.isMember ? `status ${user.reportedStatus ?? user.status ?? "not told"}` : "not a member",
    ...user.roles.items.map(({ name, resource }) => `role ${name}${resource === null ? "" : ` on ${resource}`}`),
    ...user.resources.items.map((resource) => `product ${resource}`),
    ...(person === null ? [] : [`synchronised user, ${activity(person)}`]),
  ];
}

function activity({ isActive }: ScimUser): string {
  return isActive ? "active" : "inactive";
}

const notAcknowledged: ChangeFault = {
  code: "ACKNOWLEDGEMENT_REQUIRED",
  field: ["acknowledgeOrganizationWide"],
  message:
    "This reaches every product of the organization, not this site alone: see affectedResources. Repeat it with acknowledgeOrganizationWide: true if that is meant.",
};
