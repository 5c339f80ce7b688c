import { isObject, type Reply, type SandboxClock, type SandboxRequest, type Service } from "../http/service.js";
import type { CredentialBook } from "./credentials.js";

/** What the token endpoint needs to answer. */
interface TokenServiceParts {
  readonly credentials: CredentialBook;
  readonly clock: SandboxClock;
}

const path = "/oauth/token";

interface Client {
  readonly id: string;
  readonly secret: string;
}

/**
 * The token endpoint of `auth.atlassian.com`, for service accounts: client credentials in a JSON or form body or, as RFC 6749 has
 * it, in a Basic header; no refresh token, no audience. A wrong client or secret is `access_denied`, in the words of the real one.
 */
export function createTokenService({ credentials, clock }: TokenServiceParts): Service {
  function answer(request: SandboxRequest): Reply {
    if (request.method !== "POST") {
      return { ...refuse(405, "invalid_request", "Method Not Allowed"), headers: { Allow: "POST" } };
    }
    const fields = readFields(request);
    if (fields === null) return refuse(400, "invalid_request", "Send a JSON object or a form.");
    const { grant_type: grantType } = fields;
    if (grantType !== "client_credentials") {
      return grantType === undefined
        ? refuse(400, "invalid_request", "Missing required parameter: grant_type")
        : refuse(400, "unsupported_grant_type", `Unsupported grant type: ${String(grantType)}`);
    }
    const inHeader = readHeader(request.headers.authorization);
    if (inHeader !== null && fields.client_secret !== undefined) {
      return refuse(400, "invalid_request", "Send the client's secret in the header or in the body, not in both.");
    }
    const named = inHeader ?? readBody(fields);
    if (named.length === 0) {
      return refuse(400, "invalid_request", "Missing required parameter: client_id or client_secret");
    }
    const now = clock.now();
    const issued = named.map(({ id, secret }) => credentials.issue(id, secret, now)).find((each) => each !== null);
    if (issued === undefined) {
      const challenge = inHeader === null ? {} : { headers: { "WWW-Authenticate": "Basic" } };
      return { ...refuse(401, "access_denied", "Unauthorized"), ...challenge };
    }
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

/** Null without a Basic header. */
function readHeader(authorization: string | undefined): readonly Client[] | null {
  const encoded = /^Basic +([A-Za-z0-9+/=]+) *$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 0) return [];
  const [id, secret] = [text.slice(0, colon), text.slice(colon + 1)];
  // Both are form-urlencoded by the standard, and by half of the clients.
  const decoded = { id: formDecoded(id), secret: formDecoded(secret) };
  return decoded.id === id && decoded.secret === secret ? [decoded] : [decoded, { id, secret }];
}

function formDecoded(text: string): string {
  return new URLSearchParams(`x=${text.replaceAll("&", "%26")}`).get("x") ?? text;
}

function readBody({ client_id: id, client_secret: secret }: Readonly<Record<string, unknown>>): readonly Client[] {
  return typeof id === "string" && typeof secret === "string" ? [{ id, secret }] : [];
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
