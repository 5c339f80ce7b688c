import { z } from "zod";
import type { AccountStatus, OrganizationRole, Told } from "../../domain/Account.js";
import type { Clock } from "../../domain/Clock.js";
import { type Complete, mergeComplete } from "../../domain/Complete.js";
import type { AccountId } from "../../domain/ids.js";
import type { OrganizationUser } from "../../domain/Organization.js";
import { SiteError } from "../../domain/SiteError.js";
import type { RateLimiter } from "../../http/admission/RateLimiter.js";
import { readPages } from "../../http/paging.js";
import type { Transport } from "../../http/Transport.js";
import { fetchEach } from "../fetchMany.js";
import { batchSizes, organizationLimits } from "../limits.js";
import { type AskedFor, NamedCalls } from "../NamedCalls.js";
import type { ActivityAsker, LastActive, Organization } from "../organizationPort.js";
import { readShape, textOrNull } from "../readShape.js";
import { createScimDirectory, fetchDirectoryPeople } from "./scimDirectory.js";
import { createOrganizationWriter } from "./writes.js";

interface OrganizationOptions {
  readonly orgId: string;
  /** To the admin API, below which `/v2/orgs/…` stands. */
  readonly transport: Transport;
  readonly scim: { readonly directoryId: string; readonly transport: Transport } | null;
  /** The cloud id of the site whose resource licences and activity are read for. */
  readonly cloudId: () => Promise<string>;
  /** The way to `last-active-dates`, which the organization limits by itself: a throttle there is none of the others. */
  readonly activity: ActivityWays;
  readonly clock: Clock;
}

/** One way to `last-active-dates`, and how many calls may go by it. All sites of the organization share it. */
interface ActivityWay {
  readonly transport: Transport;
  readonly rateLimiter: RateLimiter;
  /** What of it this way may take; `null` for all. */
  readonly share: RateLimiter | null;
}

export type ActivityWays = Readonly<Record<ActivityAsker, ActivityWay>>;

/** The Atlassian organization of a site behind its port. */
export function createOrganization(options: OrganizationOptions): Organization {
  const { orgId, transport, scim, clock } = options;
  const siteResource = async () => `ari:cloud:confluence::site/${await options.cloudId()}`;
  const room = { count: batchSizes.organizationUsers, length: Number.POSITIVE_INFINITY };
  const usersByIds = new NamedCalls<AccountId, OrganizationUser>(room, async (asked) => {
    const users = whole(await searchUsers(options, () => ({ accountIds: asked.names }), asked));
    return new Map(users.map((user) => [user.accountId, user]));
  });
  return {
    orgId,
    siteResource,
    usersByIds: async (ids) => (ids.length === 0 ? new Map() : usersByIds.read(ids)),
    usersByEmails: async (emails) => findByEmails(options, emails),
    suspendedUsers: async () => {
      const found = await Promise.all([
        searchUsers(options, () => ({ status: ["suspended", "deactivated", "for_deletion"] })),
        searchUsers(options, () => ({ membershipStatus: ["suspended"] })),
      ]);
      const { items, ...trust } = mergeComplete(found, clock.now());
      return { ...trust, items: [...new Map(items.map((user) => [user.accountId, user])).values()] };
    },
    lastActiveOf: (ids, asker) =>
      fetchEach(ids, organizationLimits.concurrency, (id) => fetchLastActive(options, asker, siteResource, id)),
    directoryPeople: scim === null ? null : () => fetchDirectoryPeople(scim, clock),
    writer: createOrganizationWriter({ orgId, transport, siteResource }),
    scim: scim === null ? null : createScimDirectory(scim),
    checkKey: async () => {
      const call = "GET /v2/orgs/{orgId}/directories";
      const answer = await transport.send({ method: "GET", call, path: `/v2/orgs/${orgId}/directories` });
      readShape(directoriesWire, answer.body, call);
    },
  };
}

/** Every user that one search finds. */
async function searchUsers(
  { orgId, transport, clock }: OrganizationOptions,
  criteria: () => Readonly<Record<string, readonly string[]>>,
  asked?: AskedFor<AccountId>,
): Promise<Complete<OrganizationUser>> {
  const list = await readPages<OrganizationUserWire, string | null>({
    call: userSearch,
    first: null,
    pageSize: batchSizes.organizationUsers,
    clock,
    tries: asked?.tries,
    missing: (count) => `users of the organization after the first ${count}`,
    fetchPage: async ({ position, limit, tries }) => {
      const content = () => ({
        body: {
          ...criteria(),
          limit,
          expand: ["platformRoles", "productAccess"],
          ...(position === null ? {} : { cursor: position }),
        },
      });
      const answer = await transport.send({
        tries,
        method: "POST",
        call: userSearch,
        path: `/v2/orgs/${orgId}/directories/-/users/search`,
        ...content(),
        isReplaySafe: true,
        ...asked?.boarding(content),
      });
      const page = readShape(organizationUsersWire, answer.body, userSearch);
      return { rows: page.data, next: page.links?.next || null };
    },
  });
  return { ...list, items: list.items.map(mapOrganizationUser) };
}

const userSearch = "POST /v2/orgs/{orgId}/directories/{directoryId}/users/search";

/** Of a search for some accounts a page that fails fails it all: half an answer about some is none about the rest. */
function whole({ items, gaps: [gap] }: Complete<OrganizationUser>): readonly OrganizationUser[] {
  if (gap === undefined) return items;
  throw new SiteError(gap.kind, gap.reason, { call: userSearch, retryAfterMs: gap.retryAfterMs });
}

/**
 * The search finds people by addresses that their rows then hide. Of one address that is told; of many it is not whose such
 * a row is, so each address that found no row of its own is asked for by itself.
 */
async function findByEmails(
  options: OrganizationOptions,
  emails: readonly string[],
): Promise<ReadonlyMap<string, readonly OrganizationUser[] | SiteError>> {
  if (emails.length === 0) return new Map();
  const users = whole(await searchUsers(options, () => ({ emails })));
  const blank = users.filter(({ email }) => email === null);
  const found = new Map<string, readonly OrganizationUser[]>();
  for (const email of emails) {
    const having = users.filter((user) => user.email?.toLowerCase() === email);
    if (having.length > 0) found.set(email, having);
  }
  if (blank.length === 0) return found;
  const [only] = emails;
  if (emails.length === 1 && only !== undefined) return new Map([[only, [...(found.get(only) ?? []), ...blank]]]);
  // First those that found nobody: the others are asked for only where that leaves a row without an address.
  const outcomes = new Map<string, readonly OrganizationUser[] | SiteError>(found);
  const unclaimed = new Set(blank.map(({ accountId }) => accountId));
  for (const asked of [emails.filter((email) => !found.has(email)), [...found.keys()]]) {
    if (unclaimed.size === 0) break;
    const alone = await fetchEach(asked, organizationLimits.concurrency, async (email) =>
      (await findByEmails(options, [email])).get(email),
    );
    for (const [email, outcome] of alone) {
      if (outcome === undefined) continue;
      outcomes.set(email, outcome);
      if (!(outcome instanceof SiteError)) for (const { accountId } of outcome) unclaimed.delete(accountId);
    }
  }
  return outcomes;
}

async function fetchLastActive(
  { orgId, activity }: OrganizationOptions,
  asker: ActivityAsker,
  siteResource: () => Promise<string>,
  accountId: AccountId,
): Promise<LastActive> {
  const call = "GET /v1/orgs/{orgId}/directory/users/{accountId}/last-active-dates";
  const resource = await siteResource();
  const { transport, rateLimiter, share } = activity[asker];
  // Who asks for people waits for a turn; who asks about all comes again.
  const maxWaitMs = share === null ? organizationLimits.lastActiveMaxWaitMs : 0;
  if (share !== null) await share.take(call, maxWaitMs);
  await rateLimiter.take(call, maxWaitMs);
  const answer = await transport.send({
    method: "GET",
    call,
    path: `/v1/orgs/${orgId}/directory/users/${encodeURIComponent(accountId)}/last-active-dates`,
  });
  const { data } = readShape(lastActiveWire, answer.body, call);
  const dates = (data.product_access ?? [])
    .filter(({ id }) => id === resource)
    .map(({ last_active }) => Date.parse(last_active ?? ""))
    .filter((atMs) => !Number.isNaN(atMs));
  return { atMs: dates.length === 0 ? null : Math.max(...dates) };
}

const managed: ReadonlyMap<string, boolean> = new Map([
  ["managed", true],
  ["unmanaged", false],
]);

/** A row of the organization's user search. */
function mapOrganizationUser(user: OrganizationUserWire): OrganizationUser {
  return {
    accountId: user.accountId as AccountId,
    email: textOrNull(user.email),
    ...statusOf(user),
    isMember: user.membershipStatus
      ? user.membershipStatus.toLowerCase() !== "no_membership"
      : user.status?.toLowerCase() !== "not_invited",
    isManaged: managed.get(user.claimStatus?.toLowerCase() ?? "") ?? null,
    roles: told(user.platformRoles, roleOf),
    resources: told(user.productAccess, ({ id }) => textOrNull(id)),
    lastUses: (user.productAccess ?? []).flatMap(({ id, lastActiveTimestamp }) => {
      const atMs = Date.parse(lastActiveTimestamp ?? "");
      return id && !Number.isNaN(atMs) ? [{ resource: id, atMs }] : [];
    }),
    jobTitle: textOrNull(user.jobTitle),
    department: textOrNull(user.department),
  };
}

/**
 * Three fields speak of one thing; whichever says "not active" wins, in whatever letter case. `not_invited` says nothing about
 * the account itself: it has no product of the organization yet, and Confluence knows whether it is active. A word that is not
 * documented may mean anything, a kind of suspension too, so that what another field calls active is not.
 */
function statusOf(user: OrganizationUserWire): { status: AccountStatus | null; reportedStatus: string | null } {
  const said = (status: AccountStatus, reportedStatus: string | null | undefined) => ({
    status,
    reportedStatus: reportedStatus ?? null,
  });
  const status = user.status?.toLowerCase();
  const accountStatus = user.accountStatus?.toLowerCase();
  const membershipStatus = user.membershipStatus?.toLowerCase();
  if (accountStatus === "closed") return said("CLOSED", user.accountStatus);
  if (status === "suspended") return said("SUSPENDED", user.status);
  if (membershipStatus === "suspended") return said("SUSPENDED", user.membershipStatus);
  if (status === "deactivated" || status === "for_deletion") return said("DEACTIVATED", user.status);
  if (accountStatus === "inactive") return said("INACTIVE", user.accountStatus);
  if (status && status !== "active" && status !== "not_invited") return said("UNKNOWN", user.status);
  if (accountStatus && accountStatus !== "active") return said("UNKNOWN", user.accountStatus);
  if (membershipStatus && membershipStatus !== "active" && membershipStatus !== "no_membership")
    return said("UNKNOWN", user.membershipStatus);
  if (status === "active" || accountStatus === "active") return said("ACTIVE", user.status ?? user.accountStatus);
  return { status: null, reportedStatus: textOrNull(user.status) };
}

/** A list that is left out, or that holds an entry which does not say what it is, is not told whole. */
function told<Row, T>(rows: readonly Row[] | null | undefined, read: (row: Row) => T | null): Told<T> {
  const items = (rows ?? []).flatMap((row) => read(row) ?? []);
  return { items, isWhole: rows !== null && rows !== undefined && items.length === rows.length };
}

function roleOf(role: string | Readonly<Record<string, unknown>>): OrganizationRole | null {
  if (typeof role === "string") return role === "" ? null : { name: role, resource: null };
  const name = firstText(role.role, role.id, role.key, role.name);
  const { resource } = role;
  const owner = typeof resource === "object" && resource !== null && "id" in resource ? resource.id : resource;
  return name === null ? null : { name, resource: firstText(owner, role.resourceId) };
}

function firstText(...values: readonly unknown[]): string | null {
  return values.find((value): value is string => typeof value === "string" && value !== "") ?? null;
}

/** A row of `POST /v2/orgs/{orgId}/directories/{dirId}/users/search`. Most of it depends on what was asked to be expanded. */
const organizationUserWire = z.object({
  accountId: z.string().min(1),
  email: z.string().nullish(),
  status: z.string().nullish(),
  accountStatus: z.string().nullish(),
  membershipStatus: z.string().nullish(),
  claimStatus: z.string().nullish(),
  // A list of names; roles that carry their resource come as objects.
  platformRoles: z.array(z.union([z.string(), z.looseObject({})])).nullish(),
  jobTitle: z.string().nullish(),
  department: z.string().nullish(),
  productAccess: z
    .array(
      z.looseObject({
        key: z.string().nullish(),
        id: z.string().nullish(),
        // Left out for those who never came, and by some organizations for all. Whatever else it is says nothing.
        lastActiveTimestamp: z.string().nullish().catch(null),
      }),
    )
    .nullish(),
});
type OrganizationUserWire = z.infer<typeof organizationUserWire>;

const organizationUsersWire = z.object({
  data: z.array(organizationUserWire),
  links: z.object({ next: z.string().nullish() }).nullish(),
});

const directoriesWire = z.object({ data: z.array(z.looseObject({})) });

const lastActiveWire = z.object({
  data: z.object({
    product_access: z
      .array(z.object({ id: z.string().nullish(), key: z.string().nullish(), last_active: z.string().nullish() }))
      .nullish(),
  }),
});
