import { connectCloudSite } from "../../compose/connectCloudSite.js";
import type { Organizations } from "../../compose/Organizations.js";
import type { CloudSiteConfig } from "../../config/sites/SiteConfig.js";
import { classifyCloudError } from "../../confluence/cloud/classifyCloudError.js";
import type { Clock } from "../../domain/Clock.js";
import { Lane } from "../../http/ConcurrencyLimit.js";
import { createTransport } from "../../http/createTransport.js";
import type { Logger } from "../../observability/Logger.js";
import type { Check } from "./Check.js";
import { Examination, reasonOf } from "./Examination.js";
import { examineCloudCalls } from "./examineCloudCalls.js";
import { examineOrganization } from "./examineOrganization.js";
import { noteClock } from "./noteClock.js";
import { noteRateLimits } from "./noteRateLimits.js";

interface CloudExamination {
  readonly config: CloudSiteConfig;
  readonly organizations: Organizations;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Looks at one Cloud site the way the server would use it: address, clock, credential, each call, organization, rate limits. */
export async function examineCloudSite(parts: CloudExamination): Promise<Check[]> {
  const { config, organizations, clock, logger } = parts;
  const examination = new Examination(config.siteId);
  const lane = new Lane({ concurrency: 4, clock });
  const shared = { lane, clock, random: Math.random, logger };
  const anonymous = createTransport({
    ...shared,
    baseUrl: config.url,
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
    noteRateLimits(examination, lane);
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
