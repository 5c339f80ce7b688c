import type { HttpRequest, Transport } from "../../http/Transport.js";
import type { Examination } from "./Examination.js";
import { firstIn } from "./firstIn.js";
import { textAt } from "./textAt.js";

interface OwnAccount {
  readonly userKey: string;
  readonly username: string | null;
}

/** The calls that tell of accounts, asked about our own where they are about one. */
export async function examineDataCenterAccounts(
  examination: Examination,
  site: Transport,
  { userKey, username }: OwnAccount,
): Promise<void> {
  const request = (call: string, query: NonNullable<HttpRequest["query"]>, path = call): HttpRequest => ({
    method: "GET",
    call: `GET ${call}`,
    path,
    query,
  });
  await examination.askOffered(site, request("/rest/api/user/list", { limit: 1, expand: "status" }), {
    neededFor: "listing accounts",
    instead: "groups and grants are asked who there is, and whoever is in neither is missed (before 8.4)",
  });
  await examination.ask(site, request("/rest/api/user", { key: userKey, expand: "status" }), "facts of accounts");
  await examination.ask(site, request("/rest/api/user/memberof", { key: userKey, limit: 1 }), "groups of an account");

  const active = await examination.askOffered(
    site,
    request("/rest/api/admin/users/list/active", { limit: 1, expand: "lastLogin,status" }),
    { neededFor: "licences, last sign-ins", instead: "both stay unknown (before 9.3)" },
  );
  const listed = firstIn(active.answer?.body);
  if (textAt(listed, "email") !== null) return;
  if (textAt(listed, "userKey") !== null) {
    examination.note("last sign-ins", "warning", "this version does not tell them (before 10.2)", "last sign-ins");
  }
  const call = "/rest/mobile/1.0/profile/{username}";
  if (username === null || /[/\\]/.test(username)) {
    examination.skip(`GET ${call}`, "our own user name can stand in no path", "e-mail addresses");
    return;
  }
  await examination.askOffered(site, request(call, {}, `/rest/mobile/1.0/profile/${encodeURIComponent(username)}`), {
    neededFor: "e-mail addresses",
    instead: "e-mail addresses stay unknown (before 10.2)",
  });
}
