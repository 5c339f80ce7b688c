import { describeAccount } from "../access/AccountFacts.js";
import type { AccessIndex } from "../access/index/AccessIndex.js";
import type { AccountPart, SpacePart } from "../access/index/parts.js";
import type { Steps } from "../access/index/store/slices.js";
import type { ConfluenceSite } from "../confluence/port.js";
import type { Account } from "../domain/Account.js";
import { type Complete, knownEmpty } from "../domain/Complete.js";
import type { AccountId, SpaceId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import { isSpaceLeftOut, type Space } from "../domain/Space.js";

/** Rows of a list that one step looks at. */
const rowsAStep = 250;

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

/** Takes over what lists tell of spaces but for those that are left out; answers which they are. */
export function* takingSpaces(
  index: AccessIndex,
  lists: readonly Complete<Space>[],
  leftOut: ConfluenceSite["leftOut"],
): Steps<Set<SpaceId>> {
  const taken = new Set<SpaceId>();
  for (const { items } of lists)
    for (let start = 0; start < items.length; start += rowsAStep) {
      const shown = items.slice(start, start + rowsAStep).filter((space) => !isSpaceLeftOut(space, leftOut));
      index.replaceSpaces(shown.map(spacePart));
      for (const { spaceId } of shown) taken.add(spaceId);
      yield;
    }
  return taken;
}

/** The spaces that are known by more than their name, and that no list holds. */
export function* spacesBeyond(index: AccessIndex, listed: ReadonlySet<SpaceId>): Steps<SpaceId[]> {
  const beyond: SpaceId[] = [];
  let seen = 0;
  for (const { spaceId, isDescribed } of index.inventory.spaces()) {
    if (isDescribed && !listed.has(spaceId)) beyond.push(spaceId);
    seen += 1;
    if (seen % rowsAStep === 0) yield;
  }
  return beyond;
}

/** Forgets whom nothing has told of since then. */
export function* forgettingUntold(index: AccessIndex, sinceMs: number): Steps {
  let seen = 0;
  for (const { accountId, asOfMs } of index.inventory.accounts()) {
    if (asOfMs < sinceMs) index.forgetAccount(accountId);
    seen += 1;
    if (seen % rowsAStep === 0) yield;
  }
}
