import type { ProxyConfig } from "../../config/Config.js";
import type { DataCenterSiteConfig } from "../../config/sites/SiteConfig.js";
import { connectDataCenterSite } from "../../confluence/datacenter/connect.js";
import type { Clock } from "../../domain/Clock.js";
import { isOfKind } from "../../domain/SiteError.js";
import { ConcurrencyLimit } from "../../http/admission/ConcurrencyLimit.js";
import type { HttpAnswer, HttpRequest, Transport } from "../../http/Transport.js";
import type { Logger } from "../../observability/Logger.js";
import {
  type Check,
  doctorLimits,
  Examination,
  firstIn,
  noteClock,
  noteRateLimits,
  reasonOf,
  textAt,
} from "./Examination.js";

interface DataCenterExamination {
  readonly config: DataCenterSiteConfig;
  readonly proxy: ProxyConfig | null;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Looks at one Data Center site the way the server would use it: address, clock, credential, each call, rate limits. */
export async function examineDataCenterSite({ config, proxy, clock, logger }: DataCenterExamination): Promise<Check[]> {
  const examination = new Examination(config.siteId);
  const concurrencyLimit = new ConcurrencyLimit({ concurrency: doctorLimits.concurrency, clock });
  const transport = connectDataCenterSite(config, {
    defaultHeaders: { "X-Atlassian-Token": "no-check" },
    concurrencyLimit,
    proxy,
    clock,
    random: Math.random,
    logger,
  });
  try {
    const greeting = await examineDataCenterCalls(examination, transport, config.superGroup);
    if (greeting !== null) noteClock(examination, greeting, clock);
    noteRateLimits(examination, concurrencyLimit);
  } finally {
    await transport.close();
  }
  return examination.checks;
}

/**
 * Makes each reading call that the server makes once, on the first thing it finds, so that a missing right shows by name. What
 * the version lacks is a warning that says what is done instead. Answers who we are; `null` when we were not let in.
 */
async function examineDataCenterCalls(
  examination: Examination,
  site: Transport,
  superGroup: string,
): Promise<HttpAnswer | null> {
  const get = (call: string, neededFor: string, query: NonNullable<HttpRequest["query"]> = {}) =>
    examination.ask(site, { method: "GET", call: `GET ${call}`, path: call, query }, neededFor);

  const caller = await get("/rest/api/user/current", "signing in");
  const userKey = textAt(caller?.body, "userKey");
  if (caller !== null && (userKey === null || textAt(caller.body, "type") !== "known")) {
    const finding = "the site takes us for anonymous: the token or the password is wrong, expired or revoked";
    examination.note("credential", "failed", finding, "signing in");
    examination.skip("every other call", "the credential was not accepted");
    return caller;
  }
  if (caller === null || userKey === null) {
    examination.skip("every other call", "the credential was not accepted");
    return null;
  }
  examination.note("credential", "ok", `signed in as ${textAt(caller.body, "displayName") ?? userKey}`);

  const told = await get("/rest/api/server-information", "knowing the version");
  const version = textAt(told?.body, "version");
  examination.note("version", version === null ? "warning" : "ok", version ?? "not told: what answers decides");

  await examineDataCenterAccounts(examination, site, { userKey, username: textAt(caller.body, "username") });
  await examineDataCenterGroups(examination, site, superGroup);
  await examination.askOffered(site, requestOf("/rest/api/permissions"), {
    neededFor: "permissions on the site as a whole",
    instead: "they stay unknown (before 9.3)",
  });
  const spaces = await get("/rest/api/space", "spaces", { limit: 1 });
  const key = textAt(firstIn(spaces?.body), "key");
  if (key === null) examination.skip("GET /rest/api/space/{spaceKey}/permissions", "no space to ask about", "grants");
  else await examineSpacePermissions(examination, site, key);
  return caller;
}

async function examineSpacePermissions(examination: Examination, site: Transport, key: string): Promise<void> {
  const path = `/rest/api/space/${encodeURIComponent(key)}/permissions`;
  const { isOffered } = await examination.askOffered(
    site,
    { ...requestOf(path), call: "GET /rest/api/space/{spaceKey}/permissions" },
    { neededFor: "grants", instead: "JSON-RPC is used (before 9.1)" },
  );
  if (isOffered) return;
  const rpc = "/rpc/json-rpc/confluenceservice-v2/getSpacePermissionSets";
  const request = { method: "POST", call: `POST ${rpc}`, path: rpc, body: [key], isReplaySafe: true } as const;
  const answer = await examination.ask(site, request, "grants");
  // JSON-RPC tells of its failures with status 200.
  const fault = answer !== null && textAt(errorIn(answer.body), "message");
  if (typeof fault === "string") examination.note("space permissions by JSON-RPC", "failed", fault, "grants");
}

function requestOf(path: string): HttpRequest {
  return { method: "GET", call: `GET ${path}`, path };
}

function errorIn(body: unknown): unknown {
  return typeof body === "object" && body !== null && "error" in body ? body.error : null;
}

interface OwnAccount {
  readonly userKey: string;
  readonly username: string | null;
}

/** The calls that tell of accounts, asked about our own where they are about one. */
async function examineDataCenterAccounts(
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

/** The calls that tell of groups, asked about the super group, or about the first there is where the site lacks that. */
async function examineDataCenterGroups(examination: Examination, site: Transport, superGroup: string): Promise<void> {
  const request = (call: string, path: string, query: NonNullable<HttpRequest["query"]> = {}): HttpRequest => ({
    method: "GET",
    call: `GET ${call}`,
    path,
    query,
  });
  const groups = await examination.ask(site, request("/rest/api/group", "/rest/api/group", { limit: 1 }), "groups");
  const name = (await hasSuperGroup()) ? superGroup : textAt(firstIn(groups?.body), "name");
  if (name === null || isUnaddressable(name)) {
    examination.skip("GET /rest/api/group/{groupName}/member and …/groupmember", "no group to ask about", "members");
    return;
  }
  const path = `/rest/api/group/${encodeURIComponent(name)}`;
  const query = { limit: 1, expand: "status" };
  await examination.ask(site, request("/rest/api/group/{groupName}/member", `${path}/member`, query), "group members");
  await examination.ask(
    site,
    request("/rest/api/group/{groupName}/groupmember", `${path}/groupmember`, { limit: 1 }),
    "groups in groups",
  );

  async function hasSuperGroup(): Promise<boolean> {
    const call = "/rest/api/group/{groupName}";
    const neededFor = "who can do everything";
    if (isUnaddressable(superGroup)) {
      examination.skip("super group", "a name with a slash can stand in no path", neededFor);
      return false;
    }
    try {
      await site.send(request(call, `/rest/api/group/${encodeURIComponent(superGroup)}`));
      examination.note("super group", "ok", superGroup, neededFor);
      return true;
    } catch (error) {
      const isMissing = isOfKind(error, "NotVisible");
      const finding = isMissing
        ? `the site has no group ${superGroup}: name the group whose members administer it in CONFLUENCE_SUPER_GROUP, or superGroup of its entry`
        : reasonOf(error);
      examination.note("super group", "failed", finding, neededFor);
      return false;
    }
  }
}

/** Data Center's web server refuses an encoded slash. */
function isUnaddressable(name: string): boolean {
  return /[/\\]/.test(name);
}
