import type { AccountId } from "./ids.js";

/** What an identity provider synchronised about a person; joined to an account by its Atlassian account id. */
export interface DirectoryPerson {
  readonly accountId: AccountId;
  /** The id that the synchronised directory has for the person. */
  readonly scimId: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly department: string | null;
  readonly externalId: string | null;
}
