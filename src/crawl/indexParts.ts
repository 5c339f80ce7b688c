import { describeAccount } from "../access/AccountFacts.js";
import type { AccountPart, SpacePart } from "../access/index/parts.js";
import type { Account } from "../domain/Account.js";
import { knownEmpty } from "../domain/Complete.js";
import type { AccountId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import type { Space } from "../domain/Space.js";

/** A row of a list of users that tells who it is and nothing more in a shape that is known: the account is asked for alone. */
export const untold = new SiteError(
  "ContractDrift",
  "The list of users tells nothing of the account that can be read.",
  {
    call: "GET /rest/api/user/list",
  },
);

/** An account as the index has it, or why nobody knows it. Its groups come from the lists of their members. */
export function partOf(accountId: AccountId, known: Account | SiteError | null): AccountPart {
  const { groups: _none, ...part } = describeAccount(accountId, known, knownEmpty(0));
  return part;
}

/** Data Center tells of a personal space only who made it: mostly the person, who has it by a permission to have one. */
export function spacePart(space: Space): SpacePart {
  const ownerId = space.ownerId ?? (space.kind === "PERSONAL" ? space.authorId : null);
  return { ...space, ownerId, gaps: [] };
}
