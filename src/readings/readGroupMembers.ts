import { type Complete, type Gap, gapFromError, mergeTrust, nothing, type Trust, unread } from "../domain/Complete.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import { SiteError, settle } from "../domain/SiteError.js";
import { compareCodePoints } from "../domain/textOrder.js";
import { account } from "../loaders/accounts.js";
import { onlyOne } from "../loaders/engine/LoaderDeclaration.js";
import type { SiteLoaders } from "../loaders/engine/SiteLoaders.js";
import { groupMembers, memberOf } from "../loaders/memberships.js";
import { suspendedPeople } from "../loaders/organization.js";

/** People whom lists of members leave out because their organization suspended or deactivated them. */
interface HiddenMembers {
  readonly accountIds: readonly AccountId[];
  readonly byGroup: ReadonlyMap<GroupId, readonly AccountId[]>;
  /** How far the above can be trusted, for every list of members that is completed by it. */
  readonly trust: Trust;
}

/**
 * The direct members of groups, ordered by account id: as the site lists them, completed by those whom it leaves out. `null`
 * for a group that is not there, and an `Error` for one that could not be read, each by itself.
 */
export async function readGroupMembers(
  loaders: SiteLoaders,
  groupIds: readonly GroupId[],
): Promise<(Complete<AccountId> | null | Error)[]> {
  if (groupIds.length === 0) return [];
  const [lists, hidden] = await Promise.all([loaders.of(groupMembers).getMany(groupIds), readHiddenMembers(loaders)]);
  return groupIds.map((groupId, index) => {
    const list = lists[index] ?? null;
    return list === null || list instanceof Error ? list : completed(list, hidden, groupId, loaders.store.clock.now());
  });
}

function completed(
  list: Complete<AccountId>,
  { byGroup, trust }: HiddenMembers,
  groupId: GroupId,
  nowMs: number,
): Complete<AccountId> {
  const left = byGroup.get(groupId);
  const items = left === undefined ? list.items : [...new Set([...list.items, ...left])].sort(compareCodePoints);
  return { items, ...mergeTrust([list, trust], nowMs) };
}

/**
 * Whom the organization suspended and the site knows: accounts of it as well, in a group or not. Without an organization
 * nobody can say, and that is an assumption.
 */
export async function readHiddenAccounts(loaders: SiteLoaders): Promise<Complete<AccountId>> {
  const { accountIds, trust } = await readHiddenMembers(loaders);
  const facts = await loaders.of(account).getMany(accountIds);
  const failure = facts.find((outcome): outcome is SiteError => outcome instanceof SiteError);
  return {
    ...trust,
    items: accountIds.filter((_id, index) => facts[index] !== null && !(facts[index] instanceof Error)),
    gaps: failure === undefined ? trust.gaps : [...trust.gaps, gapFromError("suspended accounts of the site", failure)],
  };
}

/** Read once a request, and only where the site leaves anybody out: two searches, and one `memberof` a person. */
function readHiddenMembers(loaders: SiteLoaders): Promise<HiddenMembers> {
  return loaders.once("hiddenMembers", async (): Promise<HiddenMembers> => {
    const { site, clock } = loaders.store;
    const none: HiddenMembers = { accountIds: [], byGroup: new Map(), trust: nothing(clock.now()) };
    if (!site.groups.leavesOutSuspended) return none;
    if (site.organization === null) {
      return { ...none, trust: { ...none.trust, assumptions: ["SUSPENDED_MEMBERS_HIDDEN"] } };
    }
    const people = await settle(loaders.of(suspendedPeople).get(onlyOne));
    if (people instanceof SiteError) return { ...none, trust: unread(gapFromError(leftOut, people), clock.now()) };
    if (people instanceof Error) throw people;
    return people === null ? none : readMembershipsOf(loaders, people);
  });
}

const leftOut = "suspended people, whom lists of members leave out";

async function readMembershipsOf(loaders: SiteLoaders, people: Complete<AccountId>): Promise<HiddenMembers> {
  const byGroup = new Map<GroupId, AccountId[]>();
  const trusts: Trust[] = [people];
  const notSeen: AccountId[] = [];
  const failures: SiteError[] = [];
  const lists = await loaders.of(memberOf).getMany(people.items);
  people.items.forEach((accountId, index) => {
    const groups = lists[index] ?? null;
    if (groups === null || (groups instanceof SiteError && groups.kind === "NotVisible")) notSeen.push(accountId);
    else if (groups instanceof SiteError) failures.push(groups);
    else if (groups instanceof Error) throw groups;
    else {
      trusts.push(groups);
      for (const groupId of groups.items) {
        const members = byGroup.get(groupId);
        if (members === undefined) byGroup.set(groupId, [accountId]);
        else members.push(accountId);
      }
    }
  });
  const gaps = [...(await gapsOfNotSeen(loaders, notSeen)), ...gapsOfFailures(failures)];
  return {
    accountIds: people.items,
    byGroup,
    trust: mergeTrust([...trusts, ...gaps.map((gap) => unread(gap, people.asOfMs))], people.asOfMs),
  };
}

/** The organization has people of other sites too. Who is known here keeps memberships that could not be seen. */
async function gapsOfNotSeen(loaders: SiteLoaders, accountIds: readonly AccountId[]): Promise<readonly Gap[]> {
  const facts = await loaders.of(account).getMany(accountIds);
  const known = accountIds.filter((_id, index) => facts[index] !== null);
  if (known.length === 0) return [];
  const call = "GET /wiki/rest/api/user/memberof";
  return [
    {
      missing: `groups of ${known.length} suspended people, whom lists of members leave out`,
      kind: "NotVisible",
      reason: `${call} does not find accounts that the site knows: they are missing there, or hidden from this credential.`,
      call,
      retryAfterMs: null,
    },
  ];
}

function gapsOfFailures(failures: readonly SiteError[]): readonly Gap[] {
  const [first] = failures;
  if (first === undefined) return [];
  return [gapFromError(`groups of ${failures.length} suspended people, whom lists of members leave out`, first)];
}
