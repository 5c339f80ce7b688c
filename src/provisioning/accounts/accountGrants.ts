import type { ChangeFault } from "../../domain/Change.js";
import type { SpaceGrant } from "../../domain/Grant.js";
import type { AccountId, GroupId } from "../../domain/ids.js";
import type { SiteStore } from "../../loaders/engine/SiteStore.js";
import { group } from "../../loaders/groups.js";
import type { Afterwards, CarriedOut } from "../aftermath.js";
import type { Change } from "../Change.js";
import { newcomer } from "../policy/underPolicy.js";
import type { ChangeResult } from "../reconcile/Task.js";
import type { FreshFacts } from "../targets/FreshFacts.js";
import type { AskedGrant, GrantResult, ProvisionedAccount } from "./AccountRequest.js";

interface GrantOptions {
  readonly store: SiteStore;
  /** Carries changes out, or plans them in a dry run: one after the other, also for an account that is still to be made. */
  carryOut(changes: readonly Change[], isForNewcomer: boolean): Promise<CarriedOut[]>;
}

/** What becomes of the grants asked for together with an account; those that came with an invitation are left out. */
export async function carryOutGrants(
  grants: readonly AskedGrant[],
  provisioned: ProvisionedAccount,
  { store, carryOut }: GrantOptions,
): Promise<GrantResult[]> {
  switch (provisioned.grants) {
    case "never":
      return [];
    case "planned": {
      const results = await carryOut(
        grants.map(({ changeFor }) => changeFor(newcomer)),
        true,
      );
      return results.map(({ result, after }, index) => ({
        change: null,
        result: within(grants[index]?.field ?? [], result),
        planned: after,
      }));
    }
    case "later": {
      const sent = provisioned.carriedGroupIds;
      const rest = grants.filter(({ groupId }) => groupId === null || !sent.includes(groupId));
      return Promise.all(
        rest.map(async (grant) => ({
          change: null,
          result: { outcome: "FAILED", fault: await faultOfPending(grant, store), plan: [], changeId: null },
        })),
      );
    }
    case "now": {
      const { accountId } = provisioned;
      if (accountId === null) return [];
      const results = await carryOut(
        grants.map(({ changeFor }) => changeFor(accountId)),
        false,
      );
      return results.map(({ change, result, ...rest }, index) => ({
        ...{ ...rest, change },
        result: within(grants[index]?.field ?? [], result),
      }));
    }
  }
}

/** How things would stand once grants that were planned for an account still to be made are those of one that is there. */
export function plannedFor(accountId: AccountId, after: Afterwards): Afterwards {
  const memberships = new Map([...after.memberships].map(([id, of]) => [id === newcomer ? accountId : id, of]));
  const spaces = [...after.spaces].map(([spaceId, facts]) => {
    const items = facts.grants.items.map((grant): SpaceGrant => {
      const { principal } = grant;
      const isTheirs = principal.kind === "account" && principal.accountId === newcomer;
      return isTheirs ? { ...grant, principal: { kind: "account", accountId } } : grant;
    });
    return [spaceId, { ...facts, grants: { ...facts.grants, items } }] as const;
  });
  return { ...after, memberships, spaces: new Map(spaces) };
}

async function faultOfPending({ field, groupId }: AskedGrant, store: SiteStore): Promise<ChangeFault> {
  if (groupId !== null) {
    const [found] = await store.of(group).readMany([groupId], store.clock.now());
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

/**
 * The groups asked for that an invitation can carry: one that is not there, or that a system outside Atlassian manages,
 * would make the whole invitation fail.
 */
export async function groupsForInvitation({ loaders }: FreshFacts, grants: readonly AskedGrant[]): Promise<GroupId[]> {
  const asked = [...new Set(grants.flatMap(({ groupId }) => groupId ?? []))];
  const found = await loaders.of(group).getMany(asked);
  return asked.filter((_id, index) => {
    const outcome = found[index];
    return outcome !== null && outcome !== undefined && !(outcome instanceof Error) && outcome.managedBy !== "EXTERNAL";
  });
}
