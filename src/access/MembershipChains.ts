import type { GroupId } from "../domain/ids.js";
import { compareCodePoints } from "../domain/textOrder.js";
import type { MembershipStep } from "./AccessPath.js";
import { accessLimits } from "./accessLimits.js";
import { principalName } from "./principalName.js";
import type { ResolvedAccount } from "./ResolvedAccount.js";

interface Search {
  readonly found: (readonly MembershipStep[])[];
  readonly room: number;
  hasLonger: boolean;
}

/** The chains of memberships from one account to groups, a group at most once in each (rule 8). */
export class MembershipChains {
  readonly #account: ResolvedAccount;
  #steps = 0;

  constructor(account: ResolvedAccount) {
    this.#account = account;
  }

  /** Whether the search was given up: the groups are nested into a knot with more chains than anybody could read. */
  get isExhausted(): boolean {
    return this.#steps > accessLimits.chainSteps;
  }

  /** The chains of exactly `length` memberships, at most `room` of them, and whether there may be longer ones. */
  find(groupId: GroupId, length: number, room: number): Pick<Search, "found" | "hasLonger"> {
    const search: Search = { found: [], room, hasLonger: false };
    this.#walk([groupId], length - 1, search);
    return search;
  }

  /** Goes from the target towards the account, never into a group from which what remains would not suffice. */
  #walk(towards: readonly GroupId[], remaining: number, search: Search): void {
    const [groupId] = towards;
    if (groupId === undefined || search.found.length >= search.room || this.isExhausted) return;
    this.#steps++;
    if (remaining === 0 && this.#account.groups.isDirect(groupId)) search.found.push(this.#stepsOf(towards));
    for (const child of this.#childrenOf(groupId)) {
      if (towards.includes(child)) continue;
      if ((this.#account.groups.depthOf(child) ?? 0) > remaining) search.hasLonger = true;
      else this.#walk([child, ...towards], remaining - 1, search);
    }
  }

  #childrenOf(groupId: GroupId): GroupId[] {
    const nameOf = (id: GroupId) => principalName({ kind: "group", groupId: id }, this.#account);
    return (this.#account.site.childrenOf.get(groupId) ?? [])
      .filter((child) => this.#account.groups.depthOf(child) !== null)
      .sort((left, right) => compareCodePoints(nameOf(left), nameOf(right)) || compareCodePoints(left, right));
  }

  #stepsOf(towards: readonly GroupId[]): MembershipStep[] {
    return towards.map((groupId, index) => {
      const member = towards[index - 1];
      return {
        member:
          member === undefined
            ? { kind: "account", accountId: this.#account.facts.accountId }
            : { kind: "group", groupId: member },
        groupId,
      };
    });
  }
}
