import { isObject } from "../cloud/isObject.js";
import type { Reply } from "../http/Reply.js";
import type { SandboxClock } from "../http/SandboxClock.js";
import type { SandboxRequest } from "../http/SandboxRequest.js";
import type { Service } from "../http/Service.js";
import type { CredentialBook } from "./CredentialBook.js";

/** What the token endpoint needs to answer. */
export interface TokenServiceParts {
  readonly credentials: CredentialBook;
  readonly clock: SandboxClock;
}

const path = "/oauth/token";

/**
 * The token endpoint of `auth.atlassian.com`, for service accounts: client credentials in a JSON or form body, no refresh
 * token, no audience. A wrong client or secret is `access_denied`, in the words of the real one.
 */
export function createTokenService({ credentials, clock }: TokenServiceParts): Service {
  function answer(request: SandboxRequest): Reply {
    if (request.method !== "POST") {
      return refuse(501, "not_implemented", `The sandbox does not emulate ${request.method} ${path}.`);
    }
    const fields = readFields(request);
    if (fields === null) return refuse(400, "invalid_request", "Send a JSON object or a form.");
    const { grant_type: grantType, client_id: clientId, client_secret: clientSecret } = fields;
    if (grantType !== "client_credentials") {
      return grantType === undefined
        ? refuse(400, "invalid_request", "Missing required parameter: grant_type")
        : refuse(400, "unsupported_grant_type", `Unsupported grant type: ${String(grantType)}`);
    }
    if (typeof clientId !== "string" || typeof clientSecret !== "string") {
      return refuse(400, "invalid_request", "Missing required parameter: client_id or client_secret");
    }
    const issued = credentials.issue(clientId, clientSecret, clock.now());
    if (issued === null) return refuse(401, "access_denied", "Unauthorized");
    return {
      status: 200,
      body: {
        access_token: issued.accessToken,
        token_type: "Bearer",
        expires_in: issued.expiresInSeconds,
        scope: issued.scopes.join(" "),
      },
      headers: { "Cache-Control": "no-store" },
    };
  }

  return {
    owns: (asked) => asked === path,
    localPath: (asked) => asked,
    answer,
    error: (_request, status, message) =>
      refuse(status, status === 429 ? "too_many_requests" : "server_error", message),
  };
}

function readFields({ headers, body }: SandboxRequest): Readonly<Record<string, unknown>> | null {
  const type = headers["content-type"] ?? "";
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) return Object.fromEntries(new URLSearchParams(body ?? ""));
  if (!/^application\/json\b/i.test(type)) return null;
  try {
    const json: unknown = JSON.parse(body ?? "");
    return isObject(json) ? json : null;
  } catch {
    return null;
  }
}

function refuse(status: number, error: string, description: string): Reply {
  return { status, body: { error, error_description: description } };
}
