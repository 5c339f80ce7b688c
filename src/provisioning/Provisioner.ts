import type { AccountWriter } from "../confluence/writerPort.js";
import type { ChangeFault } from "../domain/Change.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import type { Scope } from "../domain/Scope.js";
import { outcomeOf, siteErrorOf } from "../domain/SiteError.js";
import type { SiteStore } from "../loaders/engine/SiteStore.js";
import type { ChangeRecord, Provenance } from "../record/ChangeRecord.js";
import type { Locks } from "../record/Locks.js";
import {
  type AccountRequest,
  type AccountStatusAction,
  type AccountStatusResult,
  type ProvisionResult,
  usernameOf,
} from "./accounts/AccountRequest.js";
import { carryOutGrants } from "./accounts/accountGrants.js";
import { provisionDirectoryAccount } from "./accounts/dataCenterAccount.js";
import { RemovalWatch, removeDirectoryAccount } from "./accounts/dataCenterRemoval.js";
import { changeDirectoryStatus } from "./accounts/dataCenterStatus.js";
import { type AccountProfile, updateDirectoryAccount } from "./accounts/dataCenterUpdate.js";
import { provisionInvitedAccount } from "./accounts/invitedAccount.js";
import { provisionOrganizationAccount } from "./accounts/organizationAccount.js";
import { changeOrganizationStatus } from "./accounts/organizationStatus.js";
import { SentInvitations, StartedRemovals } from "./accounts/remembered.js";
import type { CarriedOut } from "./aftermath.js";
import { type AskedChange, type Change, canonicalNames } from "./Change.js";
import { faultOfReading, provisioningDisabled } from "./changeFaults.js";
import { ChangesElsewhere } from "./guards/ChangesElsewhere.js";
import { faultOfScope, refuseUnmandatedGroup } from "./guards/mandate.js";
import { OwnAccount } from "./guards/ownAccess.js";
import { type StandaloneOptions, TargetQueue } from "./reconcile/TargetQueue.js";
import type { ChangeResult } from "./reconcile/Task.js";
import { FreshFacts } from "./targets/FreshFacts.js";
import { groupTarget } from "./targets/group.js";
import { createGroup, deleteGroup, type GroupResult } from "./targets/groupLifecycle.js";
import { carryOutAll, rehearseAll } from "./targets/settle.js";
import type { Asked } from "./targets/space.js";

interface ProvisionerOptions {
  readonly store: SiteStore;
  readonly record: ChangeRecord;
  /** Shared by the whole process, and by all processes of one database. */
  readonly locks: Locks;
  /** False: every change answers `PROVISIONING_DISABLED` and nothing is read or written. */
  readonly isOn: boolean;
}

/** Carries out changes on one site. */
export class Provisioner {
  readonly #options: ProvisionerOptions;
  readonly #invitations: SentInvitations;
  readonly #removals: StartedRemovals;
  readonly #watch: RemovalWatch;
  readonly #queue: TargetQueue;
  readonly #own: OwnAccount;

  constructor(options: ProvisionerOptions) {
    this.#options = options;
    const { store, record, locks } = options;
    const remembering = { record, siteId: store.site.siteId, clock: store.clock };
    this.#invitations = new SentInvitations(remembering);
    this.#removals = new StartedRemovals(remembering);
    this.#watch = new RemovalWatch(options.store);
    this.#own = new OwnAccount(store.site);
    const elsewhere = locks.areShared && options.isOn ? new ChangesElsewhere(record, store) : null;
    this.#queue = new TargetQueue({
      ...{ siteId: store.site.siteId, record, locks },
      noteOwn: (entry) => elsewhere?.noteOwn(entry),
    });
  }

  get store(): SiteStore {
    return this.#options.store;
  }

  get isOn(): boolean {
    return this.#options.isOn;
  }

  /** Whether there are any removals to look after. */
  get looksAfterRemovals(): boolean {
    return this.#watch.isWatching;
  }

  /** Looks what has come of removals that the site carries out in its own time: before a request reads what they change; `null` where nothing waits. */
  lookAfterRemovals(): Promise<void> | null {
    return this.#watch.look();
  }

  /**
   * The result of each change, in the order given. Changes of one target happen in that order where one decides about another,
   * and what takes administration away after what gives it elsewhere; others side by side. One that fails leaves the others alone. Each comes with its canonical names.
   */
  async carryOut(
    changes: readonly AskedChange[],
    provenance: Provenance,
    isDryRun: boolean,
    isForNewcomer = false,
  ): Promise<CarriedOut[]> {
    const refusal = this.#refusal("grant", provenance);
    if (refusal !== null) {
      const result = failed(refusal);
      return changes.map((change) => ({ change, result, otherRoleId: null, after: null }));
    }
    return this.#settle(changes, { provenance, resumes: null, isForNewcomer, own: this.#own }, isDryRun);
  }

  /** What the changes would come to, whether or not changes are switched on: plans only, and leaves no trace. */
  rehearse(changes: readonly AskedChange[], provenance: Provenance): Promise<CarriedOut[]> {
    return this.#settle(changes, { provenance, resumes: null, isForNewcomer: false, own: this.#own }, true);
  }

  #settle(changes: readonly AskedChange[], asked: Asked, isDryRun: boolean): Promise<CarriedOut[]> {
    const { store } = this.#options;
    const named = changes.map((change) => canonicalNames(store.site.names, change));
    return isDryRun ? rehearseAll(store, named, asked) : carryOutAll(store, named, { asked, queue: this.#queue });
  }

  /** Makes sure that a group of a name exists. */
  createGroup(name: string, provenance: Provenance, isDryRun: boolean): Promise<GroupResult> {
    const { store } = this.#options;
    const { siteId, names } = store.site;
    const refusal = this.#refusal("lifecycle", provenance);
    if (refusal !== null) return Promise.resolve({ ...failed(refusal), group: null });
    const lockKey = JSON.stringify([siteId, "group named", names.groupName(name)]);
    return createGroup(name, { store, ...this.#standalone(lockKey, provenance, isDryRun) });
  }

  /** Makes sure that a group does not exist. */
  deleteGroup(groupId: GroupId, provenance: Provenance, isDryRun: boolean): Promise<GroupResult> {
    const { store } = this.#options;
    const refusal = this.#refusal("lifecycle", provenance);
    if (refusal !== null) return Promise.resolve({ ...failed(refusal), group: null });
    const lockKey = groupTarget(new FreshFacts(store), groupId).key;
    return deleteGroup(groupId, { store, own: this.#own, ...this.#standalone(lockKey, provenance, isDryRun) });
  }

  /**
   * Makes sure that a person has an account with access to the site, then grants it what was asked for. One that was invited
   * has no account yet: repeating the call when it is there does the rest.
   */
  async provisionAccount(request: AccountRequest, provenance: Provenance, isDryRun: boolean): Promise<ProvisionResult> {
    const { store } = this.#options;
    const { siteId, organization } = store.site;
    const refusal = this.#refusal("lifecycle", provenance) ?? (await this.#refusalOfGrants(request, provenance));
    if (refusal !== null)
      return {
        ...{ ...failed(refusal), siteId, accountId: null, decidedBy: null, invitation: null },
        ...{ grants: "never", changes: [], carriedGroupIds: [] },
      };
    const { accounts } = store.site.writer;
    const identity = accounts === null ? request.email.toLowerCase() : usernameOf(request);
    const lockKey = JSON.stringify([siteId, "account of", identity]);
    const standalone = this.#standalone(lockKey, provenance, isDryRun);
    const options = { store, ...standalone, invitations: this.#invitations };
    const provisioned = await (accounts !== null
      ? provisionDirectoryAccount(request, { ...options, accounts })
      : organization === null
        ? provisionInvitedAccount(request, options)
        : provisionOrganizationAccount(request, { ...options, organization }));
    const partOf = provisioned.changeId === null ? {} : { partOf: provisioned.changeId };
    const carryOut = (changes: readonly Change[], isForNewcomer: boolean) =>
      this.carryOut(changes, { ...provenance, ...partOf }, isDryRun, isForNewcomer);
    const changes = await carryOutGrants(request.grants, provisioned, { store, carryOut });
    return { ...provisioned, siteId, changes };
  }

  /** Gives an account of a site that keeps its own another name or e-mail address. */
  async updateAccount(
    accountId: AccountId,
    wanted: AccountProfile,
    { provenance, isDryRun }: { readonly provenance: Provenance; readonly isDryRun: boolean },
  ): Promise<ChangeResult> {
    const { store } = this.#options;
    const { siteId, writer } = store.site;
    const refusal = this.#refusal("lifecycle", provenance);
    if (refusal !== null) return failed(refusal);
    if (writer.accounts === null) return keptElsewhere();
    const lockKey = JSON.stringify([siteId, "account", accountId]);
    const options = { store, ...this.#standalone(lockKey, provenance, isDryRun), accounts: writer.accounts };
    return updateDirectoryAccount(accountId, wanted, options);
  }

  /** Suspends, restores or removes an account: in the whole organization, or where the site keeps its own there alone. */
  async changeAccountStatus(
    action: AccountStatusAction,
    accountId: AccountId,
    asked: { readonly provenance: Provenance; readonly isDryRun: boolean },
  ): Promise<AccountStatusResult> {
    const { store } = this.#options;
    const { siteId, organization, writer } = store.site;
    const none = { affectedResources: [], removal: null };
    const refusal = this.#refusal("lifecycle", asked.provenance);
    if (refusal !== null) return { ...failed(refusal), ...none };
    const { accounts } = writer;
    if (accounts !== null) return this.#changeStatusHere(action, accountId, { ...asked, accounts });
    if (organization === null) return { ...withoutOrganization(siteId), ...none };
    const lockKey = JSON.stringify(["organization", organization.orgId, accountId]);
    const standalone = this.#standalone(lockKey, asked.provenance, asked.isDryRun);
    return changeOrganizationStatus(action, accountId, {
      ...{ store, organization, own: this.#own },
      ...standalone,
    });
  }

  #changeStatusHere(
    action: AccountStatusAction,
    accountId: AccountId,
    asked: { readonly provenance: Provenance; readonly isDryRun: boolean; readonly accounts: AccountWriter },
  ): Promise<AccountStatusResult> {
    const { store } = this.#options;
    const lockKey = JSON.stringify([store.site.siteId, "account", accountId]);
    const standalone = this.#standalone(lockKey, asked.provenance, asked.isDryRun);
    const options = { store, removals: this.#removals, watch: this.#watch, accounts: asked.accounts, ...standalone };
    return action === "removeAccount"
      ? removeDirectoryAccount(accountId, options)
      : changeDirectoryStatus(action, accountId, options);
  }

  /** Why nothing of the kind is done here for whoever asks: changes are off, or the caller may not. */
  #refusal(scope: Scope, { mandate }: Provenance): ChangeFault | null {
    const { siteId } = this.store.site;
    return this.isOn ? faultOfScope(mandate, scope, siteId) : provisioningDisabled(siteId);
  }

  /** An invitation carries groups with it: what a caller may not give by itself it may not give along with an account. */
  async #refusalOfGrants({ grants }: AccountRequest, { mandate }: Provenance): Promise<ChangeFault | null> {
    if (grants.length === 0) return null;
    const refusal = faultOfScope(mandate, "grant", this.store.site.siteId);
    if (refusal !== null) return refusal;
    const facts = new FreshFacts(this.store);
    for (const { groupId, field } of grants) {
      if (groupId === null) continue;
      const named = this.store.site.names.groupId(groupId);
      const unmandated = await outcomeOf(refuseUnmandatedGroup(facts, named, mandate));
      if (unmandated instanceof Error) return { ...faultOfReading(siteErrorOf(unmandated)), field };
      if (unmandated !== null) return { ...unmandated.fault, field };
    }
    return null;
  }

  /** What a change by itself is reconciled with. */
  #standalone(lockKey: string, provenance: Provenance, isDryRun: boolean): StandaloneOptions {
    return { queue: this.#queue, lockKey, provenance, isDryRun, resumes: null };
  }
}

function failed(fault: ChangeFault): ChangeResult {
  return { outcome: "FAILED", fault, plan: [], changeId: null };
}

function keptElsewhere(): ChangeResult {
  const message =
    "Cloud accounts are not kept by the site: people change their name and address in their Atlassian account, and those of managed accounts come from the identity provider or are changed at admin.atlassian.com.";
  return { outcome: "FAILED", fault: { code: "UNSUPPORTED", field: [], message }, plan: [], changeId: null };
}

function withoutOrganization(siteId: string): ChangeResult {
  const message = `Accounts are suspended, restored and removed in their organization, and site ${siteId} has none configured. Set ATLASSIAN_ORG_ID and ATLASSIAN_ORG_API_KEY (or \`organization\` in the sites file).`;
  return { outcome: "FAILED", fault: { code: "UNSUPPORTED", field: [], message }, plan: [], changeId: null };
}
