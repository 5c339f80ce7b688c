import type { Deployment } from "../domain/Site.js";
import type { CloudSiteConfig } from "./CloudSiteConfig.js";
import type { CredentialParts } from "./CredentialParts.js";
import type { DataCenterSiteConfig } from "./DataCenterSiteConfig.js";
import { defaultSuperGroup } from "./defaultSuperGroup.js";
import { deploymentTraits } from "./deploymentTraits.js";
import { hasCredentialOf } from "./hasCredentialOf.js";
import { readAddress } from "./readAddress.js";
import { readCertificates } from "./readCertificates.js";
import { readDeployment } from "./readDeployment.js";
import { resolveCloudCredential } from "./resolveCloudCredential.js";
import { resolveDataCenterCredential } from "./resolveDataCenterCredential.js";
import type { SiteReport } from "./SiteReport.js";

/** What was given of a site, in a file or by variables, each part checked by itself. */
interface GivenSite {
  /** `undefined` when it was missing or malformed, which has its fault already. */
  readonly url: string | undefined;
  readonly deployment: Deployment | undefined;
  readonly isDeploymentMalformed: boolean;
  /** `undefined` when it was malformed as a whole, which has its fault already. */
  readonly credential: CredentialParts | undefined;
  readonly caFile: string | undefined;
  readonly superGroup: string | undefined;
}

type ResolvedSite =
  | Pick<CloudSiteConfig, "deployment" | "url" | "credential">
  | Pick<DataCenterSiteConfig, "deployment" | "url" | "credential" | "ca" | "superGroup" | "organization">;

/** What the parts make up together; `null` after reporting everything that does not go together. */
export function resolveSite(
  given: GivenSite,
  report: SiteReport,
  readFile?: (path: string) => string,
): ResolvedSite | null {
  const { tell, refuse } = report;
  const deployment = readDeployment(given, tell);
  const url = given.url === undefined || deployment === null ? null : readAddress(given.url, deployment, tell);
  switch (deployment ?? guessDeployment(given)) {
    case "cloud": {
      const credential = given.credential === undefined ? null : resolveCloudCredential(given.credential, report);
      const foreign = (["caFile", "superGroup"] as const).filter((part) => given[part] !== undefined);
      if (deployment === null) return null;
      for (const part of foreign) {
        refuse(part, `belongs to ${deploymentTraits.datacenter.name}: leave it out`);
      }
      if (url === null || credential === null || foreign.length > 0) return null;
      return { deployment: "cloud", url, credential };
    }
    case "datacenter": {
      const credential = given.credential === undefined ? null : resolveDataCenterCredential(given.credential, report);
      const tellOfFile = (problem: string) => tell("caFile", problem);
      const ca = given.caFile === undefined ? null : readCertificates(given.caFile, tellOfFile, readFile);
      const isCaRefused = ca === null && given.caFile !== undefined;
      if (deployment === null || url === null || credential === null || isCaRefused) return null;
      const superGroup = given.superGroup ?? defaultSuperGroup;
      return { deployment: "datacenter", url, credential, ca, superGroup, organization: null };
    }
    case null:
      return null;
  }
}

/**
 * By which rules the credential is looked at while the deployment is at fault: by those that it fits itself. One that is
 * missing waits until it is known what to ask for, except that an address nobody could read is most likely Cloud's.
 */
function guessDeployment({ url, credential = {} }: GivenSite): Deployment | null {
  const isCloud = hasCredentialOf("cloud", credential);
  if (hasCredentialOf("datacenter", credential)) return isCloud ? null : "datacenter";
  return isCloud || url === undefined ? "cloud" : null;
}
