import type { SpaceFacts } from "../access/SpaceFacts.js";
import type { AccountId, GroupId, RoleId, SpaceId } from "../domain/ids.js";
import { SiteLoaders } from "../loaders/engine/SiteLoaders.js";
import type { SiteStore } from "../loaders/engine/SiteStore.js";
import type { Aftermath } from "../readings/residualAccess.js";
import type { AskedChange, MembershipChange } from "./Change.js";
import type { SpaceState } from "./plans/SpaceState.js";
import type { ChangeResult } from "./reconcile/Task.js";

/** How things stand once the changes of a request are through; in a dry run, how they would. */
export interface Afterwards extends Aftermath {
  /** Answer nothing that is older than the end of the changes. */
  readonly loaders: SiteLoaders;
}

/** A change, as the site spells it, and how it ended. */
export interface CarriedOut {
  /** A row that is not there tells of nobody: its revocation is left as it was asked for. */
  readonly change: AskedChange;
  readonly result: ChangeResult;
  /** The other role that the principal held where one was to be granted: replaced, kept, or in the way. */
  readonly otherRoleId: RoleId | null;
  /** `null` where nothing was read. */
  readonly after: Afterwards | null;
}

/**
 * Collects how the targets of a request's changes stand when all of them are through, as they were read back last; in a dry
 * run, as they would. What a revocation leaves is told of that, without reading it again.
 */
export class Aftermaths {
  readonly #spaces = new Map<SpaceId, SpaceFacts>();
  readonly #memberships = new Map<AccountId, Map<GroupId, boolean>>();

  /** What a space grants; nothing where it could not be read back, so that it is read when it is asked for. */
  space(spaceId: SpaceId, state: SpaceState | null): void {
    this.#spaces.delete(spaceId);
    if (state === null) return;
    const { space, grants, trust, model, roles } = state;
    const { gaps, asOfMs, assumptions } = trust;
    this.#spaces.set(spaceId, {
      ...{ spaceId, status: space.status, model, gaps: [] },
      grants: { items: grants, gaps, asOfMs, assumptions },
      roles: { items: roles, gaps: [], asOfMs, assumptions: [] },
    });
  }

  /** What a dry run would make of a membership: nobody can be asked for that. */
  planned({ kind, groupId, accountId }: MembershipChange): void {
    const ofAccount = this.#memberships.get(accountId) ?? new Map<GroupId, boolean>();
    this.#memberships.set(accountId, ofAccount.set(groupId, kind === "grantMembership"));
  }

  finish(store: SiteStore): Afterwards {
    return {
      spaces: this.#spaces,
      memberships: this.#memberships,
      loaders: new SiteLoaders(store, store.clock.now()),
    };
  }
}

/** How things stand now, of which nothing is known: all of it is read when it is asked for. */
export function readAnew(store: SiteStore): Afterwards {
  return new Aftermaths().finish(store);
}
