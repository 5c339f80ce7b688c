import type { Organization, ScimUser } from "../../confluence/organizationPort.js";
import type { ChangeFaultCode } from "../../domain/Change.js";
import { errorFromGap } from "../../domain/Complete.js";
import type { AccountId } from "../../domain/ids.js";
import type { OrganizationUser } from "../../domain/Organization.js";
import { outcomeOf } from "../../domain/SiteError.js";
import { account } from "../../loaders/accounts.js";
import { onlyOne } from "../../loaders/engine/LoaderDeclaration.js";
import type { SiteStore } from "../../loaders/engine/SiteStore.js";
import { directoryPeople, organizationUser } from "../../loaders/organization.js";
import { refuseCallersAccount, refuseUnmandatedAccount } from "../guards/accountMandate.js";
import { refuseLosingAccount } from "../guards/lostAccount.js";
import { type OwnAccount, refuseOwnAccount } from "../guards/ownAccess.js";
import { reaching, reachOfOrganizationAccount } from "../guards/reach.js";
import { reconcileStandalone, type StandaloneChange, type StandaloneOptions } from "../reconcile/TargetQueue.js";
import type { Plan, Step } from "../reconcile/Task.js";
import { readHeldByAccount } from "../undo/readHeld.js";
import type { AccountStatusAction, AccountStatusResult, OrganizationAccount } from "./AccountRequest.js";

interface StatusOptions extends StandaloneOptions {
  readonly store: SiteStore;
  readonly organization: Organization;
  readonly own: OwnAccount;
}

/**
 * Suspends, restores or removes an account through its organization: of the accounts that the synchronised directory holds
 * by SCIM, of others by the admin API. It reaches every product of the organization.
 */
export async function changeOrganizationStatus(
  action: AccountStatusAction,
  accountId: AccountId,
  options: StatusOptions,
): Promise<AccountStatusResult> {
  const { store, organization } = options;
  const change: StandaloneChange<OrganizationAccount> = {
    action,
    subject: { accountId, organizationId: organization.orgId },
    objection: null,
    read: async () => {
      store.of(account).drop(accountId);
      const user = await store.readAnew(organizationUser, accountId);
      const person = await readScimUser(store, accountId, user?.email ?? null);
      const isMissed = action === "restoreAccount" && person === null && isDeactivated(user);
      const known = isMissed ? await store.read(account, accountId) : null;
      return { user, person, displayName: known?.displayName ?? null };
    },
    plan: async (state): Promise<Plan> => {
      const plan = planAccountStatus(action, { accountId, organization, ...state });
      if (plan.kind !== "steps") return plan;
      const { mandate } = options.provenance;
      const isRestored = action === "restoreAccount";
      const refusal =
        (isRestored ? refuseCallersAccount(mandate, store.site.siteId, accountId) : null) ??
        (await refuseUnmandatedAccount(store, mandate, { accountId })) ??
        (isRestored ? null : refuseOwnAccount(await options.own.is(accountId))) ??
        (isRestored ? null : await refuseLosingAccount(store, accountId, options.provenance));
      return refusal ?? reaching(plan, reachOfOrganizationAccount, options.provenance.acknowledged);
    },
    takesAdministration: (state) =>
      action !== "restoreAccount" && planAccountStatus(action, { accountId, organization, ...state }).kind === "steps",
    describe,
    undoFacts: async (state) => (action === "removeAccount" ? factsOfRemoval(store, accountId, state) : null),
  };
  const { before, after, ...result } = await reconcileStandalone(change, options);
  // Others may have done it before: what is remembered of the account is no newer for that.
  if (!options.isDryRun && result.outcome !== "FAILED") {
    const kind = action === "removeAccount" ? "accountRemoved" : "accountStatusChanged";
    store.changed({ kind, accountId, username: null, email: null });
  }
  const resources = [before, after].flatMap((state) => state?.user?.resources.items ?? []);
  return { ...result, affectedResources: [...new Set(resources)].sort(), removal: null };
}

/** What whoever is brought back is to be given again. The address and the name are what the directory makes a user of. */
async function factsOfRemoval(
  store: SiteStore,
  accountId: AccountId,
  { user, person }: OrganizationAccount,
): Promise<Readonly<Record<string, unknown>>> {
  const email = person === null ? null : (person.email ?? user?.email ?? null);
  const known = email === null ? null : await outcomeOf(store.read(account, accountId));
  const displayName = known instanceof Error ? null : (known?.displayName ?? null);
  return { email, displayName, ...(await readHeldByAccount(store, accountId)) };
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

interface StatusState extends OrganizationAccount {
  readonly accountId: AccountId;
  readonly organization: Organization;
}

/** Plans a suspension, its end, or a removal on what was read. */
function planAccountStatus(action: AccountStatusAction, state: StatusState): Plan {
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
  if (!user?.isMember) {
    const isInactive = person !== null && !person.isActive;
    return isInactive ? { kind: "noop", outcome: "ALREADY_EXISTS" } : notInOrganization(accountId);
  }
  if (user.status !== null && user.status !== "ACTIVE" && user.status !== "UNKNOWN")
    return { kind: "noop", outcome: "ALREADY_EXISTS" };
  const suspend: Step = { text: `suspend account ${accountId}`, run: () => organization.writer.suspend(accountId) };
  // Who is inactive in the directory and active in the organization can use every product still.
  if (person === null || !person.isActive) return { kind: "steps", steps: [suspend], outcome: "REPLACED" };
  return {
    kind: "steps",
    steps: [setActive(state, person.scimId, false)],
    cascades: [`where the organization goes on having it active: ${suspend.text}`],
    outcome: "REPLACED",
  };
}

/** A suspension may lie on top of a deactivation: both end. */
function planRestoration(state: StatusState): Plan {
  const { user, person, organization, accountId } = state;
  const isInactive = person !== null && !person.isActive;
  if (user === null ? person === null : !user.isMember) return notInOrganization(accountId);
  if (mayRecreate(state)) return { kind: "steps", steps: [recreate(state)], outcome: "REPLACED" };
  const suspension =
    user?.status === "SUSPENDED"
      ? [{ text: `restore account ${accountId}`, run: () => organization.writer.restore(accountId) }]
      : [];
  const [step, ...others] = [...(isInactive ? [setActive(state, person.scimId, true)] : []), ...suspension];
  if (step !== undefined) return { kind: "steps", steps: [step, ...others], outcome: "REPLACED" };
  if (user === null || user.status === "ACTIVE" || user.status === null)
    return { kind: "noop", outcome: "ALREADY_EXISTS" };
  return refused(
    "UNSUPPORTED",
    `The account is ${user.reportedStatus ?? user.status}, which the organization's API cannot undo: only suspended accounts can be restored. Reactivate it where it is managed.`,
  );
}

function planRemoval(state: StatusState): Plan {
  const { user, person, organization, accountId } = state;
  const steps: Step[] = [
    // Some directories go on showing whom they removed, as inactive: who is that already is done with there.
    ...(person === null || !person.isActive
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
  if (first === undefined) return { kind: "noop", outcome: "NOT_PRESENT" };
  return { kind: "steps", steps: [first, ...rest], outcome: "REMOVED" };
}

/** Whether `restoreAccount` can bring an account back that cannot be used. */
export function canRestore(state: Pick<StatusState, "user" | "person" | "organization">): boolean {
  const { user, person } = state;
  if (user?.status === "CLOSED") return false;
  return user?.status === "SUSPENDED" || (person !== null && !person.isActive) || mayRecreate(state);
}

/**
 * Whom the directory deactivated and shows no more comes back when the same user is created there again. Not who is not
 * managed: the directory never had them.
 */
function mayRecreate({ user, person, organization }: Pick<StatusState, "user" | "person" | "organization">): boolean {
  if (organization.scim === null || person !== null || user === null) return false;
  return isDeactivated(user) && user.email !== null && user.isManaged !== false;
}

function isDeactivated(user: OrganizationUser | null): boolean {
  return user?.isMember === true && (user.status === "DEACTIVATED" || user.status === "INACTIVE");
}

function recreate({ organization, user, displayName, accountId }: StatusState): Step {
  return {
    text: `create account ${accountId} in the synchronised directory again, which brings it back`,
    run: async () => {
      const email = user?.email ?? null;
      if (email === null) throw new Error("A user is created under an address that was read.");
      await organization.scim?.create({ email, givenName: null, familyName: null, displayName });
    },
  };
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

/**
 * The synchronised directory's user of an account, read fresh; `null` when it holds none. SCIM cannot be searched by account
 * id: the address is tried first, and where that is not the user's name the list of all people says which one it is.
 */
async function readScimUser(store: SiteStore, accountId: AccountId, email: string | null): Promise<ScimUser | null> {
  const scim = store.site.organization?.scim;
  if (!scim) return null;
  const byName = email === null ? null : await scim.byUserName(email);
  if (byName?.accountId === accountId) return byName;
  // What is remembered of them decides no write.
  const people = await store.readAnew(directoryPeople, onlyOne);
  const scimId = people?.items.find((person) => person.accountId === accountId)?.scimId;
  if (scimId) return scim.byId(scimId);
  const [gap] = people?.gaps ?? [];
  if (gap === undefined) return null;
  throw errorFromGap(gap);
}
