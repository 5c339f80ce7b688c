import type { Account } from "../../domain/Account.js";
import type { ChangeFaultCode } from "../../domain/Change.js";
import type { AccountId } from "../../domain/ids.js";
import type { SiteStore } from "../../loaders/engine/SiteStore.js";
import { refuseCallersAccount, refuseCallersAddress, refuseUnmandatedAccount } from "../guards/accountMandate.js";
import { reconcileStandalone, type StandaloneChange, type StandaloneOptions } from "../reconcile/TargetQueue.js";
import { type Plan, type Refusal, refuse } from "../reconcile/Task.js";
import type { AccountRequest, ProvisionedAccount } from "./AccountRequest.js";
import {
  type EmailOwners,
  ownerUntold,
  readEmailOwners,
  readSiteAccess,
  refuseAmbiguous,
  type SiteAccess,
} from "./emailOnSite.js";
import type { SentInvitations } from "./remembered.js";

interface InvitationOptions extends StandaloneOptions {
  readonly store: SiteStore;
  readonly invitations: SentInvitations;
}

/** What Confluence itself knows of an e-mail address, read just now. */
interface SitePerson extends EmailOwners {
  readonly access: SiteAccess;
  readonly isInvited: boolean;
}

/** Makes sure that a person has access to a site without an organization: invites by Confluence's own means. */
export async function provisionInvitedAccount(
  request: AccountRequest,
  options: InvitationOptions,
): Promise<ProvisionedAccount> {
  const { invitations } = options;
  const { email } = request;
  const change: StandaloneChange<SitePerson> = {
    action: "provisionAccount",
    subject: { email },
    objection: null,
    read: () => readPerson(email, options),
    plan: async (person) => {
      const plan = planOn(person, request, options);
      if (plan.kind !== "steps") return plan;
      return (await refuseTakingIn(onlyOwner(person)?.accountId ?? null, request, options)) ?? plan;
    },
    describe: (person) => [
      ...person.owners.map(({ accountId, status }) => `account ${accountId}, status ${status}`),
      ...(person.access === "has-access" ? ["has access to the site"] : []),
      ...(person.isInvited ? ["invited"] : []),
    ],
  };
  const { outcome, fault, plan, changeId, after } = await reconcileStandalone(change, options);
  const owner = after === null ? null : onlyOwner(after);
  const accountId = owner?.accountId ?? null;
  const decidedBy = accountId === null ? null : "EMAIL";
  const result = { outcome, fault, plan, changeId, carriedGroupIds: [], decidedBy } as const;
  if (outcome === "FAILED" || after === null) return { ...result, accountId, invitation: null, grants: "never" };
  if (outcome === "PLANNED") return { ...result, accountId, invitation: null, grants: "later" };
  if (after.access !== "has-access") {
    const status = outcome === "CREATED" ? "INVITED" : "PENDING";
    return { ...result, accountId, invitation: { email, status, groupIds: [] }, grants: "later" };
  }
  await invitations.remove(email);
  if (accountId !== null) return { ...result, accountId, invitation: null, grants: "now" };
  return { ...result, fault: ownerUntold(after), accountId, invitation: null, grants: "never" };
}

/** Why a caller may not have somebody taken in: because of whose account it is, or may be. Rejects with a `SiteError`. */
export async function refuseTakingIn(
  owner: AccountId | null,
  { email }: Pick<AccountRequest, "email">,
  { store, provenance: { mandate } }: Pick<InvitationOptions, "store" | "provenance">,
): Promise<Refusal | null> {
  if (owner === null) return refuseCallersAddress(store, mandate, { email, username: null });
  return (
    refuseCallersAccount(mandate, store.site.siteId, owner) ??
    (await refuseUnmandatedAccount(store, mandate, { accountId: owner, field: "email" }))
  );
}

function planOn(person: SitePerson, request: AccountRequest, { store, invitations }: InvitationOptions): Plan {
  const { email, productRole } = request;
  const { access, owners, isInvited } = person;
  if (access === "invalid") return refused("INVALID_INPUT", "Confluence does not take this for an address.");
  if (owners.length > 1) return refuseAmbiguous(owners.map(({ accountId }) => accountId));
  const owner = onlyOwner(person);
  if (owner !== null && owner.status !== "ACTIVE" && owner.status !== "UNKNOWN") {
    const message = `The account is ${owner.status}. Without an organization it cannot be restored from here: set ATLASSIAN_ORG_API_KEY, or restore it in the administration of the site.`;
    return refused("UNSUPPORTED", message);
  }
  if (productRole !== "atlassian/user") {
    const message = `Without the organization nothing tells which product roles an account has, and Confluence's own invitation gives atlassian/user only. For ${productRole} configure the organization: set ATLASSIAN_ORG_API_KEY.`;
    return refuse("UNSUPPORTED", ["productRole"], message);
  }
  if (access === "has-access" || isInvited) {
    return { kind: "noop", outcome: "ALREADY_EXISTS" };
  }
  if (access === null && owner !== null) {
    // An account can be left without access to the site, and then only an invitation gives it: neither is claimed.
    const message = `The account ${owner.accountId} has this address, and the site does not tell whether it has access (its call for that failed, or is switched off), so nothing was done. Repeat it later; or grant what is to be granted by the id of the account; or configure the organization: set ATLASSIAN_ORG_API_KEY.`;
    return refused("STATE_UNKNOWN", message);
  }
  if (access === null) {
    const reason = person.gap?.reason ?? "The directory lists everyone that search, groups and grants name, not all.";
    const message = `The site has the call switched off that tells whether an address has access, so it is not known whether the person has an account. ${reason}`;
    return refused("STATE_UNKNOWN", message);
  }
  return {
    kind: "steps",
    outcome: "CREATED",
    steps: [
      {
        text: `invite ${email} to the site`,
        isDeferred: true,
        lostMessage:
          "Whether the invitation went out is not known: its answer was lost, or was a failure that may have come after it was carried out, and the person has no access yet. Repeat the call in a minute: who has access by then is not invited again; at worst a second e-mail goes out.",
        run: async () => {
          await store.site.writer.inviteByEmail([email]);
          await invitations.add(email, { role: productRole, groupIds: [], accountId: null });
        },
      },
    ],
  };
}

async function readPerson(email: string, { store, invitations }: InvitationOptions): Promise<SitePerson> {
  const access = await readSiteAccess(store, email);
  const isInvited = (await invitations.get(email)) !== null;
  if (access === "invalid") return { owners: [], gap: null, access, isInvited };
  return { ...(await readEmailOwners(store, email, access === "has-access")), access, isInvited };
}

function onlyOwner({ owners }: EmailOwners): Account | null {
  const [owner, ...others] = owners;
  return others.length === 0 ? (owner ?? null) : null;
}

function refused(code: ChangeFaultCode, message: string): Plan {
  return refuse(code, ["email"], message);
}
