import type { Organizations } from "../../compose/Organizations.js";
import type { ProxyConfig } from "../../config/Config.js";
import { type CloudSiteConfig, certificateAdvice } from "../../config/sites/SiteConfig.js";
import { connectCloudSite } from "../../confluence/cloud/connect.js";
import { classifyCloudError } from "../../confluence/cloud/errors.js";
import type { Organization } from "../../confluence/organizationPort.js";
import type { Clock } from "../../domain/Clock.js";
import type { AccountId } from "../../domain/ids.js";
import { isOfKind } from "../../domain/SiteError.js";
import { ConcurrencyLimit } from "../../http/admission/ConcurrencyLimit.js";
import { createTransport } from "../../http/createTransport.js";
import type { HttpRequest, Transport } from "../../http/Transport.js";
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

interface CloudExamination {
  readonly config: CloudSiteConfig;
  readonly organizations: Organizations;
  readonly proxy: ProxyConfig | null;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Looks at one Cloud site the way the server would use it: address, clock, credential, each call, organization, rate limits. */
export async function examineCloudSite(parts: CloudExamination): Promise<Check[]> {
  const { config, organizations, proxy, clock, logger } = parts;
  const examination = new Examination(config.siteId);
  const concurrencyLimit = new ConcurrencyLimit({ concurrency: doctorLimits.concurrency, clock });
  const shared = { concurrencyLimit, proxy, clock, random: Math.random, logger };
  const anonymous = createTransport({
    ...shared,
    baseUrl: config.url,
    certificateAdvice,
    authorization: { header: () => undefined },
    classifyError: classifyCloudError,
  });
  const connection = connectCloudSite(config, shared);
  try {
    const request = { method: "GET", call: "GET /_edge/tenant_info", path: "/_edge/tenant_info" } as const;
    const greeting = await examination.ask(anonymous, request, "reaching the site");
    if (greeting !== null) noteClock(examination, greeting, clock);
    await noteCloudId(examination, connection.cloudId, config);
    const accountId = await examineCloudCalls(examination, connection.transport);
    const organization =
      config.organization && organizations.of(config.organization, config.atlassian.apiUrl, connection.cloudId);
    await examineOrganization(examination, organization, accountId);
    noteRateLimits(examination, concurrencyLimit);
  } finally {
    await Promise.all([connection.close(), anonymous.close()]);
  }
  return examination.checks;
}

async function noteCloudId(
  examination: Examination,
  cloudId: () => Promise<string>,
  { credential, organization }: CloudSiteConfig,
): Promise<void> {
  const neededFor = credential.kind === "api-token" ? (organization === null ? null : "licences") : "the API gateway";
  try {
    examination.note("cloud id", "ok", await cloudId(), neededFor);
  } catch (error) {
    examination.note("cloud id", neededFor === null ? "warning" : "failed", reasonOf(error), neededFor);
  }
}

/**
 * Makes each reading call that the server makes once, on the first thing it finds, so that a missing scope shows by name.
 * Answers the account id of the credential, `null` when it was not accepted.
 */
async function examineCloudCalls(examination: Examination, site: Transport): Promise<string | null> {
  const get = (call: string, neededFor: string, path = call, query: HttpRequest["query"] = {}) =>
    examination.ask(site, { method: "GET", call: `GET ${call}`, path, query }, neededFor);

  const caller = await get("/wiki/rest/api/user/current", "signing in");
  const accountId = textAt(caller?.body, "accountId");
  if (caller !== null && accountId === null) {
    examination.note("credential", "failed", "the site takes us for anonymous: check the credential", "signing in");
  }
  const mayNotAsk = examination.withoutScope.has("GET /wiki/rest/api/user/current");
  if (accountId === null && !mayNotAsk) {
    examination.skip("every other call", "the credential was not accepted");
    return null;
  }
  const found = mayNotAsk
    ? "accepted, and may not ask who it is"
    : `signed in as ${textAt(caller?.body, "displayName") ?? accountId}`;
  examination.note("credential", "ok", found);

  const mode = await get("/wiki/api/v2/space-role-mode", "roles");
  const model = textAt(mode?.body, "mode");
  if (model !== null) examination.note("permission model", "ok", model);

  let someone = accountId;
  const groups = await get("/wiki/rest/api/group", "groups", "/wiki/rest/api/group", { limit: 1 });
  const groupId = textAt(firstIn(groups?.body), "id");
  if (groupId === null)
    examination.skip("GET /wiki/rest/api/group/by-id and …/membersByGroupId", "no group to ask about");
  else {
    await get("/wiki/rest/api/group/by-id", "groups", "/wiki/rest/api/group/by-id", { id: groupId });
    const members = `/wiki/rest/api/group/${encodeURIComponent(groupId)}/membersByGroupId`;
    const answer = await get("/wiki/rest/api/group/{groupId}/membersByGroupId", "group members", members, { limit: 1 });
    someone ??= textAt(firstIn(answer?.body), "accountId");
  }
  if (someone === null)
    examination.skip("GET /wiki/rest/api/user/memberof and POST /wiki/api/v2/users-bulk", "nobody to ask about");
  else await askAboutAccount(examination, site, someone);
  await get("/wiki/rest/api/search/user", "listing accounts", "/wiki/rest/api/search/user", {
    cql: "type=user",
    limit: 1,
    sitePermissionTypeFilter: "all",
  });

  const spaces = await get("/wiki/api/v2/spaces", "spaces", "/wiki/api/v2/spaces", { status: "current", limit: 1 });
  const spaceId = textAt(firstIn(spaces?.body), "id");
  if (spaceId === null) examination.skip("GET /wiki/api/v2/spaces/{id}/permissions", "no space to ask about", "grants");
  else {
    await get("/wiki/api/v2/spaces/{id}/permissions", "grants", `/wiki/api/v2/spaces/${spaceId}/permissions`, {
      limit: 1,
    });
  }
  if (model === "ROLES" || model === "ROLES_TRANSITION") {
    await get("/wiki/api/v2/space-roles", "roles", "/wiki/api/v2/space-roles", { limit: 1 });
    if (spaceId !== null) {
      const assignments = `/wiki/api/v2/spaces/${spaceId}/role-assignments`;
      await get("/wiki/api/v2/spaces/{id}/role-assignments", "roles", assignments, { limit: 1 });
    }
  }
  return accountId;
}

async function askAboutAccount(examination: Examination, site: Transport, accountId: string): Promise<void> {
  const path = "/wiki/rest/api/user/memberof";
  const query = { accountId, limit: 1 };
  await examination.ask(site, { method: "GET", call: `GET ${path}`, path, query }, "groups of an account");
  const bulk = "/wiki/api/v2/users-bulk";
  await examination.ask(
    site,
    { method: "POST", call: `POST ${bulk}`, path: bulk, body: { accountIds: [accountId] }, isReplaySafe: true },
    "facts of accounts",
  );
}

/** Looks at what only the organization knows: its key, its user search, last activity, and the synchronised directory. */
async function examineOrganization(
  examination: Examination,
  organization: Organization | null,
  accountId: string | null,
): Promise<void> {
  if (organization === null) {
    examination.note(
      "organization",
      "ok",
      "none is configured: suspensions, licences and hidden e-mails are not known",
    );
    return;
  }
  const attempt = async (subject: string, neededFor: string, read: () => Promise<string>) => {
    try {
      examination.note(subject, "ok", await read(), neededFor);
    } catch (error) {
      examination.note(subject, "failed", reasonOf(error), neededFor);
    }
  };
  await attempt("organization key", "what the organization knows", async () => {
    await organization.checkKey();
    return `accepted for organization ${organization.orgId}`;
  });
  if (accountId !== null) {
    const id = accountId as AccountId;
    const stranger = "answers, and does not know our own account";
    let isKnown = true;
    await attempt("organization users", "suspensions, licences, e-mails", async () => {
      isKnown = (await organization.usersByIds([id])).has(id);
      return isKnown ? "knows our own account" : stranger;
    });
    await attempt("last activity", "lastActiveAt", async () => {
      const found = (await organization.lastActiveOf([id], "people")).get(id);
      // Who is in none of its directories has no last activity there: that says nothing against the call.
      if (isOfKind(found, "NotVisible") && !isKnown) return stranger;
      if (found instanceof Error) throw found;
      return "answers";
    });
  }
  const { directoryPeople } = organization;
  if (directoryPeople === null) {
    examination.note("synchronised directory", "ok", "none is configured: first and last names are not known");
    return;
  }
  await attempt("synchronised directory", "first and last names", async () => {
    const people = await directoryPeople();
    const [gap] = people.gaps;
    return gap === undefined ? `${people.items.length} people are joined to accounts` : gap.reason;
  });
}
