import type { Organization, OrganizationWriter, ScimDirectory, ScimUser } from "../../confluence/organizationPort.js";
import type { ConfluenceSite } from "../../confluence/port.js";
import type { AccountWriter, SiteWriter } from "../../confluence/writerPort.js";
import { type AccountTold, type ChangeEvent, isOfOrganization, type WhatChanged } from "../../domain/Change.js";
import type { AccountId, SiteId } from "../../domain/ids.js";
import { maxDirectoryPeople } from "../limits.js";

/** A site, by what it is called here and by what every process knows it by. */
interface ToldSite {
  readonly siteId: SiteId;
  readonly url: string;
  readonly organization: { readonly orgId: string } | null;
}

/** Who remembers what it read of a site. */
interface Rememberer {
  readonly site: ToldSite;
  /** Forgets what a change may have made untrue. Asks nobody. */
  forget(event: ChangeEvent): void;
  /** Forgets everything that was read before. */
  forgetAll(): void;
}

type Listener = (event: ChangeEvent, reached: SiteId) => void;

/** A change as other processes are told of it: they may call the site otherwise, or serve only others of its organization. */
export interface ToldAbroad {
  /** The address of the site that made it. */
  readonly url: string;
  readonly orgId: string | null;
  readonly what: WhatChanged;
  readonly isSeen: boolean;
}

/** Who hears of our own changes, to tell other processes. Told when they are forgotten here. */
export type Abroad = (told: ToldAbroad, event: ChangeEvent, reached: readonly SiteId[]) => void;

/** A site of an organization that is not served here, by a name that none has. */
const elsewhere = "\u0000elsewhere" as SiteId;

/**
 * Where every change is told, once for each site that it reaches: the one it was made by, and where it is of the
 * organization its other sites. What a process remembers is forgotten by it, and whoever else wants to know may listen.
 */
export class ChangeEvents {
  readonly #rememberers = new Set<Rememberer>();
  readonly #listeners = new Set<Listener>();
  readonly #onLost = new Set<() => void>();
  #abroad: Abroad | null = null;

  /** For as long as the process serves the site. */
  join(rememberer: Rememberer): void {
    this.#rememberers.add(rememberer);
  }

  /** Called before anything is forgotten, so that who listens may look up what was known. Answers how to stop. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Called when changes of others may have been missed, and everything was forgotten. Answers how to stop. */
  whenLost(listener: () => void): () => void {
    this.#onLost.add(listener);
    return () => void this.#onLost.delete(listener);
  }

  /** From now on other processes are told of our own changes. */
  tellAbroad(abroad: Abroad): void {
    this.#abroad = abroad;
  }

  /** Tells of a change made by a site of this process. */
  tell({ site }: Rememberer, what: WhatChanged, isSeen: boolean): void {
    const event: ChangeEvent = { ...what, siteId: site.siteId, isSeen };
    const { url, organization } = site;
    const isReached = (each: ToldSite) =>
      each.siteId === site.siteId || (isOfOrganization(what) && isOf(each, organization?.orgId ?? null));
    const reached = this.#pass(event, isReached);
    this.#abroad?.({ url, orgId: organization?.orgId ?? null, what, isSeen }, event, reached);
  }

  /** Passes on a change that another process has told of. Answers what it is to each site that it reaches here. */
  hear({ url, orgId, what, isSeen }: ToldAbroad): readonly { readonly siteId: SiteId; readonly event: ChangeEvent }[] {
    const sites = [...this.#rememberers].map(({ site }) => site);
    const made = sites.filter((site) => isAt(site, url));
    // Of two that are one and the same site each is where it was made.
    const told = made.map(({ siteId }): [ChangeEvent, (site: ToldSite) => boolean] => [
      { ...what, siteId, isSeen },
      (site) => site.siteId === siteId,
    ]);
    const isSibling = (site: ToldSite) => !isAt(site, url) && isOfOrganization(what) && isOf(site, orgId);
    told.push([{ ...what, siteId: made[0]?.siteId ?? elsewhere, isSeen }, isSibling]);
    return told.flatMap(([event, isReached]) => this.#pass(event, isReached).map((siteId) => ({ siteId, event })));
  }

  /** Forgets everything of every site: changes of others may have been missed. */
  lose(): void {
    for (const rememberer of this.#rememberers) rememberer.forgetAll();
    for (const listener of this.#onLost) listener();
  }

  #pass(event: ChangeEvent, isReached: (site: ToldSite) => boolean): readonly SiteId[] {
    const reached: SiteId[] = [];
    for (const rememberer of this.#rememberers) {
      const { site } = rememberer;
      if (!isReached(site)) continue;
      for (const listener of this.#listeners) listener(event, site.siteId);
      rememberer.forget(event);
      reached.push(site.siteId);
    }
    return reached;
  }
}

function isOf({ organization }: ToldSite, orgId: string | null): boolean {
  return organization !== null && organization.orgId === orgId;
}

function isAt(site: ToldSite, url: string): boolean {
  return addressOf(site.url) === addressOf(url);
}

/** However it is spelled. */
function addressOf(url: string): string {
  return url.replace(/\/+$/, "").toLowerCase();
}

type Tell = (what: WhatChanged) => void;

/** What of a port only reads or answers from what it knows; everything else is a write, and must be told. */
type SiteWrites = Pick<
  SiteWriter,
  | "addPermission"
  | "removePermission"
  | "setRole"
  | "addMember"
  | "removeMember"
  | "createGroup"
  | "deleteGroup"
  | "inviteByEmail"
>;
type AccountWrites = Pick<AccountWriter, "create" | "update" | "disable" | "enable" | "remove">;
type ScimWrites = Pick<ScimDirectory, "create" | "setActive" | "remove">;

/** A site whose writes tell what they may have changed, each after its call, whatever came of it. */
export function tellOfWrites(site: ConfluenceSite, tell: Tell): ConfluenceSite {
  return {
    ...site,
    writer: tellingWriter(site, tell),
    organization: site.organization === null ? null : tellingOrganization(site.organization, tell),
  };
}

/** Tells when a call has ended. */
async function after<Answer>(call: Promise<Answer>, tell: (answer: Answer | null) => void): Promise<Answer> {
  let answer: Answer | null = null;
  try {
    answer = await call;
    return answer;
  } finally {
    tell(answer);
  }
}

function tellingWriter({ writer, names, groups }: ConfluenceSite, tell: Tell): SiteWriter {
  const writes: SiteWrites = {
    addPermission: (space, ...rest) =>
      after(writer.addPermission(space, ...rest), () => tell({ kind: "spaceGrantsChanged", spaceId: space.spaceId })),
    removePermission: (space, row) =>
      after(writer.removePermission(space, row), () => tell({ kind: "spaceGrantsChanged", spaceId: space.spaceId })),
    setRole: (space, ...rest) =>
      after(writer.setRole(space, ...rest), () => tell({ kind: "spaceGrantsChanged", spaceId: space.spaceId })),
    addMember: (groupId, accountId) =>
      after(writer.addMember(groupId, accountId), () => tell({ kind: "membershipChanged", groupId, accountId })),
    removeMember: (groupId, accountId) =>
      after(writer.removeMember(groupId, accountId), () => tell({ kind: "membershipChanged", groupId, accountId })),
    createGroup: (name) =>
      after(writer.createGroup(name), (group) => {
        // Where the name is the id, somebody may have asked for it before it was there.
        const named = groups.areNamedById ? names.groupId(name) : null;
        tell({ kind: "groupCreated", groupId: group?.groupId ?? named });
      }),
    deleteGroup: (groupId) => after(writer.deleteGroup(groupId), () => tell({ kind: "groupDeleted", groupId })),
    inviteByEmail: (emails) =>
      after(writer.inviteByEmail(emails), () => {
        for (const email of emails) tell({ kind: "accountCreated", ...nothingKnown, email });
      }),
  };
  const { accounts } = writer;
  return { ...writer, ...writes, accounts: accounts === null ? null : tellingAccounts(accounts, tell) };
}

/** These are known by the name alone that they sign in with. */
function tellingAccounts(accounts: AccountWriter, tell: Tell): AccountWriter {
  const writes: AccountWrites = {
    create: (account) =>
      after(accounts.create(account), () => {
        const { username, email } = account;
        tell({ kind: "accountCreated", accountId: null, username, email });
      }),
    update: (username, facts) =>
      after(accounts.update(username, facts), () => {
        tell({ kind: "accountUpdated", accountId: null, username, email: facts.email });
      }),
    disable: (username) =>
      after(accounts.disable(username), () => tell({ kind: "accountStatusChanged", ...nothingKnown, username })),
    enable: (username) =>
      after(accounts.enable(username), () => tell({ kind: "accountStatusChanged", ...nothingKnown, username })),
    remove: (username) =>
      after(accounts.remove(username), () => tell({ kind: "accountRemoved", ...nothingKnown, username })),
  };
  return { ...accounts, ...writes };
}

function tellingOrganization(organization: Organization, tell: Tell): Organization {
  const { writer, scim } = organization;
  const told = (accountId: AccountId): AccountTold => ({ ...nothingKnown, accountId });
  const writes: OrganizationWriter = {
    invite: (invitation) =>
      after(writer.invite(invitation), (accountId) => {
        tell({ kind: "accountCreated", ...nothingKnown, accountId, email: invitation.email });
        if (accountId === null) return;
        for (const groupId of invitation.groupIds) tell({ kind: "membershipChanged", groupId, accountId });
      }),
    assignRole: (accountId, role) =>
      after(writer.assignRole(accountId, role), () => tell({ kind: "productRoleChanged", accountId })),
    suspend: (accountId) =>
      after(writer.suspend(accountId), () => tell({ kind: "accountStatusChanged", ...told(accountId) })),
    restore: (accountId) =>
      after(writer.restore(accountId), () => tell({ kind: "accountStatusChanged", ...told(accountId) })),
    remove: (accountId) => after(writer.remove(accountId), () => tell({ kind: "accountRemoved", ...told(accountId) })),
  };
  return { ...organization, writer: writes, scim: scim === null ? null : tellingDirectory(scim, tell) };
}

/** The directory names people by ids of its own: whose account it is was told by the reading before the write. */
function tellingDirectory(scim: ScimDirectory, tell: Tell): ScimDirectory {
  const accountOf = new Map<string, AccountId>();
  const seen = async (reading: Promise<ScimUser | null>): Promise<ScimUser | null> => {
    const person = await reading;
    if (person?.accountId == null) return person;
    accountOf.delete(person.scimId);
    accountOf.set(person.scimId, person.accountId);
    for (const oldest of accountOf.keys()) {
      if (accountOf.size <= maxDirectoryPeople) break;
      accountOf.delete(oldest);
    }
    return person;
  };
  const told = (scimId: string): AccountTold => ({ ...nothingKnown, accountId: accountOf.get(scimId) ?? null });
  const writes: ScimWrites = {
    create: (person) =>
      after(scim.create(person), () => tell({ kind: "accountCreated", ...nothingKnown, email: person.email })),
    setActive: (scimId, isActive) =>
      after(scim.setActive(scimId, isActive), () => tell({ kind: "accountStatusChanged", ...told(scimId) })),
    remove: (scimId) => after(scim.remove(scimId), () => tell({ kind: "accountRemoved", ...told(scimId) })),
  };
  return {
    ...scim,
    byUserName: (userName) => seen(scim.byUserName(userName)),
    byId: (id) => seen(scim.byId(id)),
    ...writes,
  };
}

const nothingKnown: AccountTold = { accountId: null, username: null, email: null };
