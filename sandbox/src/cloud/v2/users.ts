import { isObject, isTexts, Refusal, type Reply } from "../../http/service.js";
import { limits } from "../../limits.js";
import type { WorldAccount } from "../../world/World.js";
import type { CloudCall, CloudRoutes } from "../requests.js";
import { hasSiteAccess } from "../state/directory.js";

/**
 * The facts of many accounts at once; who has access by e-mail, and inviting those who have not. The last two are experimental;
 * a site may have them switched off (503).
 */
export const userRoutes: CloudRoutes = {
  "POST /wiki/api/v2/users-bulk": lookUp,
  "POST /wiki/api/v2/user/access/check-access-by-email": (call) => {
    const emails = readEmails(call);
    const valid = emails.filter(isEmail);
    return {
      status: 200,
      body: {
        emailsWithoutAccess: valid.filter((email) => !hasAccess(call, email)),
        invalidEmails: emails.filter((email) => !isEmail(email)),
      },
    };
  },
  "POST /wiki/api/v2/user/access/invite-by-email": (call) => {
    const { state, now } = call;
    // Invalid addresses are ignored, and so are people who have access already.
    const invited = readEmails(call).filter((email) => isEmail(email) && !hasAccess(call, email));
    state.pending.later(now, () => {
      for (const email of new Set(invited)) admit(call, email);
    });
    return { status: 200 };
  },
};

/** The only call that tells the facts of many accounts, their status among them. */
function lookUp(call: CloudCall): Reply {
  const body = call.json();
  const ids: unknown = isObject(body) ? body.accountIds : undefined;
  if (!isTexts(ids)) {
    throw new Refusal(400, "accountIds must be a list of texts.");
  }
  if (ids.length < 1 || ids.length > limits.usersBulkIds) {
    throw new Refusal(400, `accountIds takes 1 to ${limits.usersBulkIds} ids, but has ${ids.length}.`);
  }
  // Unknown ids are left out, and the rest comes in an order of its own: nothing promises that of the request.
  const results = [...new Set(ids)]
    .sort()
    .flatMap((id) => call.state.accounts.get(id) ?? [])
    .map((account) => mapAccount(call, account));
  const base = `${call.siteUrl}/wiki`;
  return {
    status: 200,
    body: { results, _links: { base } },
    headers: { Link: `<${base}>; rel="base"` },
  };
}

function mapAccount({ state }: CloudCall, account: WorldAccount): unknown {
  return {
    accountId: account.accountId,
    accountType: account.accountType,
    accountStatus: account.accountStatus,
    displayName: account.displayName,
    publicName: account.displayName,
    // Hidden by the privacy settings of its owner: an empty text, never null.
    email: state.accounts.shownEmail(account),
    isExternalCollaborator: account.isExternalCollaborator ?? false,
    personalSpaceId: state.spaces.personalSpaceOf(account.accountId)?.id ?? null,
    timeZone: null,
    profilePicture: { path: `/wiki/aa-avatar/${encodeURIComponent(account.accountId)}`, isDefault: true },
  };
}

function admit(call: CloudCall, email: string): void {
  const { state, now } = call;
  if (hasAccess(call, email)) return;
  const known = state.accounts.byEmail(email);
  if (known !== undefined) {
    // An invitation gives a product role; it does not restore who is suspended or deactivated.
    const isUsable = known.accountStatus === "active" && (known.orgStatus ?? "active") === "active";
    const productRoles = [...(known.productRoles ?? []), "atlassian/user"];
    if (isUsable && known.accountType === "atlassian") state.accounts.put({ ...known, productRoles });
    return;
  }
  const newcomer = state.newPerson(email);
  const { accountId } = newcomer;
  state.accounts.put({ ...newcomer, productRoles: ["atlassian/user"] });
  state.accounts.setSearchable(accountId, false);
  state.pending.later(
    now,
    () => state.accounts.setSearchable(accountId, true),
    limits.asynchronousWorkMs + limits.searchLagMs,
  );
  for (const group of state.groups.all()) {
    if (group.accessType === "user" && group.managedBy !== "EXTERNAL") state.groups.addMember(group.id, accountId);
  }
}

function readEmails(call: CloudCall): readonly string[] {
  const body = call.json();
  const emails: unknown = isObject(body) ? body.emails : undefined;
  if (!isTexts(emails)) {
    throw new Refusal(400, "emails must be a list of texts.");
  }
  if (emails.length < 1 || emails.length > limits.emailsPerCall) {
    throw new Refusal(400, `emails takes 1 to ${limits.emailsPerCall} addresses, but has ${emails.length}.`);
  }
  return emails;
}

function hasAccess({ state }: CloudCall, email: string): boolean {
  const account = state.accounts.byEmail(email);
  return account !== undefined && hasSiteAccess(account);
}

/** Whether a text looks like an address to Atlassian. */
export function isEmail(text: string): boolean {
  return /^[^\s@<>,;]+@[^\s@<>,;.]+(\.[^\s@<>,;.]+)+$/.test(text);
}
