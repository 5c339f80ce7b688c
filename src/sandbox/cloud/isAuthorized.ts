import { createHash, timingSafeEqual } from "node:crypto";

/** An e-mail and its API token. */
export interface SandboxCredential {
  readonly email: string;
  readonly apiToken: string;
}

/** Whether an `Authorization` header is Basic with exactly this credential. */
export function isAuthorized(header: string | undefined, credential: SandboxCredential): boolean {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return false;
  const given = Buffer.from(encoded, "base64").toString("utf8");
  return timingSafeEqual(digest(given), digest(`${credential.email}:${credential.apiToken}`));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
