import type { Group } from "../../domain/Group.js";
import type { AccountId, GroupId } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import { account } from "../../loaders/account.js";
import { group as groupLoader } from "../../loaders/group.js";
import { groupMembers } from "../../loaders/groupMembers.js";
import { readUndecidedMembers } from "../../readings/readUndecidedMembers.js";
import type { MembershipChange } from "../Change.js";
import { faultOfReading } from "../faultFromError.js";
import { type Call, stepsOf } from "../plans/Call.js";
import { planMembership } from "../plans/planMembership.js";
import { isLost } from "../reconcile/lostAnswer.js";
import { type Plan, refuse } from "../reconcile/Plan.js";
import { type Place, PlaceUnknown, type Task } from "../reconcile/Task.js";
import type { FreshFacts } from "./FreshFacts.js";
import type { Asked } from "./space.js";

/** What a membership change is planned on, freshly read. */
export interface GroupState {
  readonly group: Group;
  /** Whom the site lists. */
  readonly listed: ReadonlySet<AccountId>;
  /** Of these, whose own membership the list does not tell; read at most once a reading, when it matters. */
  undecided: Promise<ReadonlySet<AccountId>> | null;
}

/** One group as a place of changes. */
export function groupPlace(facts: FreshFacts, groupId: GroupId): Place<GroupState> {
  return {
    key: JSON.stringify([facts.store.site.siteId, "group", groupId]),
    read: async () => {
      try {
        return await readGroupState(facts, groupId);
      } catch (error) {
        if (error instanceof SiteError) throw new PlaceUnknown(faultOfReading(error), error.status);
        throw error;
      }
    },
  };
}

async function readGroupState({ store, loaders }: FreshFacts, groupId: GroupId): Promise<GroupState> {
  store.of(groupMembers).drop(groupId);
  const group = await loaders.of(groupLoader).get(groupId);
  const members = group === null ? null : await store.read(groupMembers, groupId);
  if (group === null || members === null) {
    const message = `The site has no group ${groupId}.`;
    throw new PlaceUnknown({ code: "GROUP_NOT_FOUND", field: ["group"], message });
  }
  const [gap] = members.gaps;
  if (gap !== undefined) {
    const message = `The members of the group could not be read whole, so nothing is changed: ${gap.reason}`;
    throw new PlaceUnknown({ code: "STATE_UNKNOWN", field: ["group"], message });
  }
  return { group, listed: new Set(members.items), undecided: null };
}

/** What a call came to. */
type Sent = "accepted" | "lost" | null;

/**
 * One membership. Some Data Center directories list the members of child groups too: then nothing tells whether somebody who is
 * in a child group is a member by itself as well. A grant or a revocation is sent all the same, which does no harm where there
 * was nothing to do, and is `CREATED` or `REMOVED` when it was accepted, however the list goes on; repeated, it is sent and
 * answered the same way.
 */
export function membershipTask(
  facts: FreshFacts,
  change: MembershipChange,
  { provenance, resumes }: Asked,
): Task<GroupState> {
  const { kind, groupId, accountId } = change;
  const { store } = facts;
  let sent: Sent = null;
  const send = async (call: Call): Promise<void> => {
    const { writer } = store.site;
    try {
      if (call.kind === "addMember") await writer.addMember(groupId, accountId);
      else if (call.kind === "removeMember") await writer.removeMember(groupId, accountId);
      else throw new Error(`A group has no permissions: ${call.kind}`);
      sent = "accepted";
    } catch (error) {
      if (error instanceof SiteError && isLost(error)) sent = "lost";
      throw error;
    }
  };
  return {
    action: kind,
    subject: { groupId, accountId },
    subjectKey: accountId,
    objection: null,
    readsAfterEachStep: false,
    provenance,
    resumes,
    plan: async (state): Promise<Plan> => {
      const isMember = await readIsMember(facts, change, { state, sent });
      if (isMember === null) return refuse("STATE_UNKNOWN", ["account"], answerNotSeen);
      const plan = planMembership(kind, { group: state.group, isMember });
      if (plan.kind !== "steps") return plan;
      const isGrant = kind === "grantMembership";
      const { deployment, writer } = store.site;
      // On Cloud nothing about an account stands in the way of ending its membership: its facts are not read for that.
      if (isGrant || deployment !== "cloud") {
        const known = await facts.loaders.of(account).get(accountId);
        if (known === null && isGrant) {
          return refuse("ACCOUNT_NOT_FOUND", ["account"], `The site knows no account ${accountId}.`);
        }
        const objection = known && writer.objectionToMembership(groupId, known);
        if (objection) return refuse("UNSUPPORTED", ["account"], objection);
      }
      return stepsOf(plan, send);
    },
    simulate: (state) => {
      const listed = new Set(state.listed);
      if (kind === "grantMembership") listed.add(accountId);
      else listed.delete(accountId);
      return { ...state, listed };
    },
    describe: ({ listed }) => {
      if (!listed.has(accountId)) return [];
      return [kind === "revokeMembership" && sent === "accepted" ? "listed because of a group in it" : "member"];
    },
  };
}

/** What the change is to be planned on; `null` where an answer was lost and no reading tells what became of the call. */
async function readIsMember(
  { store }: FreshFacts,
  { kind, groupId, accountId }: MembershipChange,
  { state, sent }: { readonly state: GroupState; readonly sent: Sent },
): Promise<boolean | null> {
  if (!state.listed.has(accountId)) return false;
  // Whoever is listed was put in, or is to be taken out, whatever else explains it.
  if (kind === "grantMembership" ? sent === "accepted" : sent === null) return true;
  state.undecided ??= readUndecidedMembers(store, groupId, state.listed);
  if (!(await state.undecided).has(accountId)) return true;
  return sent === "lost" ? null : false;
}

const answerNotSeen =
  "The answer to the change was lost, and the list cannot show what became of it: the account is in a group below this one, whose members are listed here too. It is safe to repeat.";
