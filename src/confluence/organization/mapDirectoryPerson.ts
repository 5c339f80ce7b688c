import type { DirectoryPerson } from "../../domain/DirectoryPerson.js";
import type { AccountId } from "../../domain/ids.js";
import { atlassianExtension, enterpriseExtension, type ScimUserWire } from "./wire/scimWire.js";

/** A SCIM user as a person; `null` for one that is not joined to an Atlassian account yet. */
export function mapDirectoryPerson(user: ScimUserWire): DirectoryPerson | null {
  const accountId = user[atlassianExtension]?.atlassianAccountId;
  if (!accountId) return null;
  return {
    accountId: accountId as AccountId,
    scimId: user.id ?? null,
    givenName: user.name?.givenName ?? null,
    familyName: user.name?.familyName ?? null,
    department: user[enterpriseExtension]?.department ?? user.department ?? null,
    externalId: user.externalId ?? null,
  };
}
