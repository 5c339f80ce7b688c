import { SiteError } from "../../domain/SiteError.js";
import type { ErrorAnswer, ErrorClassification, ErrorClassifier } from "../../http/errors.js";

const whoAmI = "GET /rest/api/user/current";
const wrongPlace: ErrorClassification = {
  kind: "Misconfigured",
  advice: "No Confluence API answers there: check the site's address and its context path.",
};

/** What Data Center's errors say beyond their status. */
export const classifyDataCenterError: ErrorClassifier = (answer) => {
  const { text } = answer;
  const advice = adviceFromText(text);
  switch (answer.status) {
    case 401:
      return readUnauthorized(answer.call);
    case 402:
      return { kind: "AccessRefused", advice: "No licence seat is left: free one, or extend the licence." };
    case 403:
      return readForbidden(answer.call, text) ?? (advice === null ? undefined : { advice });
    case 404:
      return readNotFound(answer, text);
    case 405:
      return readMethodRefused(answer, advice);
    case 501:
      return routeMissing(answer.call, onTheWay);
    case 500:
      return isSpacePermissions(answer.call)
        ? { advice: "Callers who are not administrators get a 500 here: give the account administrator rights." }
        : undefined;
    default:
      return advice === null ? undefined : { advice };
  }
};

/** Who is no administrator gets a 401 on some calls: only the call that says who we are proves a credential wrong. */
function readUnauthorized(call: string): Partial<ErrorClassification> {
  if (call === whoAmI) {
    return { kind: "CredentialRejected", advice: "The token or the password is wrong, expired or revoked." };
  }
  if (isRemoteApi(call)) return routeMissing(call);
  return {
    kind: "AccessRefused",
    advice: "The account may lack administrator rights: Confluence answers 401 to those who have none.",
  };
}

function readForbidden(call: string, text: string): Partial<ErrorClassification> | undefined {
  if (/basic authentication has been disabled/i.test(text)) {
    return {
      kind: "CredentialRejected",
      advice: "Passwords are switched off on this site: use a personal access token.",
    };
  }
  if (/\bxsrf\b/i.test(text)) {
    return {
      kind: "AccessRefused",
      advice: 'Something between here and the site takes the header "X-Atlassian-Token" away: let it through.',
    };
  }
  if (call === whoAmI) {
    return {
      kind: "AccessRefused",
      advice: 'The account may not use Confluence: it needs the global permission "can use".',
    };
  }
  return undefined;
}

/** An entity that is missing is told with `statusCode` and `data`; a route that is missing is told as "null for uri". */
function readNotFound({ call, body }: ErrorAnswer, text: string): Partial<ErrorClassification> | undefined {
  if (isRemoteApi(call)) return routeMissing(call);
  if (isEntityError(body)) return undefined;
  const isRoute = /null for uri/i.test(text);
  if (call === whoAmI) return wrongPlace;
  if (isRoute) return routeMissing(call);
  if (!/<html\b|<!doctype html/i.test(text)) return undefined;
  // A web page is nobody's "no such group": something else than the API has answered. The mobile app's API can be missing.
  return call.includes("/rest/mobile/") ? routeMissing(call) : wrongPlace;
}

/** An error in the API's own form comes from behind the route, which is there then: it refuses this call alone. */
function readMethodRefused({ call, body }: ErrorAnswer, advice: string | null): Partial<ErrorClassification> {
  if (advice !== null) return { kind: "RequestRejected", advice };
  return isEntityError(body) && !isRemoteApi(call) ? { kind: "RequestRejected" } : routeMissing(call, onTheWay);
}

const onTheWay = "This site does not have the call, or something on the way to it does not let it through.";

function routeMissing(call: string, advice = "This site does not have the call."): ErrorClassification {
  return {
    kind: "Unsupported",
    advice: isRemoteApi(call) ? "The JSON-RPC API is switched off, or not for this account." : advice,
  };
}

function isEntityError(body: unknown): boolean {
  return typeof body === "object" && body !== null && ("data" in body || "statusCode" in body);
}

function isRemoteApi(call: string): boolean {
  return call.includes("/rpc/json-rpc/");
}

function isSpacePermissions(call: string): boolean {
  return call.includes("/rest/api/space/{spaceKey}/permissions");
}

/** What the site's own words call for, as advice; `null` where they say nothing that we know. */
export function adviceFromText(text: string): string | null {
  if (readOnlySite.test(text)) {
    return "The site is in read-only mode, in which nothing can be changed: an administrator of Confluence ends it, and then the change can be asked for again.";
  }
  if (readOnlyDirectory.test(text)) {
    return "Accounts and groups of a read-only directory (LDAP, Crowd) are changed there.";
  }
  if (/\blicen[cs]es?\b.*\b(available|left|exceeded|seats?)\b|\bno more licen[cs]es?\b/i.test(text)) {
    return "No licence seat is left: free one, or extend the licence.";
  }
  return null;
}

/** For maintenance an administrator can make a site read-only, whatever its directories are. */
const readOnlySite = /\bread[- ]?only mode\b|\b(site|confluence) is (currently |now )?read[- ]?only\b/i;
const readOnlyDirectory = /\bdirectory\b[^.]{0,60}\bread[- ]?only\b|\bread[- ]?only\b[^.]{0,60}\bdirectory\b/i;

/**
 * Rejects with `Unsupported`: nothing was sent.
 *
 * @param call the call as a template, or in words what was meant where there is no such call.
 */
export async function refuse(call: string, why: string): Promise<never> {
  throw new SiteError("Unsupported", `${call}: nothing was sent. ${why}`, { call });
}
