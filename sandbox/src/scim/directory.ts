import { createHash } from "node:crypto";
import type { CloudState } from "../cloud/state/CloudState.js";
import type { Call, Routes } from "../http/service.js";
import { asUuid } from "../world/generation/random.js";
import { given } from "../world/ObjectReader.js";
import type { WorldAccount, WorldGroup } from "../world/World.js";
import { schemas } from "./schemas.js";

/** One authorized SCIM call, as its handler sees it. */
export interface ScimCall extends Call {
  readonly state: CloudState;
  readonly directory: ScimDirectory;
  /** `{origin}/scim/directory/{directoryId}`: what `meta.location` and `$ref` begin with. */
  readonly base: string;
}

export type ScimRoutes = Routes<ScimCall>;

/** When something was made and last written, ISO 8601. */
interface ScimTimes {
  readonly created: string;
  readonly lastModified: string;
}

/** What SCIM keeps of an account and no world file does. */
interface ScimExtras {
  /** Where it is not the e-mail address. */
  readonly userName?: string;
  /** Attributes such as `title` and `timezone`, as they were written. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** World files do not say when an identity provider wrote what they hold. */
const worldTimes: ScimTimes = { created: "2024-01-15T09:00:00.000Z", lastModified: "2024-01-15T09:00:00.000Z" };

/**
 * The accounts and groups that an identity provider synchronises, under the ids that SCIM has for them. Users are people who
 * are managed or of whom the world tells a first or last name, a department or an external id; groups are those managed by
 * EXTERNAL.
 */
export class ScimDirectory {
  readonly #state: CloudState;
  /** Verified domains: those of managed accounts. With none, no address is refused. */
  readonly #domains: ReadonlySet<string>;
  readonly #deleted = new Set<string>();
  readonly #extras = new Map<string, ScimExtras>();
  readonly #groupExternalIds = new Map<string, string>();
  readonly #times = new Map<string, ScimTimes>();
  #version = -1;
  #users: readonly WorldAccount[] = [];
  #byId = new Map<string, WorldAccount>();

  readonly #showsDeleted: boolean;

  /** `showsDeleted`: whoever was deleted stays in the lists, as inactive. */
  constructor(state: CloudState, { showsDeleted = false }: { readonly showsDeleted?: boolean } = {}) {
    this.#state = state;
    this.#showsDeleted = showsDeleted;
    this.#domains = new Set(
      state.accounts
        .all()
        .filter(({ managed, email }) => managed === true && email !== null && email.includes("@"))
        .map(({ email }) => domainOf(email ?? "")),
    );
  }

  /** By SCIM id. */
  users(): readonly WorldAccount[] {
    this.#refresh();
    return this.#users;
  }

  user(scimId: string): WorldAccount | undefined {
    this.#refresh();
    return this.#byId.get(scimId);
  }

  groups(): readonly WorldGroup[] {
    return this.#state.groups.sorted().filter((group) => group.managedBy === "EXTERNAL");
  }

  group(scimId: string): WorldGroup | undefined {
    return this.groups().find((group) => this.groupIdOf(group) === scimId);
  }

  groupsOf(account: WorldAccount): readonly WorldGroup[] {
    return this.#state.groups.groupsOf(account.accountId).filter((group) => group.managedBy === "EXTERNAL");
  }

  userIdOf({ accountId }: WorldAccount): string {
    return stableId("user", accountId);
  }

  groupIdOf({ id }: WorldGroup): string {
    return stableId("group", id);
  }

  /** The address, and where nobody tells one the external id or the account id: none is made up. */
  userNameOf(account: WorldAccount): string {
    const written = this.#extras.get(account.accountId)?.userName;
    const email = account.email === "" ? null : account.email;
    return written ?? email ?? account.externalId ?? account.accountId;
  }

  isActive({ accountStatus, orgStatus }: WorldAccount): boolean {
    return accountStatus === "active" && orgStatus !== "deactivated" && orgStatus !== "for_deletion";
  }

  isVerified(email: string): boolean {
    return this.#domains.size === 0 || this.#domains.has(domainOf(email));
  }

  extrasOf({ accountId }: WorldAccount): ScimExtras {
    return this.#extras.get(accountId) ?? { attributes: {} };
  }

  groupExternalIdOf({ id }: WorldGroup): string | undefined {
    return this.#groupExternalIds.get(id);
  }

  timesOf(nativeId: string): ScimTimes {
    return this.#times.get(nativeId) ?? worldTimes;
  }

  putUser(account: WorldAccount, extras: ScimExtras, now: number): void {
    this.#deleted.delete(account.accountId);
    this.#extras.set(account.accountId, extras);
    this.touch(account.accountId, now);
    this.#state.accounts.put(account);
  }

  /** Deactivates, and forgets until the same user is created again, or goes on showing it as inactive. */
  deleteUser(account: WorldAccount): void {
    if (!this.#showsDeleted) this.#deleted.add(account.accountId);
    this.#state.accounts.put({ ...account, accountStatus: "inactive", orgStatus: "deactivated" });
  }

  setGroupExternalId({ id }: WorldGroup, externalId: string | undefined): void {
    if (externalId !== undefined) this.#groupExternalIds.set(id, externalId);
  }

  /** Notes a write; the first one of something new is its creation. */
  touch(nativeId: string, now: number, isNew = false): void {
    const lastModified = new Date(now).toISOString();
    this.#times.set(nativeId, { created: isNew ? lastModified : this.timesOf(nativeId).created, lastModified });
  }

  #refresh(): void {
    const { accounts } = this.#state;
    if (this.#version === accounts.version) return;
    this.#version = accounts.version;
    const found = accounts.all().filter((account) => isSynchronised(account) && !this.#deleted.has(account.accountId));
    this.#byId = new Map(
      found
        .map((account): [string, WorldAccount] => [this.userIdOf(account), account])
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
    this.#users = [...this.#byId.values()];
  }
}

function isSynchronised(account: WorldAccount): boolean {
  if (account.accountType !== "atlassian" || account.accountStatus === "closed") return false;
  const { managed, givenName, familyName, department, externalId } = account;
  return managed === true || [givenName, familyName, department, externalId].some((value) => value !== undefined);
}

function domainOf(email: string): string {
  return email.slice(email.lastIndexOf("@") + 1).toLowerCase();
}

/** The id that SCIM gives to something that the world knows by another: the same in every run, and told by nothing else. */
function stableId(kind: "user" | "group", nativeId: string): string {
  return asUuid(createHash("sha256").update(`scim ${kind} ${nativeId}`).digest("hex"));
}

/** A user as SCIM shows it: what the world does not tell is absent, never made up. */
export function mapScimUser({ directory, base }: ScimCall, account: WorldAccount): Record<string, unknown> {
  const id = directory.userIdOf(account);
  const { email, givenName, familyName, displayName, department, externalId, accountId } = account;
  const { attributes } = directory.extrasOf(account);
  const { organization } = attributes;
  return {
    schemas: [schemas.user, schemas.enterprise, schemas.atlassian],
    id,
    ...given({ externalId }),
    // The document says USER; live answers say User (2026-11-20, test "are as described, but for the resource type").
    meta: { resourceType: "User", location: `${base}/Users/${id}`, ...directory.timesOf(accountId) },
    userName: directory.userNameOf(account),
    name: {
      formatted: displayName,
      ...given({ familyName, givenName }),
    },
    displayName,
    ...attributes,
    ...given({ department }),
    active: directory.isActive(account),
    emails: email === null || email === "" ? [] : [{ value: email, type: "work", primary: true }],
    groups: directory.groupsOf(account).map((group) => {
      const value = directory.groupIdOf(group);
      return { type: "Group", value, display: group.name, $ref: `${base}/Groups/${value}` };
    }),
    [schemas.enterprise]: {
      ...(typeof organization === "string" ? { organization } : {}),
      ...given({ department }),
    },
    [schemas.atlassian]: { atlassianAccountId: accountId },
  };
}

/** A group as SCIM shows it, with those of its members that the directory knows. */
export function mapScimGroup({ directory, state, base }: ScimCall, group: WorldGroup): Record<string, unknown> {
  const id = directory.groupIdOf(group);
  const externalId = directory.groupExternalIdOf(group);
  return {
    schemas: [schemas.group],
    id,
    ...given({ externalId }),
    displayName: group.name,
    members: group.members.flatMap((accountId) => {
      const account = state.accounts.get(accountId);
      if (account === undefined) return [];
      const value = directory.userIdOf(account);
      if (directory.user(value) === undefined) return [];
      return [{ type: "User", value, display: directory.userNameOf(account), $ref: `${base}/Users/${value}` }];
    }),
    meta: { resourceType: "Group", location: `${base}/Groups/${id}`, ...directory.timesOf(group.id) },
  };
}
