import type { AccountId } from "../../domain/ids.js";
import type { DirectoryPerson } from "../../domain/Organization.js";
import { atlassianExtension, enterpriseExtension, type ScimUserWire } from "./wire/scimWire.js";

/** A SCIM user as a person; `null` for one that is not joined to an Atlassian account yet. */
export function mapDirectoryPerson(user: ScimUserWire): DirectoryPerson | null {
  const accountId = user[atlassianExtension]?.atlassianAccountId;
  if (!accountId) return null;
  return {
    accountId: accountId as AccountId,
    scimId: user.id ?? null,
    givenName: textOrNull(user.name?.givenName),
    familyName: textOrNull(user.name?.familyName),
    department: textOrNull(user[enterpriseExtension]?.department) ?? textOrNull(user.department),
    externalId: textOrNull(user.externalId),
  };
}

/** An identity provider that has no name sends an empty one. */
function textOrNull(text: string | null | undefined): string | null {
  return text === undefined || text === "" ? null : text;
}
