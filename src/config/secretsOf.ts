import type { CloudCredential } from "./CloudCredential.js";
import type { DataCenterCredential } from "./DataCenterCredential.js";
import { Secret } from "./Secret.js";
import type { SiteConfig } from "./SiteConfig.js";

/** Every secret that a site's configuration holds: what must never be printed. */
export function secretsOf({ credential, organization }: SiteConfig): Secret[] {
  return [
    ...ofCredential(credential),
    ...(organization === null ? [] : [organization.apiKey]),
    ...(organization?.scim ? [organization.scim.key] : []),
  ];
}

/** What an address such as `postgres://user:password@host/name` must never be printed of: all of it, and the password as it is. */
export function secretsOfAddress(address: Secret): Secret[] {
  const { password, searchParams } = new URL(address.reveal());
  const parts = [password, decodeURIComponent(password), searchParams.get("password") ?? ""];
  return [address, ...new Set(parts.filter((part) => part !== ""))].map((part) =>
    part instanceof Secret ? part : new Secret(part),
  );
}

function ofCredential(credential: CloudCredential | DataCenterCredential): Secret[] {
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
