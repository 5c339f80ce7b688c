import { isObject } from "../cloud/isObject.js";
import type { CredentialChange } from "./CredentialChange.js";

/** The change of a body, or what is wrong with it: one line a fault, each beginning with its key. */
export type ParsedCredentialChange =
  | { readonly change: CredentialChange; readonly problems: readonly [] }
  | { readonly change: null; readonly problems: readonly string[] };

type Check = (value: unknown) => string | undefined;

const secret: Check = (value) =>
  typeof value === "string" && /^\S+$/.test(value) ? undefined : "must be a text without blanks";

const checks: Readonly<Record<string, Check>> = {
  clientSecret: secret,
  apiToken: secret,
  scopedApiToken: secret,
  serviceAccountToken: secret,
  organizationApiKey: secret,
  scimKey: secret,
  scopes: checkScopes,
  tokenLifetimeSeconds: (value) =>
    Number.isSafeInteger(value) && Number(value) >= 1 ? undefined : "must be whole seconds of at least 1",
  expireTokens: (value) => (typeof value === "boolean" ? undefined : "must be true or false"),
};

const scoped = ["oauth", "scopedToken", "serviceAccountToken"];

/** Checks the body of `POST /__sandbox/credentials`, every key of it. */
export function parseCredentialChange(json: unknown): ParsedCredentialChange {
  if (!isObject(json)) return { change: null, problems: ["the body: must be an object"] };
  const problems = Object.entries(json).flatMap(([key, value]) => {
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    const problem = check === undefined ? `unknown; known are ${Object.keys(checks).join(", ")}` : check(value);
    return problem === undefined ? [] : [`${key}: ${problem}`];
  });
  if (problems.length > 0) return { change: null, problems };
  const { scopes } = json;
  const spread = Array.isArray(scopes) ? Object.fromEntries(scoped.map((name) => [name, scopes])) : scopes;
  return { change: { ...json, ...(spread === undefined ? {} : { scopes: spread }) } as CredentialChange, problems: [] };
}

function checkScopes(value: unknown): string | undefined {
  if (isTexts(value)) return undefined;
  const isByCredential =
    isObject(value) && Object.entries(value).every(([name, list]) => scoped.includes(name) && isTexts(list));
  return isByCredential ? undefined : `must be a list of texts, or such a list for any of ${scoped.join(", ")}`;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === "string" && text !== "");
}
