import type { Assumption, Complete, Gap, Trust } from "../../domain/Complete.js";
import type { GlobalGrant, SpaceGrant, SpaceRole } from "../../domain/Grant.js";
import type { AccountId, GroupId, SpaceId, SpaceKey } from "../../domain/ids.js";
import type { Operation } from "../../domain/Operation.js";
import type { Principal } from "../../domain/Principal.js";
import type { PermissionModel } from "../../domain/Site.js";
import type { SpaceKind, SpaceStatus } from "../../domain/Space.js";
import type { AccountFacts } from "../AccountFacts.js";
import type { SiteFacts } from "../SiteFacts.js";

/** What an account is, but for its groups; what `describeAccount` answers fits. */
export type AccountPart = Omit<AccountFacts, "groups">;

export interface GroupPart {
  readonly groupId: GroupId;
  readonly name: string | null;
}

/** What a space is, but for its grants. */
export interface SpacePart {
  readonly spaceId: SpaceId;
  readonly key: SpaceKey | null;
  readonly name: string | null;
  readonly kind: SpaceKind;
  readonly status: SpaceStatus;
  /** Whose space a personal one is; `null`, or left out, where nobody tells. */
  readonly ownerId?: AccountId | null;
  /** Why the status is `UNKNOWN`, where reading it failed. */
  readonly gaps: readonly Gap[];
}

export interface RolePart {
  readonly model: PermissionModel;
  readonly roles: Complete<SpaceRole>;
  /** Why the model is `UNKNOWN`, where reading it failed. */
  readonly gaps: readonly Gap[];
}

export type GrantPart = Complete<SpaceGrant>;
export type GlobalPart = Complete<GlobalGrant> | null;

/** What lists of accounts, and of spaces, can be in the order of; where it is alike, ids decide. */
export type AccountSortKey = "ID" | "DISPLAY_NAME";
export type SpaceSortKey = "ID" | "NAME" | "KEY";

export interface IndexOptions {
  readonly rules: SiteFacts["rules"];
  /** Whether groups may hold groups: then the child groups of each are a part of their own. */
  readonly hasNestedGroups: boolean;
  /** Whether what accounts are is told apart from their list (Cloud): then nothing is known of one until that was read. */
  readonly areFactsApart?: boolean;
  /** What names a granular row where that follows from what is granted to whom (Data Center): such ids take no room. */
  permissionIdOf?(principal: Principal, operation: Operation): string;
}

/** Whether a list was read to its end, and when. Until it was read there is a gap. */
export class ListState {
  gaps: readonly Gap[];
  asOfMs = Number.POSITIVE_INFINITY;
  assumptions: readonly Assumption[] = [];
  #told: readonly Gap[];

  constructor(what: string) {
    this.#told = [notReadYet(what)];
    this.gaps = this.#told;
  }

  doubt(gap: Gap | null): void {
    this.gaps = gap === null ? this.#told : [...this.#told, gap];
  }

  /** What was told of it, without the doubt. */
  get told(): readonly Gap[] {
    return this.#told;
  }

  /** Puts back what was stored elsewhere. */
  restore(told: readonly Gap[], trust: Trust): void {
    this.settle(trust);
    this.#told = told;
  }

  settle({ gaps, asOfMs, assumptions }: Trust): void {
    this.#told = gaps;
    this.gaps = gaps;
    this.asOfMs = asOfMs;
    this.assumptions = assumptions;
  }
}

/** The gap of a part that the index waits for. */
export function notReadYet(what: string): Gap {
  return {
    missing: what,
    kind: "ReadIncomplete",
    reason: "The access index has not come to it yet.",
    call: null,
    retryAfterMs: null,
  };
}
