import { Refusal } from "../../http/Refusal.js";
import type { Reply } from "../../http/Reply.js";
import { limits } from "../../limits.js";
import type { WorldAccount } from "../../world/World.js";
import type { CloudCall, CloudRoutes } from "../CloudCall.js";
import { mapUser } from "./mapUser.js";
import { readExpansions, readRequired } from "./readQuery.js";

/** Single users, and the v1 twin of users-bulk. */
export const userRoutes: CloudRoutes = {
  "GET /wiki/rest/api/user/current": currentUser,
  "GET /wiki/rest/api/user": (call) => {
    const expansions = readExpansions(call.query);
    const id = readRequired(call.query, "accountId");
    const account = call.state.accounts.get(id);
    if (account === undefined) throw new Refusal(404, `No user with id ${id} is visible to you.`);
    return { status: 200, body: mapUser(call, id, account, expansions) };
  },
  "GET /wiki/rest/api/user/bulk": bulkUsers,
};

/** The account that has the credential's e-mail; where the world has none, an administrator who is in no list. */
function currentUser(call: CloudCall): Reply {
  const expansions = readExpansions(call.query);
  const account = call.state.accounts.byEmail(call.callerEmail) ?? outsider(call.callerEmail);
  return { status: 200, body: mapUser(call, account.accountId, account, expansions) };
}

function outsider(email: string): WorldAccount {
  const isServiceAccount = email.includes("@serviceaccount.");
  return {
    accountId: `712020:00000000-0000-4000-a000-5a4db0c0000${isServiceAccount ? 1 : 0}`,
    accountType: "atlassian",
    accountStatus: "active",
    displayName: isServiceAccount ? "Sandbox service account" : "Sandbox administrator",
    email,
  };
}

/** Ids beyond the hundredth and ids that nobody knows are dropped without a word, and no row carries a status. */
function bulkUsers(call: CloudCall): Reply {
  const expansions = readExpansions(call.query);
  readRequired(call.query, "accountId");
  const ids = call.query.getAll("accountId").flatMap((text) => text.split(","));
  const results = ids.slice(0, limits.v1BulkIds).flatMap((id) => {
    const account = call.state.accounts.get(id);
    return account === undefined
      ? []
      : [
          {
            ...mapUser(call, id, account, expansions),
            accountType: account.accountType,
            email: call.state.accounts.shownEmail(account),
          },
        ];
  });
  return {
    status: 200,
    body: {
      results,
      start: 0,
      limit: limits.v1BulkIds,
      size: results.length,
      _links: { base: `${call.siteUrl}/wiki`, context: "/wiki", self: `${call.siteUrl}${call.path}` },
    },
  };
}
