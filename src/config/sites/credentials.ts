import type { Deployment } from "../../domain/Site.js";
import { Secret } from "../Secret.js";

/** How we sign in to a Cloud site. All but the first go through Atlassian's API gateway, which names sites by cloud id. */
export type CloudCredential =
  | { readonly kind: "api-token"; readonly email: string; readonly apiToken: Secret }
  | { readonly kind: "scoped-api-token"; readonly email: string; readonly apiToken: Secret; readonly cloudId: CloudId }
  | { readonly kind: "oauth"; readonly clientId: string; readonly clientSecret: Secret; readonly cloudId: CloudId }
  | { readonly kind: "service-account-token"; readonly apiToken: Secret; readonly cloudId: CloudId };

/** `null`: looked up at the site's own address. */
type CloudId = string | null;

/** How we sign in to a Data Center site: a token as Bearer, or a user name and a password as Basic (UTF-8). */
export type DataCenterCredential =
  | { readonly kind: "personal-access-token"; readonly token: Secret }
  | { readonly kind: "password"; readonly username: string; readonly password: Secret };

/** The ways to sign in to a Cloud site. */
const cloudCredentialKinds = ["api-token", "scoped-api-token", "oauth", "service-account-token"] as const;
type CloudCredentialKind = (typeof cloudCredentialKinds)[number];

/** The ways to sign in to a Data Center site. */
const dataCenterCredentialKinds = ["personal-access-token", "password"] as const;
type DataCenterCredentialKind = (typeof dataCenterCredentialKinds)[number];

/** Every way to sign in. */
export const credentialKinds = [...cloudCredentialKinds, ...dataCenterCredentialKinds] as const;
type CredentialKind = (typeof credentialKinds)[number];

/** What was given of a credential, whatever the deployment, each part checked by itself. */
export interface CredentialParts {
  readonly kind?: CredentialKind | undefined;
  readonly email?: string | undefined;
  readonly apiToken?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly cloudId?: string | undefined;
  readonly personalAccessToken?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** What can be said of a site, in a file or by variables; `kind` is that of its credential. */
export type SitePart = keyof CredentialParts | "url" | "deployment" | "caFile" | "superGroup";

/** The place where a site is configured: how it calls the parts, and where it hears what is wrong with one. */
export interface SiteReport {
  readonly nameOf: (part: SitePart) => string;
  /** A problem completes the sentence "NAME …" and quotes no value. */
  readonly tell: (part: SitePart, problem: string) => void;
  /** The same of a part that should not be there at all. */
  readonly refuse: (part: SitePart, problem: string) => void;
}

type CloudPart = "email" | "apiToken" | "clientId" | "clientSecret" | "cloudId";

const neededByCloud: Readonly<Record<CloudCredentialKind, readonly CloudPart[]>> = {
  "api-token": ["email", "apiToken"],
  "scoped-api-token": ["email", "apiToken"],
  oauth: ["clientId", "clientSecret"],
  "service-account-token": ["apiToken"],
};

const superfluousOnCloud: Readonly<Record<CloudCredentialKind, readonly CloudPart[]>> = {
  "api-token": ["clientId", "clientSecret", "cloudId"],
  "scoped-api-token": ["clientId", "clientSecret"],
  oauth: ["email", "apiToken"],
  "service-account-token": ["email", "clientId", "clientSecret"],
};

/**
 * The credential that the parts make up, or `null` after reporting everything that is missing or does not belong.
 * Without a kind the parts tell it: an OAuth client; an e-mail with a cloud id (a scoped token); an e-mail alone; a token
 * alone (a service account).
 */
export function resolveCloudCredential(parts: CredentialParts, report: SiteReport): CloudCredential | null {
  const isForeign = reportForeignCredential("cloud", parts, report);
  // What belongs here has been said with the part that does not.
  if (isForeign && !hasCredentialOf("cloud", parts)) return null;
  const kind = cloudCredentialKinds.find((known) => known === parts.kind) ?? cloudKindOf(parts);
  const missing = neededByCloud[kind].filter((name) => parts[name] === undefined);
  const extra = superfluousOnCloud[kind].filter((name) => parts[name] !== undefined);
  for (const name of missing) report.tell(name, `is required for a credential of kind ${kind}`);
  for (const name of extra) report.refuse(name, `does not belong to a credential of kind ${kind}: leave it out`);
  if (isForeign || missing.length > 0 || extra.length > 0) return null;
  return cloudCredentialOf(kind, parts);
}

function cloudKindOf({ email, clientId, clientSecret, cloudId, apiToken }: CredentialParts): CloudCredentialKind {
  if (clientId !== undefined || clientSecret !== undefined) return "oauth";
  if (email !== undefined) return cloudId === undefined ? "api-token" : "scoped-api-token";
  return apiToken === undefined ? "api-token" : "service-account-token";
}

function cloudCredentialOf(kind: CloudCredentialKind, parts: CredentialParts): CloudCredential {
  const { email = "", clientId = "", cloudId = null } = parts;
  const apiToken = new Secret(parts.apiToken ?? "");
  switch (kind) {
    case "api-token":
      return { kind, email, apiToken };
    case "scoped-api-token":
      return { kind, email, apiToken, cloudId };
    case "oauth":
      return { kind, clientId, clientSecret: new Secret(parts.clientSecret ?? ""), cloudId };
    case "service-account-token":
      return { kind, apiToken, cloudId };
  }
}

const neededByDataCenter = {
  "personal-access-token": ["personalAccessToken"],
  password: ["username", "password"],
} as const satisfies Readonly<Record<DataCenterCredentialKind, readonly (keyof CredentialParts)[]>>;

/**
 * The credential that the parts make up, or `null` after reporting everything that is missing or does not belong.
 * Without a kind the parts tell it, unless a token and a password are both there: neither is taken silently.
 */
export function resolveDataCenterCredential(parts: CredentialParts, report: SiteReport): DataCenterCredential | null {
  const isForeign = reportForeignCredential("datacenter", parts, report);
  // What belongs here has been said with the part that does not.
  if (isForeign && !hasCredentialOf("datacenter", parts)) return null;
  const kind = dataCenterCredentialKinds.find((known) => known === parts.kind) ?? dataCenterKindOf(parts, report);
  if (kind === null) return null;
  const missing = neededByDataCenter[kind].filter((name) => parts[name] === undefined);
  for (const name of missing) report.tell(name, `is required for a credential of kind ${kind}`);
  if (isForeign || missing.length > 0) return null;
  const { personalAccessToken = "", username = "", password = "" } = parts;
  return kind === "password"
    ? { kind, username, password: new Secret(password) }
    : { kind, token: new Secret(personalAccessToken) };
}

function dataCenterKindOf(parts: CredentialParts, { nameOf, tell }: SiteReport): DataCenterCredentialKind | null {
  const hasToken = parts.personalAccessToken !== undefined;
  const ofPassword = neededByDataCenter.password.filter((name) => parts[name] !== undefined).map(nameOf);
  if (hasToken && ofPassword.length > 0) {
    const others = ofPassword.join(" and ");
    tell("personalAccessToken", `is set together with ${others}: keep one of them, or say which by ${nameOf("kind")}`);
    return null;
  }
  if (hasToken || ofPassword.length > 0) return hasToken ? "personal-access-token" : "password";
  tell("personalAccessToken", `is required, or else ${neededByDataCenter.password.map(nameOf).join(" with ")}`);
  return null;
}

interface DeploymentTraits {
  /** What people call it. */
  readonly name: string;
  readonly credentialKinds: readonly CredentialKind[];
  readonly credentialParts: readonly Exclude<keyof CredentialParts, "kind">[];
  /** What a credential is made of; one of these is enough. */
  readonly ways: readonly (readonly Exclude<keyof CredentialParts, "kind">[])[];
}

/** How signing in differs between Cloud and Data Center. */
export const deploymentTraits: Readonly<Record<Deployment, DeploymentTraits>> = {
  cloud: {
    name: "Confluence Cloud",
    credentialKinds: cloudCredentialKinds,
    credentialParts: ["email", "apiToken", "clientId", "clientSecret", "cloudId"],
    ways: [["email", "apiToken"], ["clientId", "clientSecret"], ["apiToken"]],
  },
  datacenter: {
    name: "Confluence Data Center",
    credentialKinds: dataCenterCredentialKinds,
    credentialParts: ["personalAccessToken", "username", "password"],
    ways: [["personalAccessToken"], ["username", "password"]],
  },
};

/** True when something was given of a credential that only this deployment has. */
export function hasCredentialOf(deployment: Deployment, parts: CredentialParts): boolean {
  return deploymentTraits[deployment].credentialParts.some((part) => parts[part] !== undefined);
}

/** Tells of everything that belongs to a credential of the other deployment, and what this one takes; true if there was any. */
function reportForeignCredential(
  deployment: Deployment,
  parts: CredentialParts,
  { nameOf, refuse }: SiteReport,
): boolean {
  const own = deploymentTraits[deployment];
  const other = deploymentTraits[deployment === "cloud" ? "datacenter" : "cloud"];
  const foreign = other.credentialParts.filter((part) => parts[part] !== undefined);
  const ways = own.ways.map((way) => way.map(nameOf).join(" with ")).join(", or ");
  for (const part of foreign) refuse(part, `belongs to ${other.name}: on ${own.name} set ${ways}`);
  const isKindForeign = parts.kind !== undefined && !own.credentialKinds.includes(parts.kind);
  if (isKindForeign) {
    const kinds = own.credentialKinds.join(", ");
    refuse("kind", `names a credential of ${other.name}: on ${own.name} leave it out, or set one of ${kinds}`);
  }
  return foreign.length > 0 || isKindForeign;
}

/** What of a credential must never be printed. */
export function secretsOfCredential(credential: CloudCredential | DataCenterCredential): Secret[] {
  switch (credential.kind) {
    case "oauth":
      return [credential.clientSecret];
    case "personal-access-token":
      return [credential.token];
    case "password": {
      const { username, password } = credential;
      // People choose short passwords, whose piece of the base64 would be too short to be taken out on its own.
      const basic = Buffer.from(`${username}:${password.reveal()}`, "utf8").toString("base64");
      return [password, new Secret(basic)];
    }
    default:
      return [credential.apiToken];
  }
}
