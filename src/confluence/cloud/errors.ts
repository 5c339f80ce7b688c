import type { ErrorClassifier } from "../../http/errors.js";

/** What Cloud's error bodies say beyond their status. */
export const classifyCloudError: ErrorClassifier = ({ status, body, text, call }) => {
  if (status === 401 && /\bscopes?\b/i.test(text)) {
    return { kind: "ScopeMissing", advice: scopeAdvice(call) };
  }
  if (status === 401 && /\bexpired\b/i.test(text)) {
    return { kind: "CredentialRejected", advice: "The token has expired: create a new one and put it in place." };
  }
  if (status === 404 && isGatewayBody(body)) {
    return {
      kind: "Misconfigured",
      advice: "The API gateway knows no site under this cloud id: check the cloud id and the address.",
    };
  }
  // A web page is nobody's "no such group": something else than the API has answered.
  if (status === 404 && /<html\b|<!doctype html/i.test(text)) {
    return { kind: "Misconfigured", advice: "No Confluence API answers there: check the site's address." };
  }
  return undefined;
};

/** The gateway's own 404: a configuration fault, not "no such object". */
function isGatewayBody(body: unknown): boolean {
  return (
    typeof body === "object" &&
    body !== null &&
    "timestamp" in body &&
    "path" in body &&
    "error" in body &&
    !("errors" in body)
  );
}

/** The scopes of Atlassian's documents that let a call be made: either the classic one, where there is one, or all granular ones. */
interface CallScopes {
  readonly classic?: string;
  readonly granular: readonly string[];
}

const groups: CallScopes = { classic: "read:confluence-groups", granular: ["read:group:confluence"] };
const spaces: CallScopes = { granular: ["read:space:confluence"] };
const spacePermissions: CallScopes = { granular: ["read:space.permission:confluence"] };

/** What each reading call needs, by its template. */
const scopesByCall: Readonly<Record<string, CallScopes>> = {
  "GET /wiki/rest/api/user/current": {
    classic: "read:confluence-user",
    granular: ["read:content-details:confluence"],
  },
  "GET /wiki/rest/api/search/user": { granular: ["read:content-details:confluence"] },
  "GET /wiki/rest/api/group": groups,
  "GET /wiki/rest/api/group/by-id": groups,
  "GET /wiki/rest/api/group/{groupId}/membersByGroupId": {
    classic: "read:confluence-groups",
    granular: ["read:group:confluence", "read:user:confluence"],
  },
  "GET /wiki/rest/api/user/memberof": {
    classic: "read:confluence-user",
    granular: ["read:user:confluence", "read:group:confluence"],
  },
  "POST /wiki/api/v2/users-bulk": { granular: ["read:user:confluence"] },
  "GET /wiki/api/v2/spaces": spaces,
  "GET /wiki/api/v2/spaces/{id}": spaces,
  "GET /wiki/api/v2/spaces/{id}/permissions": spaces,
  "GET /wiki/api/v2/spaces/{id}/role-assignments": spacePermissions,
  "GET /wiki/api/v2/space-roles": spacePermissions,
  "GET /wiki/api/v2/space-role-mode": { granular: ["read:configuration:confluence"] },
};

/** What to give a token for a call, as a sentence. */
function scopeAdvice(call: string): string {
  const scopes = scopesByCall[call];
  if (scopes === undefined) return "Give the token the scope that this call needs, then restart.";
  const granular = scopes.granular.join(" and ");
  const named = scopes.classic === undefined ? granular : `${scopes.classic} (classic), or ${granular} (granular)`;
  return `Give the token the scope that this call needs, ${named}, then restart.`;
}
