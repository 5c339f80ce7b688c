import type { Organizations } from "../../compose/Organizations.js";
import type { SiteConfig } from "../../config/sites/SiteConfig.js";
import type { Clock } from "../../domain/Clock.js";
import type { Logger } from "../../observability/Logger.js";
import type { Check } from "./Check.js";
import { examineCloudSite } from "./examineCloudSite.js";
import { examineDataCenterSite } from "./examineDataCenterSite.js";

interface SiteExamination {
  readonly config: SiteConfig;
  readonly organizations: Organizations;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Looks at one site the way the server would use it. */
export function examineSite({ config, ...parts }: SiteExamination): Promise<Check[]> {
  return config.deployment === "cloud"
    ? examineCloudSite({ ...parts, config })
    : examineDataCenterSite({ ...parts, config });
}
