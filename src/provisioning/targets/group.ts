import type { AccountId, GroupId } from "../../domain/ids.js";
import type { Group } from "../../domain/Principal.js";
import { isOfKind, notVisible, outcomeOf, SiteError, siteErrorOf } from "../../domain/SiteError.js";
import { account } from "../../loaders/accounts.js";
import type { SiteStore } from "../../loaders/engine/SiteStore.js";
import { group as groupLoader } from "../../loaders/groups.js";
import { groupMembers, memberOf } from "../../loaders/memberships.js";
import { organizationUser } from "../../loaders/organization.js";
import { readUndecidedMembers } from "../../readings/groupMembers.js";
import type { MembershipChange } from "../Change.js";
import { faultOfReading } from "../changeFaults.js";
import { noLoss } from "../guards/AdministratorSearch.js";
import { refuseEmptyingGroup } from "../guards/groupLoss.js";
import { refuseUnmandatedMembership } from "../guards/mandate.js";
import { refuseOwnMembership } from "../guards/ownAccess.js";
import { reaching, reachOfMembership } from "../guards/reach.js";
import { type Call, type CallPlan, stepsOf } from "../plans/Call.js";
import { newcomer } from "../policy/underPolicy.js";
import { isRefusal } from "../reconcile/Attempt.js";
import { type Plan, type Refusal, refuse, type Target, TargetUnknown, type Task } from "../reconcile/Task.js";
import type { FreshFacts } from "./FreshFacts.js";
import type { Asked } from "./space.js";

/** What a membership change is planned on, freshly read. */
export interface GroupState {
  readonly group: Group;
  /** Whom the site lists. */
  readonly listed: ReadonlySet<AccountId>;
  /** Of these, whose own membership the list does not tell; read at most once a reading, when it matters. */
  undecided: Promise<ReadonlySet<AccountId>> | null;
  /** Of whom it does not list, who is a member all the same: asked one by one, at most once a reading. */
  readonly unlisted: Map<AccountId, Promise<boolean>>;
  /** Those of them who are, as far as it was asked. */
  readonly hidden: Set<AccountId>;
}

/** One group as a target of changes. */
export function groupTarget(facts: FreshFacts, groupId: GroupId): Target<GroupState> {
  return {
    key: JSON.stringify([facts.store.site.siteId, "group", groupId]),
    renew: () => facts.renew(),
    read: async () => {
      try {
        return await readGroupState(facts, groupId);
      } catch (error) {
        const failure = siteErrorOf(error);
        throw new TargetUnknown(faultOfReading(failure), failure.status);
      }
    },
  };
}

async function readGroupState({ store, loaders }: FreshFacts, groupId: GroupId): Promise<GroupState> {
  store.of(groupMembers).drop(groupId);
  // Side by side: whoever waits for the group waits for both, before and after each change.
  const [group, members] = await Promise.all([
    loaders.of(groupLoader).get(groupId),
    outcomeOf(store.read(groupMembers, groupId)),
  ]);
  if (group === null || members === null) {
    const message = `The site has no group ${groupId}.`;
    throw new TargetUnknown({ code: "GROUP_NOT_FOUND", field: ["group"], message });
  }
  if (members instanceof Error) throw members;
  const [gap] = members.gaps;
  if (gap !== undefined) {
    const message = `The members of the group could not be read whole, so nothing is changed: ${gap.reason}`;
    throw new TargetUnknown({ code: "STATE_UNKNOWN", field: ["group"], message });
  }
  return { group, listed: new Set(members.items), undecided: null, unlisted: new Map(), hidden: new Set() };
}

/** What a call came to; `unclear`: its answer was lost, or was a failure that may have come after it was carried out. */
type Sent = "accepted" | "unclear" | null;

/** How somebody is in a group, as far as a change of it goes; `unknown` where no reading tells what became of a call. */
type HeldMembership = "member" | "inherited" | "none" | "unknown";

/**
 * One membership. Whom the list leaves out is asked for by itself, before and after. Some Data Center directories list the
 * members of child groups too: then nothing tells whether somebody who is in a child group is a member by itself as well. A
 * grant or a revocation is sent all the same, which does no harm where there was nothing to do. A grant that was accepted is
 * `CREATED`; after a revocation that was accepted the account is there by the child group alone, `INHERITED`. Repeated, it is
 * sent and answered the same way.
 */
export function membershipTask(
  facts: FreshFacts,
  change: MembershipChange,
  { provenance, resumes, isForNewcomer, own, together }: Asked & { readonly together?: ReadonlySet<AccountId> },
): Task<GroupState> {
  const { kind, groupId, accountId } = change;
  const { store } = facts;
  const told: Told = { sent: null, wasListed: false };
  const send = async (call: Call): Promise<void> => {
    const { writer } = store.site;
    try {
      if (call.kind === "addMember") await writer.addMember(groupId, accountId);
      else if (call.kind === "removeMember") await writer.removeMember(groupId, accountId);
      else throw new Error(`A group has no permissions: ${call.kind}`);
      told.sent = "accepted";
    } catch (error) {
      if (error instanceof SiteError && !isRefusal(error)) told.sent = "unclear";
      throw error;
    }
  };
  const refuseEmptying = async ({ listed }: GroupState): Promise<Refusal | null> => {
    // Nobody whom the list leaves out administers anything: Cloud leaves out who is suspended.
    if (!listed.has(accountId) || provenance.acknowledged?.includes("acknowledgeAdministration")) return null;
    const leaving = new Set([...(together ?? []), accountId]);
    const loss = { ...noLoss, memberships: new Map([[groupId, leaving]]) };
    const circumstances = { loss, planned: facts.planned };
    const known = { loaders: facts.loaders, listed: [...listed] };
    return refuseEmptyingGroup(store, { groupId, circumstances, field: "account", known });
  };
  return {
    action: kind,
    subject: { groupId, accountId },
    subjectKey: accountId,
    // Any group may administer a space; nobody whom the list leaves out does.
    takesAdministration: ({ listed }) => kind === "revokeMembership" && listed.has(accountId),
    objection: null,
    readsAfterEachStep: false,
    renew: () => facts.renew(),
    provenance,
    resumes,
    plan: async (state): Promise<Plan> => {
      const isGrant = kind === "grantMembership";
      // Begun before, so that the bulk call serves all accounts of a request, however long each takes to be looked up.
      const begun =
        isGrant && !state.listed.has(accountId) ? outcomeOf(facts.loaders.of(account).get(accountId)) : null;
      const membership = await readHeldMembership(facts, change, { state, told });
      forgetContradicting(store, change, membership);
      if (membership === "unknown") return refuse("STATE_UNKNOWN", ["account"], answerNotSeen);
      if (membership === "inherited") return { kind: "noop", outcome: "INHERITED" };
      const plan = planMembership(kind, { group: state.group, isMember: membership === "member" });
      if (plan.kind !== "steps") return plan;
      const unmandated = await refuseUnmandatedMembership(facts, change, provenance.mandate);
      if (unmandated !== null) return unmandated;
      const { objectionToMembership } = store.site.writer;
      if (isForNewcomer) return stepsOf(plan, send);
      // Where nothing about an account stands in the way of ending its membership, its facts are not read for that.
      if (isGrant || objectionToMembership !== null) {
        const known = await (begun ?? facts.loaders.of(account).get(accountId));
        if (known instanceof Error) throw known;
        if (known === null && isGrant) {
          return refuse("ACCOUNT_NOT_FOUND", ["account"], `The site knows no account ${accountId}.`);
        }
        const objection = known && objectionToMembership?.(groupId, known);
        if (objection) return refuse("UNSUPPORTED", ["account"], objection);
      }
      const refusal = isGrant
        ? null
        : ((await refuseOwnMembership(facts.loaders, own, change)) ?? (await refuseEmptying(state)));
      if (refusal !== null) return refusal;
      return reaching(stepsOf(plan, send), reachOfMembership(store.site, groupId), provenance.acknowledged);
    },
    simulate: (state) => {
      const isGrant = kind === "grantMembership";
      const listed = new Set(state.listed);
      if (isGrant) listed.add(accountId);
      else listed.delete(accountId);
      const unlisted = new Map(state.unlisted).set(accountId, Promise.resolve(false));
      const hidden = new Set([...state.hidden].filter((id) => id !== accountId));
      return { ...state, listed, unlisted, hidden };
    },
    describe: ({ listed, hidden }) => {
      if (hidden.has(accountId)) return ["member, whom the list leaves out"];
      if (!listed.has(accountId)) return [];
      return [kind === "revokeMembership" && told.sent === "accepted" ? "listed because of a group in it" : "member"];
    },
  };
}

/** What is remembered of an account's groups must not contradict what was just read of one of them: others may have changed it. */
function forgetContradicting(
  store: SiteStore,
  { groupId, accountId }: MembershipChange,
  membership: HeldMembership,
): void {
  const remembered = store.remembered(memberOf, accountId);
  if (remembered === null || remembered === undefined) return;
  if (remembered.items.includes(groupId) !== (membership === "member")) store.of(memberOf).drop(accountId);
}

/** What a task knows beside the reading of the moment. */
interface Told {
  sent: Sent;
  /** The list showed the account before the call: it is somebody whom lists show. */
  wasListed: boolean;
}

/** What the change is to be planned on. Rejects with a `SiteError` where it cannot be known. */
async function readHeldMembership(
  facts: FreshFacts,
  { kind, groupId, accountId }: MembershipChange,
  { state, told }: { readonly state: GroupState; readonly told: Told },
): Promise<HeldMembership> {
  const { sent } = told;
  // Who is not there yet is asked for nowhere.
  if (accountId === newcomer) return "none";
  if (!state.listed.has(accountId)) {
    if (told.wasListed && sent === "accepted") return "none";
    const asked = state.unlisted.get(accountId) ?? readUnlistedMember(facts, groupId, accountId);
    state.unlisted.set(accountId, asked);
    if (!(await asked)) return "none";
    state.hidden.add(accountId);
    return "member";
  }
  told.wasListed ||= sent === null;
  // Whoever is listed was put in, or is to be taken out, whatever else explains it.
  if (kind === "grantMembership" ? sent === "accepted" : sent === null) return "member";
  state.undecided ??= readUndecidedMembers(facts.store, groupId, state.listed);
  if (!(await state.undecided).has(accountId)) return "member";
  if (sent === "unclear") return "unknown";
  return kind === "revokeMembership" ? "inherited" : "none";
}

const answerNotSeen =
  "The answer to the change was lost, or was a failure that may have come after it was carried out, and the list cannot show what became of it: the account is in a group below this one, whose members are listed here too. It is safe to repeat.";

/** What a membership change is planned on, freshly read. */
interface MembershipState {
  readonly group: Group;
  readonly isMember: boolean;
}

/** Plans a membership. Groups that an identity provider writes are refused: it would write the old state again. */
export function planMembership(
  kind: "grantMembership" | "revokeMembership",
  { group, isMember }: MembershipState,
): CallPlan {
  const isGrant = kind === "grantMembership";
  if (isMember === isGrant) return { kind: "noop", outcome: isGrant ? "ALREADY_EXISTS" : "NOT_PRESENT" };
  if (group.managedBy === "EXTERNAL") {
    return refuse(
      "GROUP_MANAGED_EXTERNALLY",
      ["group"],
      `Group "${group.name}" is managed outside Atlassian: change its members there, or the change would be undone.`,
    );
  }
  return isGrant
    ? { kind: "steps", calls: [{ kind: "addMember" }], cascades: [], outcome: "CREATED" }
    : { kind: "steps", calls: [{ kind: "removeMember" }], cascades: [], outcome: "REMOVED" };
}

/** What is read, and for how long it may be remembered. */
type Facts = Pick<FreshFacts, "store" | "loaders">;

/** A membership as it is shown beside the outcome of its change; `null` where there is no such group. */
interface ShownMembership {
  readonly isMember: boolean;
  readonly asOfMs: number;
}

/**
 * Whether an account is a member of a group, as far as its list or, where that is short or leaves people out, its own groups tell.
 * `isOut`: the change itself found that it is not, and whom no list shows is not asked for again. Rejects with a `SiteError`
 * where it cannot be known.
 */
export async function readMembership(
  facts: Facts,
  { groupId, accountId, isOut }: { readonly groupId: GroupId; readonly accountId: AccountId; readonly isOut: boolean },
): Promise<ShownMembership | null> {
  const members = await facts.loaders.of(groupMembers).get(groupId);
  if (members === null) return null;
  const { items, gaps, asOfMs } = members;
  if (items.includes(accountId)) return { isMember: true, asOfMs };
  if (isOut) return { isMember: false, asOfMs };
  const ask = gaps.length > 0 ? isMemberByItself : readUnlistedMember;
  return { isMember: await ask(facts, groupId, accountId), asOfMs };
}

/**
 * Whether somebody whom the list of a group does not show is a member all the same. Cloud leaves out whom the organization
 * suspended, and they keep their memberships: only who is surely active is believed to be in no group by a list alone; everybody
 * else is asked for by `memberof`, past the cache. Data Center leaves out nobody. Rejects with a `SiteError` where it cannot be known.
 */
async function readUnlistedMember(facts: Facts, groupId: GroupId, accountId: AccountId): Promise<boolean> {
  const { store } = facts;
  if (!store.site.groups.leavesOutSuspended || (await isSurelyListed(facts, accountId))) return false;
  return isMemberByItself(facts, groupId, accountId);
}

async function isMemberByItself(facts: Facts, groupId: GroupId, accountId: AccountId): Promise<boolean> {
  const groups = await outcomeOf(facts.loaders.of(memberOf).get(accountId));
  const isNotFound = groups === null || isOfKind(groups, "NotVisible");
  if (isNotFound) {
    // Of somebody whom the site knows that proves nothing: missing there, or hidden from us.
    if ((await facts.loaders.of(account).get(accountId)) === null) return false;
    throw groups ?? notVisible(`groups of account ${accountId}`, call);
  }
  if (groups instanceof Error) throw groups;
  if (groups.items.includes(groupId)) return true;
  const [gap] = groups.gaps;
  if (gap === undefined) return false;
  const message = `Whether the account is in the group is not known: lists of members leave out people who are suspended, and its own groups could not be read whole. ${gap.reason}`;
  throw new SiteError(gap.kind, message, { call: gap.call ?? call, retryAfterMs: gap.retryAfterMs });
}

const call = "GET /wiki/rest/api/user/memberof";

/** Somebody whom lists show for certain: active by Confluence and by the organization, for a suspension may show in one of them only. */
async function isSurelyListed({ store, loaders }: Facts, accountId: AccountId): Promise<boolean> {
  if (store.site.organization === null) return false;
  const known = await outcomeOf(loaders.of(account).get(accountId));
  if (known === null || known instanceof Error || known.status !== "ACTIVE") return false;
  const user = await outcomeOf(loaders.of(organizationUser).get(accountId));
  return user !== null && !(user instanceof Error) && user.isMember && user.status === "ACTIVE";
}
