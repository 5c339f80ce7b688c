import { indexSpace, type SpaceFacts, type SpaceIndex } from "../access/SpaceFacts.js";
import type { SpaceId } from "../domain/ids.js";
import { LastMade } from "../loaders/engine/KeptThings.js";

/** How many grants the spaces have together that are kept arranged: some hundred bytes each. The least recently used go first. */
const mostGrants = 200_000;

const bytesOfGrant = 300;

interface Kept {
  readonly made: LastMade<SpaceIndex>;
  grants: number;
}

/**
 * What spaces grant, arranged for questions about access and kept across requests: each for as long as it is asked for of
 * the very reading it was made of. Where something failed it is made anew, since a failure is nobody else's.
 */
export class KeptSpaces {
  readonly #spaces = new Map<SpaceId, Kept>();
  readonly #mostGrants: number;
  #grants = 0;

  constructor(most = mostGrants) {
    this.#mostGrants = most;
  }

  /** What the arrangement takes, about. */
  get bytes(): number {
    return this.#grants * bytesOfGrant;
  }

  indexOf(facts: SpaceFacts): SpaceIndex {
    const { spaceId, status, model, grants, roles, gaps } = facts;
    if (gaps.length + grants.gaps.length + roles.gaps.length > 0) return indexSpace(facts);
    const kept = this.#spaces.get(spaceId) ?? { made: new LastMade<SpaceIndex>(), grants: 0 };
    const hasRoles = grants.items.some(({ kind }) => kind === "role");
    const madeOf = [status, model, grants.items, grants.asOfMs, grants.assumptions];
    const index = kept.made.get(hasRoles ? [...madeOf, roles.items, roles.asOfMs] : madeOf, () => indexSpace(facts));
    this.#grants += grants.items.length - kept.grants;
    kept.grants = grants.items.length;
    this.#spaces.delete(spaceId);
    this.#spaces.set(spaceId, kept);
    this.#dropOldest();
    return index;
  }

  #dropOldest(): void {
    for (const [spaceId, { grants }] of this.#spaces) {
      if (this.#grants <= this.#mostGrants) return;
      this.#spaces.delete(spaceId);
      this.#grants -= grants;
    }
  }
}
