import type { AccountId } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import type { Caller } from "../port.js";
import type { CloudClient } from "./CloudClient.js";
import { currentUserWire } from "./wire/memberWire.js";

/** Who the credential is. A credential that is silently taken for anonymous is rejected. */
export async function fetchCaller(client: CloudClient): Promise<Caller> {
  const call = "GET /wiki/rest/api/user/current";
  const user = await client.fetchOne({ method: "GET", call, path: "/wiki/rest/api/user/current" }, currentUserWire);
  if (user.type === "anonymous" || !user.accountId) {
    throw new SiteError(
      "CredentialRejected",
      `${call} answered that we are anonymous: the site ignored the credential. Check the e-mail address and the API token.`,
      { call, status: 200 },
    );
  }
  return { accountId: user.accountId as AccountId, displayName: user.displayName ?? null };
}
