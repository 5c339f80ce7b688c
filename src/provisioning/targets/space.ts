import type { SpaceId } from "../../domain/ids.js";
import { operationName } from "../../domain/Operation.js";
import { type Principal, principalKey } from "../../domain/Principal.js";
import { siteErrorOf } from "../../domain/SiteError.js";
import { account } from "../../loaders/accounts.js";
import { onlyOne } from "../../loaders/engine/LoaderDeclaration.js";
import { spaceGrants } from "../../loaders/grants.js";
import { group } from "../../loaders/groups.js";
import { permissionModel, roleList } from "../../loaders/site.js";
import { space as spaceLoader } from "../../loaders/spaces.js";
import type { Provenance, RecordEntry } from "../../record/ChangeRecord.js";
import type { AskedChange, RowRevocation, SpaceChange } from "../Change.js";
import { faultOfReading } from "../changeFaults.js";
import {
  foundWithoutAdministrator,
  refuseLastAdministrator,
  takesAdministration,
} from "../guards/lastAdministrator.js";
import { refuseUnmandated } from "../guards/mandate.js";
import type { OwnAccount } from "../guards/ownAccess.js";
import { reaching, reachOfSpaceChange } from "../guards/reach.js";
import { type Call, type CallPlan, stepsOf } from "../plans/Call.js";
import { planPermissions } from "../plans/planPermissions.js";
import { otherRoleHeld, planRole } from "../plans/planRole.js";
import { afterCalls, type SpaceState } from "../plans/SpaceState.js";
import { type Refusal, refuse, type Target, TargetUnknown, type Task } from "../reconcile/Task.js";
import type { FreshFacts } from "./FreshFacts.js";

/** One space as a target of changes. */
export function spaceTarget(facts: FreshFacts, spaceId: SpaceId): Target<SpaceState> {
  const { store } = facts;
  return {
    key: JSON.stringify([store.site.siteId, "space", spaceId]),
    renew: () => facts.renew(),
    read: async () => {
      try {
        return await readSpaceState(facts, spaceId);
      } catch (error) {
        const failure = siteErrorOf(error);
        throw new TargetUnknown(faultOfReading(failure), failure.status);
      }
    },
  };
}

/**
 * Everything that a change of a space rests on, read just now: the space by its id, because its key may have moved to another
 * one and single permissions are written by key; the model and the roles; and what it grants, past every cache.
 */
async function readSpaceState({ store, loaders }: FreshFacts, spaceId: SpaceId): Promise<SpaceState> {
  const { grantableOperations, grantableClasses, roleClasses, hasCascades } = store.site.writer;
  // Forgetting comes first: a reading under way may have begun before our own writes.
  store.of(spaceGrants).drop(spaceId);
  const [space, known] = await Promise.all([
    loaders.of(spaceLoader).get(spaceId),
    loaders.of(permissionModel).get(onlyOne),
  ]);
  const model = known?.model ?? "UNKNOWN";
  if (space === null || space.status === "TRASHED") throw notThere(spaceId, space !== null);
  const [grants, roles] = await Promise.all([
    store.read(spaceGrants, spaceId, loaders.notBeforeMs),
    model === "PRE_ROLES" ? null : loaders.of(roleList).get(onlyOne),
  ]);
  if (grants === null) throw notThere(spaceId, false);
  const [gap] = [...grants.gaps, ...(roles?.gaps ?? [])];
  if (gap !== undefined) {
    const message = `What the space grants could not be read whole, so nothing is changed: ${gap.reason}`;
    throw new TargetUnknown({ code: "STATE_UNKNOWN", field: ["space"], message });
  }
  return {
    ...{ space, grants: grants.items, trust: grants, model, roles: roles?.items ?? [] },
    ...{ grantableOperations, grantableClasses, roleClasses, hasCascades },
  };
}

function notThere(spaceId: SpaceId, isTrashed: boolean): TargetUnknown {
  const message = isTrashed
    ? "The space is in the trash: its access cannot be changed."
    : `The site has no space ${spaceId}, or hides it from this credential.`;
  return new TargetUnknown({ code: "SPACE_NOT_FOUND", field: ["space"], message });
}

/** How a change is asked for: by whom, and what an earlier attempt of it left. */
export interface Asked {
  /** Of an account that is still to be made: nobody knows it yet, and it is a member of nothing. Only of dry runs. */
  readonly isForNewcomer: boolean;
  readonly provenance: Provenance;
  readonly resumes: RecordEntry | null;
  /** Who we are. */
  readonly own: OwnAccount;
}

/** One change of a space. */
export function spaceTask(
  facts: FreshFacts,
  change: SpaceChange,
  { provenance, resumes, isForNewcomer }: Asked,
): Task<SpaceState> & { readonly change: SpaceChange } {
  const { store } = facts;
  const callsFor = (state: SpaceState): CallPlan =>
    "roleId" in change ? planRole(change, state) : planPermissions(change, state);
  const afterPlan = (state: SpaceState, plan: CallPlan): SpaceState =>
    plan.kind === "steps" ? afterCalls(state, change.principal, plan.calls) : state;
  const takes = (state: SpaceState) => takesAdministration(state, afterPlan(state, callsFor(state)));
  let isAdministratorLeft = false;
  const { kind, ...subject } = change;
  return {
    change,
    action: kind,
    subject,
    subjectKey: principalKey(change.principal),
    waitsForOthers: takes,
    takesAdministration: takes,
    objection: null,
    readsAfterEachStep: false,
    renew: () => facts.renew(),
    provenance,
    resumes,
    plan: async (state) => {
      const plan = callsFor(state);
      if (plan.kind === "noop" && plan.outcome === "NOT_PRESENT")
        return (await refuseUntold(facts, change, state)) ?? plan;
      if (plan.kind !== "steps") return plan;
      const after = afterPlan(state, plan);
      const guarded = takesAdministration(state, after) ? await refuseLastAdministrator(facts, state, after) : null;
      const { mandate } = provenance;
      const refusal =
        (await refuseUnmandated(facts, { change, mandate, before: state, after })) ??
        guarded?.refusal ??
        (await refusePrincipal(facts, change, { state, isForNewcomer }));
      if (refusal !== null) return refusal;
      isAdministratorLeft ||= guarded?.isProved === true;
      const steps = stepsOf(plan, (call) => send(facts, { call, change, state }));
      return reaching(steps, reachOfSpaceChange(change, state), provenance.acknowledged);
    },
    simulate: (state) => afterPlan(state, callsFor(state)),
    lookBack: async (state) => (isAdministratorLeft ? foundWithoutAdministrator(store, state) : null),
    undoFacts: async (state) => {
      const formerRoleId = otherRoleHeld(change, state);
      return formerRoleId === null ? null : { formerRoleId };
    },
    describe: (state) => {
      const key = principalKey(change.principal);
      return state.grants
        .filter((grant) => principalKey(grant.principal) === key)
        .map((grant) => (grant.kind === "role" ? `role ${grant.roleId}` : operationName(grant.operation)))
        .sort();
    },
  };
}

async function send(
  { store }: FreshFacts,
  { call, change, state }: { readonly call: Call; readonly change: SpaceChange; readonly state: SpaceState },
): Promise<void> {
  const { writer } = store.site;
  const { principal } = change;
  switch (call.kind) {
    case "addPermission":
      return writer.addPermission(state.space, principal, call.operation);
    case "removePermission":
      return writer.removePermission(state.space, { ...call, principal });
    case "setRole":
      return writer.setRole(state.space, principal, call.roleId);
    case "addMember":
    case "removeMember":
      throw new Error(`A space has no members: ${call.kind}`);
  }
}

/** Why nothing can be written for this principal; `null` where something can. */
async function refusePrincipal(
  facts: FreshFacts,
  change: SpaceChange,
  { state: { space }, isForNewcomer }: { readonly state: SpaceState; readonly isForNewcomer: boolean },
): Promise<Refusal | null> {
  const isGrant = change.kind === "grantRole" || change.kind === "grantPermissions";
  if (isGrant && !isForNewcomer && !(await isPrincipalKnown(facts, change))) {
    const message = "The site knows no such account or group, so nothing can be granted to it.";
    return refuse("PRINCIPAL_NOT_FOUND", ["principal"], message);
  }
  return "roleId" in change ? null : refuseUnwritable(facts, change.principal, space);
}

async function isPrincipalKnown({ loaders }: FreshFacts, { principal }: SpaceChange): Promise<boolean> {
  if (principal.kind === "accessClass") return true;
  if (principal.kind === "group") return (await loaders.of(group).get(principal.groupId)) !== null;
  return (await loaders.of(account).get(principal.accountId)) !== null;
}

/**
 * A class that a site has no way to write for may be one that it does not tell either: JSON-RPC of Data Center says nothing of
 * unlicensed users (2026-11-21, test "unlicensed users, who hold it"). That nothing was listed proves nothing then.
 */
async function refuseUntold(
  facts: FreshFacts,
  { principal }: SpaceChange,
  { space }: SpaceState,
): Promise<Refusal | null> {
  return principal.kind === "accessClass" ? refuseUnwritable(facts, principal, space) : null;
}

/** Why single permissions of a principal cannot be written; `null` where they can. */
async function refuseUnwritable(
  { store }: FreshFacts,
  principal: Principal,
  space: SpaceState["space"],
): Promise<Refusal | null> {
  const objection = (await store.site.writer.objectionTo?.(principal, space)) ?? null;
  return objection === null ? null : refuse("UNSUPPORTED", ["principal"], objection);
}

/** The revocation of a row, which knows what it is about once it was read. */
interface RowTask extends Task<SpaceState> {
  /** What it came to; as it was asked for where no such row was found. */
  readonly change: AskedChange;
}

/**
 * The revocation of one stored row by its id. Only the reading that decides tells whose it is: a row that is not in it is not
 * there, whatever was known of it before, so that nobody loses a newer row that gives the same.
 */
export function rowTask(facts: FreshFacts, asked: RowRevocation, how: Asked): RowTask {
  const { spaceId, permissionId } = asked;
  let change: AskedChange = asked;
  let known: Task<SpaceState> | null = null;
  const taskOn = ({ grants }: SpaceState): Task<SpaceState> | null => {
    if (known !== null) return known;
    const row = grants.find((grant) => grant.kind === "permission" && grant.permissionId === permissionId);
    if (row?.kind !== "permission") return null;
    const { principal, operation } = row;
    const found = { kind: "revokePermissions", spaceId, principal, operations: [operation], permissionId } as const;
    change = found;
    known = spaceTask(facts, found, how);
    return known;
  };
  const nothingHeld: readonly string[] = [];
  return {
    get change() {
      return change;
    },
    action: "revokePermissions",
    // The same before and after it was read: an earlier attempt is found again by it.
    subject: { spaceId, permissionId },
    subjectKey: `row ${permissionId}`,
    subjectIn: (state) => taskOn(state)?.subjectKey ?? null,
    waitsForOthers: (state) => taskOn(state)?.waitsForOthers?.(state) ?? false,
    takesAdministration: (state) => taskOn(state)?.takesAdministration?.(state) ?? false,
    objection: null,
    readsAfterEachStep: false,
    renew: () => facts.renew(),
    provenance: how.provenance,
    resumes: how.resumes,
    plan: (state) => taskOn(state)?.plan(state) ?? { kind: "noop", outcome: "NOT_PRESENT" },
    simulate: (state, plan) => taskOn(state)?.simulate(state, plan) ?? state,
    undoFacts: async (state) => {
      taskOn(state);
      return change.kind === "revokePermissions"
        ? { principal: change.principal, operations: change.operations }
        : null;
    },
    lookBack: async (state) => (await taskOn(state)?.lookBack?.(state)) ?? null,
    describe: (state) => taskOn(state)?.describe(state) ?? nothingHeld,
  };
}
