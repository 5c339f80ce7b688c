import { connectDataCenterSite } from "../../compose/connectDataCenterSite.js";
import type { DataCenterSiteConfig } from "../../config/sites/SiteConfig.js";
import type { Clock } from "../../domain/Clock.js";
import { Lane } from "../../http/ConcurrencyLimit.js";
import type { Logger } from "../../observability/Logger.js";
import type { Check } from "./Check.js";
import { Examination } from "./Examination.js";
import { examineDataCenterCalls } from "./examineDataCenterCalls.js";
import { noteClock } from "./noteClock.js";
import { noteRateLimits } from "./noteRateLimits.js";

interface DataCenterExamination {
  readonly config: DataCenterSiteConfig;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Looks at one Data Center site the way the server would use it: address, clock, credential, each call, rate limits. */
export async function examineDataCenterSite({ config, clock, logger }: DataCenterExamination): Promise<Check[]> {
  const examination = new Examination(config.siteId);
  const lane = new Lane({ concurrency: 4, clock });
  const transport = connectDataCenterSite(config, {
    defaultHeaders: { "X-Atlassian-Token": "no-check" },
    lane,
    clock,
    random: Math.random,
    logger,
  });
  try {
    const greeting = await examineDataCenterCalls(examination, transport, config.superGroup);
    if (greeting !== null) noteClock(examination, greeting, clock);
    noteRateLimits(examination, lane);
  } finally {
    await transport.close();
  }
  return examination.checks;
}
