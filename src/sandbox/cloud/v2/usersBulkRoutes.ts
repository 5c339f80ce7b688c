import { Refusal } from "../../http/Refusal.js";
import type { Reply } from "../../http/Reply.js";
import { limits } from "../../limits.js";
import type { WorldAccount } from "../../world/World.js";
import type { CloudCall, CloudRoutes } from "../CloudCall.js";
import { isObject } from "../isObject.js";

/** The only call that tells the facts of many accounts, their status among them. */
export const usersBulkRoutes: CloudRoutes = { "POST /wiki/api/v2/users-bulk": lookUp };

function lookUp(call: CloudCall): Reply {
  const body = call.json();
  const ids: unknown = isObject(body) ? body.accountIds : undefined;
  if (!Array.isArray(ids) || !ids.every((id): id is string => typeof id === "string")) {
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
