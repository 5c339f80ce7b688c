import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { SiteId } from "../../domain/ids.js";
import type { Deployment } from "../../domain/Site.js";
import { codeOfSystem } from "../Config.js";
import {
  type CredentialParts,
  deploymentTraits,
  hasCredentialOf,
  resolveCloudCredential,
  resolveDataCenterCredential,
  type SiteReport,
} from "./credentials.js";
import { type CloudSiteConfig, type DataCenterSiteConfig, defaultSuperGroup } from "./SiteConfig.js";

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

interface GivenAddress {
  /** Checked by the `siteUrl` schema; `undefined` when it was missing or malformed. */
  readonly url: string | undefined;
  readonly deployment: Deployment | undefined;
  /** True when a deployment was given that could not be read: it has its fault already. */
  readonly isDeploymentMalformed: boolean;
}

/** What runs at an address: as it was said, or as the address itself tells; `null` after telling what is wrong. */
export function readDeployment(
  { url, deployment: given, isDeploymentMalformed }: GivenAddress,
  tell: (part: "deployment", problem: string) => void,
): Deployment | null {
  const isCloud = url !== undefined && isCloudAddress(url);
  if (isCloud && given === "datacenter") {
    tell("deployment", `must be cloud, or left out: what runs under *${cloudDomain} is Confluence Cloud`);
    return null;
  }
  const deployment = given ?? (isCloud ? "cloud" : null);
  if (deployment === null && url !== undefined && !isDeploymentMalformed) {
    tell("deployment", `is required, because the address is not one under *${cloudDomain}: say what runs there`);
  }
  return deployment;
}

/** What stands below a Data Center site, never at its root: pages, spaces, the API itself. */
const insideDataCenter = /\.action$|\/(?:display|pages|rest|rpc|spaces)\//;

/** The address that calls go below, or `null` after telling that it is one of a page in the site. */
function readAddress(url: string, deployment: Deployment, tell: (part: "url", problem: string) => void): string | null {
  // Cloud serves Confluence under /wiki; on Data Center that may be the context path. Other paths of Cloud stay: a
  // gateway's prefix may stand there.
  const trimmed = deployment === "cloud" ? url.replace(/\/wiki$/, "") : url;
  const { pathname } = new URL(trimmed);
  const isInside = deployment === "cloud" ? isCloudAddress(url) && pathname !== "/" : insideDataCenter.test(pathname);
  if (!isInside) return trimmed;
  tell("url", "must be the address of the site alone, not of a page or a space in it");
  return null;
}

/** True for addresses under `*.atlassian.net`, where nothing but Confluence Cloud runs. The address must be a full one. */
export function isCloudAddress(url: string): boolean {
  return new URL(url).hostname.endsWith(cloudDomain);
}

const cloudDomain = ".atlassian.net";

/** `acme.atlassian.net` → `acme`, `wiki.example.org` → `wiki-example-org`: the same at every start. */
export function nameSite(host: string): SiteId {
  const name = host.endsWith(cloudDomain) ? host.slice(0, -cloudDomain.length) : host;
  return name.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") as SiteId;
}

const beginning = "-----BEGIN CERTIFICATE-----";
const certificate = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/**
 * The certificates of a PEM bundle, each checked; whatever else the file holds, such as a private key, stays behind.
 * `null` after telling what is wrong with the file.
 */
export function readCertificates(
  path: string,
  tell: (problem: string) => void,
  readFile: (path: string) => string = (name) => readFileSync(name, "utf8"),
): string | null {
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    tell(`names a file that cannot be read${codeOfSystem(error)}`);
    return null;
  }
  const begun = text.split(beginning).length - 1;
  if (begun === 0) {
    tell(`names a file without a certificate: it must be PEM, with ${beginning}`);
    return null;
  }
  const found = text.match(certificate) ?? [];
  if (found.length < begun || !found.every(isCertificate)) {
    tell(`names a file with a certificate that cannot be read: copy the whole bundle again, in PEM`);
    return null;
  }
  return `${found.join("\n")}\n`;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
