import type { Group } from "../domain/Group.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import { account } from "../loaders/account.js";
import { group as groupLoader } from "../loaders/group.js";
import { groupMembers } from "../loaders/groupMembers.js";
import { memberOf } from "../loaders/memberOf.js";
import type { SiteStore } from "../loaders/SiteStore.js";
import type { Change } from "./Change.js";
import type { ChangePlace } from "./ChangePlace.js";
import { faultFromError } from "./faultFromError.js";
import { PlaceUnknown } from "./PlaceUnknown.js";
import type { Plan } from "./Plan.js";
import { planMembership } from "./planMembership.js";
import { refuse } from "./refuse.js";
import type { Step } from "./Step.js";

type MembershipChange = Extract<Change, { kind: "grantMembership" | "revokeMembership" }>;

interface GroupState {
  readonly group: Group;
  readonly members: ReadonlySet<AccountId>;
}

/** One group as a place of changes. */
export class GroupPlace implements ChangePlace<GroupState> {
  readonly key: string;
  readonly #store: SiteStore;
  readonly #groupId: GroupId;

  constructor(store: SiteStore, groupId: GroupId) {
    this.key = JSON.stringify([store.site.siteId, "group", groupId]);
    this.#store = store;
    this.#groupId = groupId;
  }

  async readState(): Promise<GroupState> {
    const store = this.#store;
    try {
      const group = await store.read(groupLoader, this.#groupId);
      store.of(groupMembers).drop(this.#groupId);
      const members = group === null ? null : await store.read(groupMembers, this.#groupId);
      if (group === null || members === null) {
        const message = `The site has no group ${this.#groupId}.`;
        throw new PlaceUnknown({ code: "GROUP_NOT_FOUND", field: ["groupId"], message });
      }
      const [gap] = members.gaps;
      if (gap !== undefined) {
        const message = `The members of the group could not be read whole, so nothing is changed: ${gap.reason}`;
        throw new PlaceUnknown({ code: "STATE_UNKNOWN", field: ["groupId"], message });
      }
      return { group, members: new Set(members.items) };
    } catch (error) {
      if (error instanceof SiteError) throw new PlaceUnknown({ ...faultFromError(error), code: "STATE_UNKNOWN" });
      throw error;
    }
  }

  async plan(change: Change, { group, members }: GroupState): Promise<Plan> {
    const { kind, accountId } = change as MembershipChange;
    const plan = planMembership(kind, { group, isMember: members.has(accountId) });
    if (kind !== "grantMembership" || plan.kind !== "steps") return plan;
    const isKnown = (await this.#store.read(account, accountId)) !== null;
    return isKnown ? plan : refuse("ACCOUNT_NOT_FOUND", ["accountId"], `The site knows no account ${accountId}.`);
  }

  async apply(change: Change, step: Step): Promise<void> {
    const { accountId } = change as MembershipChange;
    const { writer } = this.#store.site;
    try {
      if (step.kind === "addMember") return await writer.addMember(this.#groupId, accountId);
      if (step.kind === "removeMember") return await writer.removeMember(this.#groupId, accountId);
      throw new Error(`A group has no permissions: ${step.kind}`);
    } finally {
      // Its groups change with it, whatever comes of the call; a reading that began before must not stay.
      this.#store.of(memberOf).drop(accountId);
    }
  }

  describe(change: Change, { members }: GroupState): string[] {
    return members.has((change as MembershipChange).accountId) ? ["member"] : [];
  }
}
