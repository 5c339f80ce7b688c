import type { ChangeFault } from "../../domain/ChangeFault.js";
import type { AccountId, GroupId } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import { group } from "../../loaders/group.js";
import type { SiteStore } from "../../loaders/SiteStore.js";
import type { CarriedOut } from "../CarriedOut.js";
import type { Change } from "../Change.js";
import { faultFromError } from "../faultFromError.js";
import { type CallPlan, describeCall } from "../plans/Call.js";
import { planMembership } from "../plans/planMembership.js";
import { planPermissions } from "../plans/planPermissions.js";
import { planRole } from "../plans/planRole.js";
import { type ChangeResult, PlaceUnknown } from "../reconcile/Task.js";
import { settleNames } from "../settleNames.js";
import { FreshFacts } from "../targets/FreshFacts.js";
import { groupPlace } from "../targets/group.js";
import { spacePlace } from "../targets/space.js";
import type { AccountStanding, AskedGrant, GrantResult } from "./AccountRequest.js";

interface GrantSettlement {
  readonly store: SiteStore;
  /** Carries changes out, or plans them in a dry run. */
  carryOut(changes: readonly Change[]): Promise<CarriedOut[]>;
}

/** What becomes of the grants asked for together with an account; those that came with an invitation are left out. */
export async function settleAccountGrants(
  grants: readonly AskedGrant[],
  standing: AccountStanding,
  { store, carryOut }: GrantSettlement,
): Promise<GrantResult[]> {
  switch (standing.grants) {
    case "never":
      return [];
    case "planned": {
      const facts = new FreshFacts(store);
      return Promise.all(
        grants.map(async ({ field, changeFor }) => {
          const result = await planForNewcomer(facts, changeFor(newcomer));
          return { change: null, result: within(field, result) };
        }),
      );
    }
    case "later": {
      const sent = standing.carriedGroupIds;
      const rest = grants.filter(({ groupId }) => groupId === null || !sent.includes(groupId));
      return Promise.all(
        rest.map(async (grant) => ({
          change: null,
          result: { outcome: "FAILED", fault: await faultOf(grant, store), plan: [], changeId: null },
        })),
      );
    }
    case "now": {
      const { accountId } = standing;
      if (accountId === null) return [];
      const results = await carryOut(grants.map(({ changeFor }) => changeFor(accountId)));
      return results.map(({ change, result }, index) => ({
        change,
        result: within(grants[index]?.field ?? [], result),
      }));
    }
  }
}

/** Stands for the account that is not there yet; never sent anywhere. */
const newcomer = "newcomer" as AccountId;

async function faultOf({ field, groupId }: AskedGrant, store: SiteStore): Promise<ChangeFault> {
  if (groupId !== null) {
    const [found] = await store.of(group).readMany([groupId], 0);
    if (found === null) {
      return { code: "GROUP_NOT_FOUND", field, message: `The site has no group ${groupId}.` };
    }
    if (!(found instanceof Error) && found?.managedBy === "EXTERNAL") {
      const message = `Group "${found.name}" is managed outside Atlassian: change its members there.`;
      return { code: "GROUP_MANAGED_EXTERNALLY", field, message };
    }
  }
  const message =
    "Not done yet: the person has no account until the invitation is accepted. Repeat the call then; what is done already is not done again.";
  return { code: "ACCOUNT_PENDING", field, message };
}

function within(prefix: readonly string[], result: ChangeResult): ChangeResult {
  const { fault } = result;
  if (fault === null) return result;
  const own = prefix[0] === "groups" ? [] : fault.field;
  return { ...result, fault: { ...fault, field: [...prefix, ...own] } };
}

/** Plans a change for an account that does not exist yet: a dry run shows what the real run does once it has made it. */
export async function planForNewcomer(facts: FreshFacts, change: Change): Promise<ChangeResult> {
  const failed = (fault: NonNullable<ChangeResult["fault"]>): ChangeResult => ({
    ...{ outcome: "FAILED", fault, plan: [], changeId: null },
  });
  try {
    const plan = await planOn(facts, settleNames(facts.store.site.names, change));
    if (plan.kind === "refused") return failed(plan.fault);
    const calls = plan.kind === "steps" ? plan.calls.map(describeCall) : [];
    return { outcome: "PLANNED", fault: null, plan: calls, changeId: null };
  } catch (error) {
    if (error instanceof PlaceUnknown) return failed(error.fault);
    if (!(error instanceof SiteError)) throw error;
    return failed({ ...faultFromError(error), code: "STATE_UNKNOWN" });
  }
}

async function planOn(facts: FreshFacts, change: Change): Promise<CallPlan> {
  if ("groupId" in change) {
    const { group } = await groupPlace(facts, change.groupId).read();
    return planMembership(change.kind, { group, isMember: false });
  }
  const state = await spacePlace(facts, change.spaceId).read();
  return "roleId" in change ? planRole(change, state) : planPermissions(change, state);
}

/**
 * The groups asked for that an invitation can carry: one that is not there, or that a system outside Atlassian manages,
 * would make the whole invitation fail.
 */
export async function sendableGroups(store: SiteStore, grants: readonly AskedGrant[]): Promise<GroupId[]> {
  const asked = [...new Set(grants.flatMap(({ groupId }) => groupId ?? []))];
  const found = await store.of(group).readMany(asked, 0);
  return asked.filter((_id, index) => {
    const outcome = found[index];
    return outcome !== null && outcome !== undefined && !(outcome instanceof Error) && outcome.managedBy !== "EXTERNAL";
  });
}
