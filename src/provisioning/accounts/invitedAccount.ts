import type { Account } from "../../domain/Account.js";
import type { ChangeFaultCode } from "../../domain/ChangeFault.js";
import type { Gap } from "../../domain/Gap.js";
import { SiteError } from "../../domain/SiteError.js";
import { account } from "../../loaders/account.js";
import { accountList } from "../../loaders/accountList.js";
import { onlyOne } from "../../loaders/onlyOne.js";
import { SiteLoaders } from "../../loaders/SiteLoaders.js";
import type { SiteStore } from "../../loaders/SiteStore.js";
import { readAccountsOfEmail } from "../../readings/readAccountsOfPerson.js";
import type { Plan } from "../reconcile/Plan.js";
import { type SingleChange, type SingleSettlement, settleSingle } from "../reconcile/settleSingle.js";
import type { SentInvitations } from "../SentInvitations.js";
import type { AccountRequest, AccountStanding } from "./AccountRequest.js";

interface SiteSettlement extends SingleSettlement {
  readonly store: SiteStore;
  readonly invitations: SentInvitations;
}

/** What Confluence itself knows of an e-mail address. */
interface SitePerson {
  /** In the directory, under this address. */
  readonly account: Account | null;
  /** Why an account may have the address although none was found. */
  readonly gap: Gap | null;
  /** What the site says of the address; `null` where it has this call switched off. */
  readonly access: "has-access" | "no-access" | "invalid" | null;
  readonly isInvited: boolean;
}

/** Makes sure that a person has access to a site without an organization: invites by Confluence's own means. */
export async function settleAccountOfSite(
  request: AccountRequest,
  settlement: SiteSettlement,
): Promise<AccountStanding> {
  const { invitations } = settlement;
  const { email } = request;
  const change: SingleChange<SitePerson> = {
    action: "provisionAccount",
    subject: { email },
    objection: null,
    read: () => readPerson(email, settlement),
    plan: (person) => planOn(person, request, settlement),
    describe: (person) => [
      ...(person.account === null ? [] : [`account ${person.account.accountId}, status ${person.account.status}`]),
      ...(person.access === "has-access" ? ["has access to the site"] : []),
      ...(person.isInvited ? ["invited"] : []),
    ],
  };
  const { outcome, fault, plan, changeId, after } = await settleSingle(change, settlement);
  const result = { outcome, fault, plan, changeId, carriedGroupIds: [] };
  const accountId = after?.account?.accountId ?? null;
  if (outcome === "FAILED" || after === null) return { ...result, accountId, invitation: null, grants: "never" };
  if (outcome === "PLANNED") return { ...result, accountId, invitation: null, grants: "later" };
  const hasAccess = after.access === null ? accountId !== null : after.access === "has-access";
  if (!hasAccess) {
    const status = outcome === "CREATED" ? "INVITED" : "PENDING";
    return { ...result, accountId, invitation: { email, status, groupIds: [] }, grants: "later" };
  }
  await invitations.remove(email);
  if (accountId !== null) return { ...result, accountId, invitation: null, grants: "now" };
  const message = `The person has access to the site, but which account is theirs cannot be told, so nothing was granted to it. ${after.gap?.reason ?? "Search lags behind for a few seconds: repeat the call in a while."}`;
  return {
    ...result,
    fault: { code: "STATE_UNKNOWN", field: ["email"], message },
    accountId,
    invitation: null,
    grants: "never",
  };
}

function planOn(person: SitePerson, request: AccountRequest, { store, invitations }: SiteSettlement): Plan {
  const { email, productRole } = request;
  if (person.access === "invalid") return refused("INVALID_INPUT", "Confluence does not take this for an address.");
  const status = person.account?.status;
  if (status !== undefined && status !== "ACTIVE" && status !== "UNKNOWN") {
    const message = `The account is ${status}. Without an organization it cannot be restored from here: set ATLASSIAN_ORG_API_KEY, or restore it in the administration of the site.`;
    return refused("UNSUPPORTED", message);
  }
  if (person.access === "has-access" || (person.access === null && person.account !== null)) {
    return { kind: "settled", outcome: "ALREADY_EXISTS" };
  }
  if (person.isInvited) return { kind: "settled", outcome: "ALREADY_EXISTS" };
  if (person.access === null) {
    const reason = person.gap?.reason ?? "The directory lists everyone that search, groups and grants name, not all.";
    const message = `The site has the call switched off that tells whether an address has access, so it is not known whether the person has an account. ${reason}`;
    return refused("STATE_UNKNOWN", message);
  }
  if (productRole !== "atlassian/user") {
    const message = `Confluence's own invitation gives atlassian/user only. For ${productRole} configure the organization: set ATLASSIAN_ORG_API_KEY.`;
    return { kind: "refused", fault: { code: "UNSUPPORTED", field: ["productRole"], message } };
  }
  return {
    kind: "steps",
    outcome: "CREATED",
    steps: [
      {
        text: `invite ${email} to the site`,
        lostMessage:
          "The answer to the invitation was lost, and the person has no access yet: it may have been sent. It is safe to repeat; Confluence passes over people who have access.",
        run: async () => {
          await store.site.writer.inviteByEmail([email]);
          await invitations.add(email, { role: productRole, groupIds: [], accountId: null });
        },
      },
    ],
  };
}

async function readPerson(email: string, { store, invitations }: SiteSettlement): Promise<SitePerson> {
  const access = await readAccess(email, store);
  const isInvited = (await invitations.get(email)) !== null;
  if (access === "invalid") return { account: null, gap: null, access, isInvited };
  let found = await findAccount(email, store);
  if (found.account === null && access === "has-access") {
    store.of(accountList).drop(onlyOne);
    found = await findAccount(email, store);
  }
  return { ...found, access, isInvited };
}

async function readAccess(email: string, store: SiteStore): Promise<SitePerson["access"]> {
  try {
    const { withoutAccess, invalid } = await store.site.writer.checkAccessByEmail([email]);
    const isAmong = (list: readonly string[]) => list.some((each) => each.toLowerCase() === email.toLowerCase());
    return isAmong(invalid) ? "invalid" : isAmong(withoutAccess) ? "no-access" : "has-access";
  } catch (error) {
    // Experimental: some sites do not have it, or switch it off.
    if (error instanceof SiteError && (error.status === 503 || error.status === 404)) return null;
    throw error;
  }
}

/** Accounts are found by their remembered facts; the one that is found is read afresh. */
async function findAccount(email: string, store: SiteStore): Promise<Pick<SitePerson, "account" | "gap">> {
  const { items, gaps } = await readAccountsOfEmail(new SiteLoaders(store, 0), email);
  const [accountId] = items;
  if (accountId === undefined) return { account: null, gap: gaps[0] ?? null };
  return { account: await store.readAnew(account, accountId), gap: null };
}

function refused(code: ChangeFaultCode, message: string): Plan {
  return { kind: "refused", fault: { code, field: ["email"], message } };
}
