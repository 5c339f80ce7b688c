import type { PartCopy } from "../../access/index/copies/PartCopies.js";
import { account } from "../../loaders/accounts.js";
import { readPosition } from "../../loaders/fleet/positions/position.js";
import type { SitePositions } from "../../loaders/fleet/SiteChanges.js";
import { spaceGrants } from "../../loaders/grants.js";
import { groupChildren } from "../../loaders/groups.js";
import { groupMembers } from "../../loaders/memberships.js";

/** Whether parts that others read can be right, by the changes of ours that this process has heard of. */
export class TouchedParts {
  readonly #positions: SitePositions;
  /** From where on every change was heard. */
  #heardFrom: { readonly epoch: string; readonly n: number } | null = null;

  constructor(positions: SitePositions) {
    this.#positions = positions;
  }

  /** Up to which change this process has heard of all; `null` where nobody can tell. */
  get upTo(): string | null {
    const text = this.#positions.appliedPosition;
    const applied = text === null ? null : readPosition(text);
    if (applied === null) {
      this.#heardFrom = null;
      return null;
    }
    if (this.#heardFrom?.epoch !== applied.epoch) this.#heardFrom = applied;
    return text;
  }

  /** Whether no change can have passed by between parts that are right up to there and what was heard since. */
  isJoined(upTo: string | null): boolean {
    const position = upTo === null || this.upTo === null ? null : readPosition(upTo);
    const from = this.#heardFrom;
    return position !== null && from !== null && position.epoch === from.epoch && position.n >= from.n;
  }

  /** Whether a change may have touched a part since then. What was heard of the site as a whole, others have heard as well. */
  isTouched(upTo: string, copy: PartCopy): boolean {
    switch (copy.of) {
      case "group":
        return (
          this.#positions.isTouchedSince(upTo, groupMembers, copy.id, null) ||
          this.#positions.isTouchedSince(upTo, groupChildren, copy.id, null)
        );
      case "space":
        return this.#positions.isTouchedSince(upTo, spaceGrants, copy.id, null);
      case "accounts":
        return copy.rows.some(([accountId]) => this.#positions.isTouchedSince(upTo, account, accountId, null));
      default:
        return false;
    }
  }
}
