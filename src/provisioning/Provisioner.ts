import type { AccountWriter } from "../confluence/writerPort.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import type { SiteStore } from "../loaders/SiteStore.js";
import type { AccountFacts } from "./AccountFacts.js";
import type { AccountRequest, ProvisionResult } from "./AccountRequest.js";
import type { AccountStatusAction } from "./AccountStatusAction.js";
import type { AccountStatusResult } from "./AccountStatusResult.js";
import type { AuditLog, Provenance } from "./AuditLog.js";
import type { CarriedOut } from "./CarriedOut.js";
import type { Change } from "./Change.js";
import { GroupPlace } from "./GroupPlace.js";
import type { KeyedLock } from "./KeyedLock.js";
import { provisioningDisabled } from "./provisioningDisabled.js";
import { SentInvitations } from "./SentInvitations.js";
import { SpacePlace } from "./SpacePlace.js";
import { StartedRemovals } from "./StartedRemovals.js";
import { settleAccountGrants } from "./settleAccountGrants.js";
import { settleAccountOfDirectory } from "./settleAccountOfDirectory.js";
import { settleAccountOfOrganization } from "./settleAccountOfOrganization.js";
import { settleAccountOfSite } from "./settleAccountOfSite.js";
import { settleAccountStatus } from "./settleAccountStatus.js";
import { settleAccountUpdate } from "./settleAccountUpdate.js";
import { settleDirectoryRemoval } from "./settleDirectoryRemoval.js";
import { settleDirectoryStatus } from "./settleDirectoryStatus.js";
import { type GroupResult, settleGroupCreation, settleGroupDeletion } from "./settleGroup.js";
import { settleNames } from "./settleNames.js";
import { type ChangeResult, settlePlace } from "./settlePlace.js";
import { subjectKey } from "./subjectKey.js";
import { usernameOf } from "./usernameOf.js";

interface ProvisionerOptions {
  readonly store: SiteStore;
  readonly audit: AuditLog;
  /** Shared by the whole process. */
  readonly lock: KeyedLock;
  /** False: every change answers `PROVISIONING_DISABLED` and nothing is read or written. */
  readonly isOn: boolean;
}

/** Carries out changes on one site. */
export class Provisioner {
  readonly #options: ProvisionerOptions;
  readonly #invitations: SentInvitations;
  readonly #removals: StartedRemovals;

  constructor(options: ProvisionerOptions) {
    this.#options = options;
    this.#invitations = new SentInvitations(options.store.clock);
    this.#removals = new StartedRemovals(options.store.clock);
  }

  get store(): SiteStore {
    return this.#options.store;
  }

  get isOn(): boolean {
    return this.#options.isOn;
  }

  /**
   * The result of each change, in the order given. Changes of the same subject in the same place are carried out in that
   * order; others side by side. One that fails leaves the others alone. Each comes with its names settled.
   */
  async carryOut(changes: readonly Change[], provenance: Provenance, isDryRun: boolean): Promise<CarriedOut[]> {
    if (!this.isOn) return changes.map((change) => ({ change, result: disabled(this.store.site.siteId) }));
    const results: CarriedOut[] = [];
    const settled = changes.map((change) => settleNames(this.store.site.names, change));
    for (const wave of inWaves(settled)) {
      const places = groupByPlace(wave);
      await Promise.all(
        [...places.values()].map(async (entries) => {
          const outcomes = await this.#settle(
            entries.map(({ change }) => change),
            provenance,
            isDryRun,
          );
          entries.forEach(({ index, change }, position) => {
            const result = outcomes[position];
            if (result !== undefined) results[index] = { change, result };
          });
        }),
      );
    }
    return results;
  }

  /** Makes sure that a group of a name exists. */
  createGroup(name: string, provenance: Provenance, isDryRun: boolean): Promise<GroupResult> {
    const { store, audit, lock } = this.#options;
    if (!this.isOn) return Promise.resolve(nothingDone(store.site.siteId));
    const key = JSON.stringify([store.site.siteId, "group named", store.site.names.groupName(name)]);
    return lock.run(key, () =>
      settleGroupCreation(name, { store, siteId: store.site.siteId, audit, provenance, isDryRun }),
    );
  }

  /** Makes sure that a group does not exist. */
  deleteGroup(groupId: GroupId, provenance: Provenance, isDryRun: boolean): Promise<GroupResult> {
    const { store, audit, lock } = this.#options;
    if (!this.isOn) return Promise.resolve(nothingDone(store.site.siteId));
    return lock.run(new GroupPlace(store, groupId).key, () =>
      settleGroupDeletion(groupId, { store, siteId: store.site.siteId, audit, provenance, isDryRun }),
    );
  }

  /**
   * Makes sure that a person has an account with access to the site, then grants it what was asked for. One that was invited
   * has no account yet: repeating the call when it is there does the rest.
   */
  async provisionAccount(request: AccountRequest, provenance: Provenance, isDryRun: boolean): Promise<ProvisionResult> {
    const { store, audit, lock } = this.#options;
    const { siteId, organization } = store.site;
    if (!this.isOn) return { ...disabled(siteId), siteId, accountId: null, invitation: null, changes: [] };
    const { accounts } = store.site.writer;
    const settlement = { store, siteId, audit, provenance, isDryRun, invitations: this.#invitations };
    const identity = accounts === null ? request.email.toLowerCase() : usernameOf(request);
    const standing = await lock.run(JSON.stringify([siteId, "account of", identity]), () => {
      if (accounts !== null) return settleAccountOfDirectory(request, { ...settlement, accounts });
      return organization === null
        ? settleAccountOfSite(request, settlement)
        : settleAccountOfOrganization(request, { ...settlement, organization });
    });
    const carryOut = (changes: readonly Change[]) => this.carryOut(changes, provenance, isDryRun);
    const changes = await settleAccountGrants(request.grants, standing, { store, carryOut });
    return { ...standing, siteId, changes };
  }

  /** Gives an account of a site that keeps its own another name or e-mail address. */
  async updateAccount(
    accountId: AccountId,
    wanted: AccountFacts,
    { provenance, isDryRun }: { readonly provenance: Provenance; readonly isDryRun: boolean },
  ): Promise<ChangeResult> {
    const { store, audit } = this.#options;
    const { siteId, writer } = store.site;
    if (!this.isOn) return disabled(siteId);
    if (writer.accounts === null) return keptElsewhere();
    const settlement = { store, siteId, audit, provenance, isDryRun, accounts: writer.accounts };
    return this.#alone(accountId, () => settleAccountUpdate(accountId, wanted, settlement));
  }

  /** Suspends, restores or removes an account: in the whole organization, or where the site keeps its own there alone. */
  async changeAccountStatus(
    action: AccountStatusAction,
    accountId: AccountId,
    asked: { readonly provenance: Provenance; readonly isDryRun: boolean; readonly isAcknowledged: boolean },
  ): Promise<AccountStatusResult> {
    const { store, audit, lock } = this.#options;
    const { siteId, organization, writer } = store.site;
    const none = { affectedResources: [], removal: null };
    if (!this.isOn) return { ...disabled(siteId), ...none };
    const { accounts } = writer;
    if (accounts !== null) return this.#changeStatusHere(action, accountId, { ...asked, accounts });
    if (organization === null) return { ...withoutOrganization(siteId), ...none };
    const key = JSON.stringify(["organization", organization.orgId, accountId]);
    return lock.run(key, () =>
      settleAccountStatus(action, accountId, { store, siteId, organization, audit, ...asked }),
    );
  }

  #changeStatusHere(
    action: AccountStatusAction,
    accountId: AccountId,
    asked: { readonly provenance: Provenance; readonly isDryRun: boolean; readonly accounts: AccountWriter },
  ): Promise<AccountStatusResult> {
    const { store, audit } = this.#options;
    const settlement = { store, audit, siteId: store.site.siteId, removals: this.#removals, ...asked };
    return this.#alone(accountId, () =>
      action === "removeAccount"
        ? settleDirectoryRemoval(accountId, settlement)
        : settleDirectoryStatus(action, accountId, settlement),
    );
  }

  /** One at a time for an account that a site keeps itself. */
  #alone<T>(accountId: AccountId, task: () => Promise<T>): Promise<T> {
    const { store, lock } = this.#options;
    return lock.run(JSON.stringify([store.site.siteId, "account", accountId]), task);
  }

  #settle(changes: readonly Change[], provenance: Provenance, isDryRun: boolean): Promise<ChangeResult[]> {
    const { store, audit, lock } = this.#options;
    const [first] = changes;
    if (first === undefined) return Promise.resolve([]);
    const settlement = { siteId: store.site.siteId, audit, provenance, isDryRun };
    if ("groupId" in first) {
      const place = new GroupPlace(store, first.groupId);
      return lock.run(place.key, () => settlePlace(place, changes, settlement));
    }
    const place = new SpacePlace(store, first.spaceId);
    return lock.run(place.key, () => settlePlace(place, changes, settlement));
  }
}

interface Entry {
  readonly index: number;
  readonly change: Change;
}

/** Each wave names a subject once, so that what is asked of one subject happens in the order asked. */
function inWaves(changes: readonly Change[]): Entry[][] {
  const seen = new Map<string, number>();
  const waves: Entry[][] = [];
  changes.forEach((change, index) => {
    const key = subjectKey(change);
    const wave = seen.get(key) ?? 0;
    seen.set(key, wave + 1);
    waves[wave] ??= [];
    waves[wave].push({ index, change });
  });
  return waves;
}

function groupByPlace(entries: readonly Entry[]): Map<string, Entry[]> {
  const places = new Map<string, Entry[]>();
  for (const entry of entries) {
    const { change } = entry;
    const key = "groupId" in change ? `group ${change.groupId}` : `space ${change.spaceId}`;
    const there = places.get(key);
    if (there === undefined) places.set(key, [entry]);
    else there.push(entry);
  }
  return places;
}

function nothingDone(siteId: string): GroupResult {
  return { ...disabled(siteId), group: null, affected: [] };
}

function disabled(siteId: string): ChangeResult {
  return { outcome: "FAILED", fault: provisioningDisabled(siteId), plan: [] };
}

function keptElsewhere(): ChangeResult {
  const message =
    "Cloud accounts are not kept by the site: people change their name and address in their Atlassian account, and those of managed accounts come from the identity provider or are changed at admin.atlassian.com.";
  return { outcome: "FAILED", fault: { code: "UNSUPPORTED", field: [], message }, plan: [] };
}

function withoutOrganization(siteId: string): ChangeResult {
  const message = `Accounts are suspended, restored and removed in their organization, and site ${siteId} has none configured. Set ATLASSIAN_ORG_ID and ATLASSIAN_ORG_API_KEY (or \`organization\` in the sites file).`;
  return { outcome: "FAILED", fault: { code: "UNSUPPORTED", field: [], message }, plan: [] };
}
