import { connectCloudSite } from "../../compose/connectCloudSite.js";
import type { Organizations } from "../../compose/Organizations.js";
import type { SiteConfig } from "../../config/SiteConfig.js";
import { classifyCloudError } from "../../confluence/cloud/classifyCloudError.js";
import type { Clock } from "../../domain/Clock.js";
import type { Logger } from "../../domain/Logger.js";
import { createTransport } from "../../http/createTransport.js";
import { Lane } from "../../http/Lane.js";
import type { HttpAnswer } from "../../http/Transport.js";
import type { Check } from "./Check.js";
import { Examination, reasonOf } from "./Examination.js";
import { examineCalls } from "./examineCalls.js";
import { examineOrganization } from "./examineOrganization.js";

interface SiteExamination {
  readonly config: SiteConfig;
  readonly organizations: Organizations;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A difference of clocks that breaks tokens and caches. */
const maxSkewMs = 60_000;

/** Looks at one site the way the server would use it: address, clock, credential, each call, organization, rate limits. */
export async function examineSite(parts: SiteExamination): Promise<Check[]> {
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
    const accountId = await examineCalls(examination, connection.transport);
    const organization =
      config.organization && organizations.of(config.organization, config.atlassian.apiUrl, connection.cloudId);
    await examineOrganization(examination, organization, accountId);
    noteRateLimits(examination, lane);
    await organization?.close();
  } finally {
    await Promise.all([connection.close(), anonymous.close()]);
  }
  return examination.checks;
}

function noteClock(examination: Examination, { headers }: HttpAnswer, clock: Clock): void {
  const [date] = [headers.date].flat();
  const theirsMs = Date.parse(date ?? "");
  if (Number.isNaN(theirsMs)) {
    examination.skip("clock", "the site sends no Date header");
    return;
  }
  const skewMs = clock.now() - theirsMs;
  const isClose = Math.abs(skewMs) <= maxSkewMs;
  examination.note(
    "clock",
    isClose ? "ok" : "warning",
    isClose
      ? "agrees with the site's"
      : `this machine's clock is ${Math.round(skewMs / 1_000)} s ${skewMs > 0 ? "ahead of" : "behind"} the site's: correct it, tokens depend on it`,
  );
}

async function noteCloudId(
  examination: Examination,
  cloudId: () => Promise<string>,
  { credential, organization }: SiteConfig,
): Promise<void> {
  const neededFor = credential.kind === "api-token" ? (organization === null ? null : "licences") : "the API gateway";
  try {
    examination.note("cloud id", "ok", await cloudId(), neededFor);
  } catch (error) {
    examination.note("cloud id", neededFor === null ? "warning" : "failed", reasonOf(error), neededFor);
  }
}

function noteRateLimits(examination: Examination, lane: Lane): void {
  const { budget } = lane.state;
  if (budget === null) {
    examination.note("rate limits", "ok", "the site told none");
    return;
  }
  const { limit, remaining, isNearLimit } = budget;
  examination.note(
    "rate limits",
    isNearLimit === true ? "warning" : "ok",
    `${remaining ?? "?"} of ${limit ?? "?"} left${isNearLimit === true ? ": the site says that the limit is near" : ""}`,
  );
}
