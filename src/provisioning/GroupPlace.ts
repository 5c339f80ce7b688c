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
import { faultOfReading } from "./faultOfReading.js";
import { forgetLicence } from "./forgetLicence.js";
import { groupsAbove } from "./groupsAbove.js";
import { isLost } from "./isLost.js";
import { PlaceUnknown } from "./PlaceUnknown.js";
import type { Plan } from "./Plan.js";
import { planMembership } from "./planMembership.js";
import { readUndecidedMembers } from "./readUndecidedMembers.js";
import { refuse } from "./refuse.js";
import type { Step } from "./Step.js";

type MembershipChange = Extract<Change, { kind: "grantMembership" | "revokeMembership" }>;

interface GroupState {
  readonly group: Group;
  /** Whom the site lists. */
  readonly listed: ReadonlySet<AccountId>;
  /** Of these, whose own membership the list does not tell; read at most once, when it matters. */
  undecided: Promise<ReadonlySet<AccountId>> | null;
}

/**
 * One group as a place of changes. Some Data Center directories list the members of child groups too: then nothing tells
 * whether somebody who is in a child group is a member by itself as well. A grant or a revocation is sent all the same, which
 * does no harm where there was nothing to do, and is `CREATED` or `REMOVED` when it was accepted, however the list goes on;
 * repeated, it is sent and answered the same way.
 */
export class GroupPlace implements ChangePlace<GroupState> {
  readonly key: string;
  readonly #store: SiteStore;
  readonly #groupId: GroupId;
  /** What became of the one call for each account. */
  readonly #sent = new Map<AccountId, "accepted" | "lost">();
  #above: ReadonlySet<GroupId> | null = null;

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
        throw new PlaceUnknown({ code: "GROUP_NOT_FOUND", field: ["group"], message });
      }
      const [gap] = members.gaps;
      if (gap !== undefined) {
        const message = `The members of the group could not be read whole, so nothing is changed: ${gap.reason}`;
        throw new PlaceUnknown({ code: "STATE_UNKNOWN", field: ["group"], message });
      }
      return { group, listed: new Set(members.items), undecided: null };
    } catch (error) {
      if (error instanceof SiteError) throw new PlaceUnknown(faultOfReading(error));
      throw error;
    }
  }

  async plan(change: Change, state: GroupState): Promise<Plan> {
    const { kind, accountId } = change as MembershipChange;
    const { group } = state;
    const isMember = await this.#isMember(change as MembershipChange, state);
    if (isMember === null) return refuse("STATE_UNKNOWN", ["account"], answerNotSeen);
    const plan = planMembership(kind, { group, isMember });
    if (plan.kind !== "steps") return plan;
    const isGrant = kind === "grantMembership";
    const { deployment, writer } = this.#store.site;
    // On Cloud nothing about an account stands in the way of ending its membership: its facts are not read for that.
    if (!isGrant && deployment === "cloud") return plan;
    const known = await this.#store.read(account, accountId);
    if (known === null) {
      const message = `The site knows no account ${accountId}.`;
      return isGrant ? refuse("ACCOUNT_NOT_FOUND", ["account"], message) : plan;
    }
    const objection = writer.objectionToMembership(this.#groupId, known);
    return objection === null ? plan : refuse("UNSUPPORTED", ["account"], objection);
  }

  async apply(change: Change, step: Step): Promise<void> {
    const { accountId } = change as MembershipChange;
    const { writer } = this.#store.site;
    try {
      if (step.kind === "addMember") await writer.addMember(this.#groupId, accountId);
      else if (step.kind === "removeMember") await writer.removeMember(this.#groupId, accountId);
      else throw new Error(`A group has no permissions: ${step.kind}`);
      this.#sent.set(accountId, "accepted");
    } catch (error) {
      if (error instanceof SiteError && isLost(error)) this.#sent.set(accountId, "lost");
      throw error;
    } finally {
      // Its groups and its licence change with it, whatever comes of the call; a reading that began before must not stay.
      this.#store.of(memberOf).drop(accountId);
      forgetLicence(this.#store, accountId);
      // Some directories list the members of child groups too.
      this.#above ??= groupsAbove(this.#store, [this.#groupId]);
      for (const above of this.#above) this.#store.of(groupMembers).drop(above);
    }
  }

  describe(change: Change, { listed }: GroupState): string[] {
    const { kind, accountId } = change as MembershipChange;
    if (!listed.has(accountId)) return [];
    const isRevoked = kind === "revokeMembership" && this.#sent.get(accountId) === "accepted";
    return [isRevoked ? "listed because of a group in it" : "member"];
  }

  /** What the change is to be planned on; `null` where an answer was lost and no reading tells what became of the call. */
  async #isMember({ kind, accountId }: MembershipChange, state: GroupState): Promise<boolean | null> {
    if (!state.listed.has(accountId)) return false;
    const sent = this.#sent.get(accountId);
    // Whoever is listed was put in, or is to be taken out, whatever else explains it.
    if (kind === "grantMembership" ? sent === "accepted" : sent === undefined) return true;
    state.undecided ??= readUndecidedMembers(this.#store, this.#groupId, state.listed);
    if (!(await state.undecided).has(accountId)) return true;
    return sent === "lost" ? null : false;
  }
}

const answerNotSeen =
  "The answer to the change was lost, and the list cannot show what became of it: the account is in a group below this one, whose members are listed here too. It is safe to repeat.";
