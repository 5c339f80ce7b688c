import type { ChangeFault } from "../../domain/Change.js";
import type { AccountId, GroupId } from "../../domain/ids.js";
import { type Operation, operationName } from "../../domain/Operation.js";
import { type Principal, principalKey } from "../../domain/Principal.js";
import { siteErrorOf } from "../../domain/SiteError.js";
import { account } from "../../loaders/accounts.js";
import { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import type { SiteStore } from "../../loaders/engine/SiteStore.js";
import { spaceGrants } from "../../loaders/grants.js";
import { groupMembers } from "../../loaders/memberships.js";
import type { Provenance, RecordedChange } from "../../record/ChangeRecord.js";
import type { AccountRequest } from "../accounts/AccountRequest.js";
import type { CarriedOut } from "../aftermath.js";
import type { AskedChange, Change, MembershipChange, SpaceChange } from "../Change.js";
import { faultFromError } from "../changeFaults.js";
import type { Provisioner } from "../Provisioner.js";
import { stillToBeMade } from "../policy/underPolicy.js";
import type { ChangeResult } from "../reconcile/Task.js";
import { type GoneAccount, type GoneGroup, type Inverse, inverseOf, notBroughtBack } from "./inverseOf.js";
import type { Held } from "./readHeld.js";

/** With what a change is taken back. */
export interface Undoing {
  readonly provisioner: Provisioner;
  /** Names the change that is taken back: `undoes`. */
  readonly provenance: Provenance;
  readonly isDryRun: boolean;
  /** How many of so many further changes the request may still ask for. */
  take(wanted: number): number;
  /** The changes on record that took another back, or came with it; the newest first. */
  linked(by: "undoes" | "partOf", changeId: string): Promise<readonly RecordedChange[]>;
}

/** What became of taking a change back: of the inverse, and of the changes that it is made of where it is more than one. */
export interface Undone {
  readonly result: ChangeResult;
  readonly changes: readonly UndonePart[];
}

interface UndonePart extends Pick<CarriedOut, "result" | "otherRoleId"> {
  /** `null` where it is about what is still to be made. */
  readonly change: AskedChange | null;
}

/** Carries out the inverse of a change, as ordinary changes. */
export async function carryOutInverse(inverse: Exclude<Inverse, { kind: "none" }>, undoing: Undoing): Promise<Undone> {
  const { provisioner, provenance, isDryRun } = undoing;
  switch (inverse.kind) {
    case "access": {
      const [ended] = await provisioner.carryOut([inverse.change], provenance, isDryRun);
      if (ended === undefined) throw new Error("A change without an ending.");
      return { result: ended.result, changes: [] };
    }
    case "deleteGroup":
      return { result: await provisioner.deleteGroup(inverse.groupId, provenance, isDryRun), changes: [] };
    case "status": {
      const asked = { provenance, isDryRun };
      return { result: await provisioner.changeAccountStatus(inverse.action, inverse.accountId, asked), changes: [] };
    }
    case "createGroup":
      return bringGroupBack(inverse, undoing);
    case "bringBack":
      return bringAccountBack(inverse, undoing);
    case "parts":
      return takePartsBack(inverse.changeId, undoing);
  }
}

/** Takes back what was granted with an account, the last first. The account stays: others may have given it something since. */
async function takePartsBack(changeId: string, undoing: Undoing): Promise<Undone> {
  const { provisioner, provenance, isDryRun } = undoing;
  const inverses = (await undoing.linked("partOf", changeId)).map(inverseOf);
  const changes = inverses.flatMap((inverse): Change[] => (inverse.kind === "access" ? [inverse.change] : []));
  const [first, ...others] = changes;
  if (first === undefined) return refused("UNSUPPORTED", `Nothing that it granted can be taken back. ${accountStays}`);
  // One change was counted when it was asked for.
  const now = [first, ...others.slice(0, undoing.take(others.length))];
  const ended = await provisioner.carryOut(now, provenance, isDryRun);
  const outcomes = new Set(ended.map(({ result }) => result.outcome));
  const [only] = outcomes;
  const outcome = outcomes.has("FAILED") ? "FAILED" : outcomes.size === 1 && only !== undefined ? only : "REMOVED";
  const plan = [...ended.flatMap(({ result }) => result.plan), accountStays];
  const fault = cutFault(now.length, changes.length) ?? partFault(ended);
  return { result: { outcome, fault, plan, changeId: null }, changes: ended.map(partOf) };
}

const accountStays =
  "The account, its product role and what went out with an invitation stay: suspendAccount and removeAccount take them.";

/**
 * Makes a deleted group anew, with the members and the grants that it had. One that was begun is gone on with; a group of
 * its name that is there for another reason is not given what the deleted one held.
 */
async function bringGroupBack(gone: GoneGroup, undoing: Undoing): Promise<Undone> {
  const { provisioner, provenance, isDryRun } = undoing;
  const { store } = provisioner;
  const made = await provisioner.createGroup(gone.name, provenance, isDryRun);
  if (made.outcome === "FAILED") return { result: made, changes: [] };
  if (made.outcome === "ALREADY_EXISTS" && !(await wasBegun(undoing))) {
    const id = made.group?.groupId ?? "unknown";
    return refused(
      "UNSUPPORTED",
      `A group "${gone.name}" is there (${id}) that this undo did not make: what the deleted one held is not given to it.`,
    );
  }
  const { areNamedById } = store.site.groups;
  const groupId = made.group?.groupId ?? (areNamedById ? gone.groupId : (stillToBeMade as GroupId));
  const principal: Principal = { kind: "group", groupId };
  const memberships = gone.members.map((accountId): Change => ({ kind: "grantMembership", groupId, accountId }));
  const asked = [...memberships, ...grantsOf(gone, principal)];
  const { now, cut } = await fitting(asked, made.group !== null, undoing);
  const changes =
    made.group === null
      ? await rehearseGroup(now, undoing)
      : (await provisioner.carryOut(now, provenance, isDryRun)).map(partOf);
  const plan = [
    ...made.plan,
    ...(areNamedById ? [] : [`the group has another id than ${gone.groupId}: what names that id does not name it`]),
    ...summaryOf(now),
    ...leftOut(gone),
  ];
  const fault = made.fault ?? cut ?? partFault(changes);
  return { result: { ...made, outcome: outcomeOf(made, changes), plan, fault }, changes };
}

/** Whether an earlier call of the same undo made the group. */
async function wasBegun({ linked, provenance }: Undoing): Promise<boolean> {
  const earlier = await linked("undoes", provenance.undoes ?? "");
  return earlier.some(({ attempt }) => attempt?.action === "createGroup");
}

/** What would become of the members and the grants of a group that is not there yet. */
async function rehearseGroup(changes: readonly Change[], { provisioner, provenance }: Undoing): Promise<UndonePart[]> {
  const { store } = provisioner;
  const joining = changes.filter((change): change is MembershipChange => "groupId" in change);
  const known = await new SiteLoaders(store, store.clock.now())
    .of(account)
    .getMany(joining.map(({ accountId }) => accountId));
  // It is planned by no target, for there is none yet; a policy is to see it all the same.
  const noteJoining = ({ kind, ...subject }: MembershipChange) => {
    const { siteId } = store.site;
    const nothing = { reach: [], before: [], after: ["member"] };
    provenance.plans?.note({ siteId, action: kind, subject, plan: ["add the member"], ...nothing });
  };
  const members = joining.map(({ accountId }, index): UndonePart => {
    const found = known[index] ?? null;
    const plan = ["add the member"];
    const joined = joining[index];
    if (joined !== undefined) noteJoining(joined);
    const none = { change: null, otherRoleId: null };
    if (found instanceof Error) {
      const fault = { ...faultFromError(siteErrorOf(found)), code: "STATE_UNKNOWN" } as const;
      return { ...none, result: { outcome: "FAILED", fault, plan, changeId: null } };
    }
    const message = `The site knows no account ${accountId}.`;
    const fault = found === null ? ({ code: "ACCOUNT_NOT_FOUND", field: [], message } as const) : null;
    return { ...none, result: { outcome: fault === null ? "PLANNED" : "FAILED", fault, plan, changeId: null } };
  });
  const granted = changes.filter((change): change is SpaceChange => !("groupId" in change));
  const spaces = await provisioner.carryOut(granted, provenance, true, true);
  return [...members, ...spaces.map((each) => ({ ...partOf(each), change: null }))];
}

/**
 * Brings a removed account back where the synchronised directory does that, and gives it what it held. An address that is
 * somebody else's by now is given nothing.
 */
async function bringAccountBack(gone: GoneAccount, undoing: Undoing): Promise<Undone> {
  const { provisioner, provenance, isDryRun } = undoing;
  if (provisioner.store.site.organization?.scim == null) return refused("UNSUPPORTED", notBroughtBack);
  const request = requestFor(gone);
  const rehearsed = await provisioner.provisionAccount(request, provenance, true);
  if (rehearsed.outcome === "FAILED") return { result: rehearsed, changes: [] };
  if (rehearsed.accountId !== null && rehearsed.accountId !== gone.accountId) return refused("UNSUPPORTED", elsewhere);
  // Nothing else says how: an invitation may be accepted by whoever has the address then.
  if (rehearsed.grants === "later") return refused("UNSUPPORTED", notBroughtBack);
  const made = isDryRun ? rehearsed : await provisioner.provisionAccount(request, provenance, false);
  const { accountId, decidedBy: _, invitation: __, siteId: ___, changes: ____, grants: _____, ...result } = made;
  if (!isDryRun && (result.outcome === "FAILED" || accountId !== gone.accountId)) {
    const fault = result.fault ?? ({ code: "STATE_UNKNOWN", field: [], message: elsewhere } as const);
    return { result: { ...result, fault }, changes: [] };
  }
  const memberships = gone.groups.map(
    (groupId): Change => ({ kind: "grantMembership", groupId, accountId: gone.accountId }),
  );
  const asked = [...memberships, ...grantsOf(gone, { kind: "account", accountId: gone.accountId })];
  const { now, cut } = await fitting(asked, accountId !== null, undoing);
  const changes = (await provisioner.carryOut(now, provenance, isDryRun, isDryRun && accountId === null)).map(partOf);
  const fault = result.fault ?? cut ?? partFault(changes);
  const plan = [...result.plan, ...summaryOf(now), ...leftOut(gone)];
  return { result: { ...result, outcome: outcomeOf(result, changes), plan, fault }, changes };
}

const elsewhere =
  "The address is another account's by now, or no account's yet that could be told: what the removed one held is not given to it.";

function requestFor({ email, displayName }: GoneAccount): AccountRequest {
  return {
    ...{ email, givenName: null, familyName: null, displayName, productRole: "atlassian/user" },
    ...{ sendsNotification: false, notificationText: null, username: null, password: { kind: "SET_BY_PERSON" } },
    grants: [],
  };
}

function grantsOf({ grants }: Held, principal: Principal): Change[] {
  return grants.flatMap(({ spaceId, operations, roleIds }): Change[] => [
    ...(operations.length === 0
      ? []
      : [{ kind: "grantPermissions", spaceId, principal, operations: operations.map(operationFrom) } as const]),
    ...roleIds.map((roleId) => ({ kind: "grantRole", spaceId, principal, roleId, onExistingRole: "REFUSE" }) as const),
  ]);
}

function operationFrom(name: string): Operation {
  const cut = name.indexOf("/");
  return { key: name.slice(0, cut), target: name.slice(cut + 1) };
}

interface Fitting {
  readonly now: readonly Change[];
  /** What is told where it is not all. */
  readonly cut: ChangeFault | null;
}

/** The changes that fit into the request. Where not all do, and a call before may have carried some out, those are left out. */
async function fitting(asked: readonly Change[], mayBeBegun: boolean, undoing: Undoing): Promise<Fitting> {
  const granted = undoing.take(asked.length);
  const isShort = granted < asked.length;
  const open = isShort && mayBeBegun ? await notHeld(undoing.provisioner.store, asked) : asked;
  const now = open.slice(0, granted);
  return { now, cut: cutFault(now.length, open.length) };
}

/** What is left of what an earlier call began. What cannot be read is left too: carrying it out says why. */
async function notHeld(store: SiteStore, changes: readonly Change[]): Promise<readonly Change[]> {
  const loaders = new SiteLoaders(store, store.clock.now());
  const groupIds = [...new Set(changes.flatMap((change) => ("groupId" in change ? [change.groupId] : [])))];
  const spaceIds = [...new Set(changes.flatMap((change) => ("spaceId" in change ? [change.spaceId] : [])))];
  const [lists, grants] = await Promise.all([
    loaders.of(groupMembers).getMany(groupIds),
    loaders.of(spaceGrants).getMany(spaceIds),
  ]);
  const itemsOf = <T>(list: { readonly items: readonly T[] } | null | undefined | Error) =>
    list == null || list instanceof Error ? [] : list.items;
  const members = new Map(groupIds.map((id, index) => [id, new Set<AccountId>(itemsOf(lists[index]))]));
  const held = new Map(spaceIds.map((id, index) => [id, itemsOf(grants[index])]));
  return changes.filter((change) => {
    if ("groupId" in change) return members.get(change.groupId)?.has(change.accountId) !== true;
    const key = principalKey(change.principal);
    const own = held.get(change.spaceId)?.filter(({ principal }) => principalKey(principal) === key) ?? [];
    if ("roleId" in change) return !own.some((grant) => grant.kind === "role" && grant.roleId === change.roleId);
    const names = own.flatMap((grant) => (grant.kind === "permission" ? [operationName(grant.operation)] : []));
    return !change.operations.every((operation) => names.includes(operationName(operation)));
  });
}

/** Made anew, or gone on with; that it is there already is only said where nothing was left to do. */
function outcomeOf({ outcome }: ChangeResult, changes: readonly UndonePart[]): ChangeResult["outcome"] {
  if (outcome !== "ALREADY_EXISTS") return outcome;
  const outcomes = new Set(changes.map(({ result }) => result.outcome));
  if (outcomes.has("CREATED")) return "CREATED";
  return outcomes.has("PLANNED") ? "PLANNED" : outcome;
}

function summaryOf(changes: readonly Change[]): string[] {
  const memberships = changes.filter((change) => "groupId" in change).length;
  const spaces = new Set(changes.flatMap((change) => ("spaceId" in change ? [change.spaceId] : []))).size;
  return [
    ...(memberships === 0 ? [] : [`${memberships} memberships, see changes`]),
    ...(spaces === 0 ? [] : [`what it held in ${spaces} spaces, see changes`]),
  ];
}

/** What was there and is not put back, as the record tells. */
function leftOut({ beyond, gaps }: Held): string[] {
  return [
    ...beyond.map((what) => `not put back, because Confluence has no call for it: ${what}`),
    ...gaps.map((gap) => `not put back, because it was not read before: ${gap}`),
  ];
}

function partOf({ change, result, otherRoleId }: CarriedOut): UndonePart {
  return { change, result, otherRoleId };
}

/** Where not all of it fits into the request. What is done is not done again, so that a repeat goes on. */
function cutFault(now: number, all: number): ChangeFault | null {
  if (now >= all) return null;
  const message = `Taking it back takes ${all} changes more, and ${now} of them fit into this request. Repeat it for the rest.`;
  return { code: "TOO_MANY_CHANGES", field: [], message };
}

/** What the parts that failed are told as, together. */
function partFault(parts: readonly Pick<UndonePart, "result">[]): ChangeFault | null {
  const faults = parts.flatMap(({ result }) => result.fault ?? []);
  const [first] = faults;
  if (first === undefined) return null;
  const message = `${faults.length} of ${parts.length} changes were not carried out, see \`changes\`. The first: ${first.message}`;
  return { ...first, message };
}

function refused(code: ChangeFault["code"], message: string): Undone {
  const fault: ChangeFault = { code, field: [], message };
  return { result: { outcome: "FAILED", fault, plan: [], changeId: null }, changes: [] };
}
