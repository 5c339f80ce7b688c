import { notReadYet } from "../access/index/parts.js";
import type { Steps } from "../access/index/store/slices.js";
import { forEachAtOnce } from "../confluence/fetchMany.js";
import type { ConfluenceSite } from "../confluence/port.js";
import type { Clock } from "../domain/Clock.js";
import { gapFromError } from "../domain/Complete.js";
import type { AccountId, GroupId, SpaceId } from "../domain/ids.js";
import { SiteError, type SiteErrorKind } from "../domain/SiteError.js";
import type { CrawlMemory, PartAge, SitePart, Touches } from "./CrawlMemory.js";
import { crawlLimits } from "./KeptIndex.js";
import { type Due, oldestFirst } from "./oldestFirst.js";
import type { Landing, PartFailure, PartOutcome, PartReader } from "./PartReader.js";

interface PassOptions {
  readonly reader: PartReader;
  readonly memory: CrawlMemory;
  readonly touches: Touches;
  readonly site: ConfluenceSite;
  readonly clock: Clock;
  /** How many parts are read side by side. */
  readonly lanes: number;
  /** How old a part may be. */
  readonly ttlMs: number;
  /** False as soon as another process reads for this one. */
  readonly mayGoOn?: () => boolean;
}

/** Reading is another process's now. */
export class PassLeft extends Error {}

/** Reading broke off: the site as a whole gives no answers now. */
export class PassBroken extends Error {
  constructor(readonly failure: PartFailure) {
    super("the crawl broke off");
  }
}

/** Parts that are looked at in one step, whether they are due. */
const partsAStep = 1_000;
const leftOut = "suspended people, whom lists of members leave out";
const factsFrom = "facts of accounts from ";
const groupsOf = (accountId: AccountId) => `groups of ${accountId}`;
const never: PartAge = { asOfMs: Number.POSITIVE_INFINITY, isWhole: false };

/** What ends a pass at once: every other part would fail alike. */
const breaking: ReadonlySet<SiteErrorKind> = new Set([
  "Unreachable",
  "Throttled",
  "CredentialRejected",
  "Misconfigured",
]);

/**
 * Goes once through everything that was not read yet or is too old, oldest first, and reads it part by part. What a pass that
 * broke off has read is not due in the next one: that goes on from there.
 */
export class Pass {
  done = 0;
  total: number | null = null;
  readonly #options: PassOptions;
  readonly #startedMs: number;
  /** Groups to be read whatever their age. */
  readonly #forced = new Set<GroupId>();
  #failuresInARow = 0;
  #broken: unknown = null;

  constructor(options: PassOptions) {
    this.#options = options;
    this.#startedMs = options.clock.now();
  }

  get #mayGoOn(): boolean {
    return this.#options.mayGoOn?.() ?? true;
  }

  get tookMs(): number {
    return this.#options.clock.now() - this.#startedMs;
  }

  get estimateMs(): number | null {
    if (this.done === 0 || this.total === null) return null;
    return Math.round((this.tookMs / this.done) * (this.total - this.done));
  }

  /** Rejects with `PassBroken` where reading has to wait. */
  async run(): Promise<void> {
    const { memory, reader } = this.#options;
    await this.#readLists();
    const suspended = [...memory.dueHidden].filter((accountId) => this.#isDue(groupsOf(accountId), never));
    const groups = await reader.inSlices(this.#dueGroups());
    const spaces = await reader.inSlices(this.#dueSpaces());
    this.total = (this.total ?? 0) + groups.length + spaces.length + suspended.length;
    await this.#inLanes([
      ...groups.map((due) => () => this.#readGroup(due)),
      ...spaces.map((due) => () => this.#readSpace(due)),
    ]);
    // What grants and child groups name and no list holds.
    const named = await reader.inSlices(this.#dueGroups());
    this.total += named.length;
    await this.#inLanes([
      ...named.map((due) => () => this.#readGroup(due)),
      ...suspended.map((accountId) => () => this.#readHidden(accountId)),
    ]);
    this.#doubtHidden();
    const batches = await reader.inSlices(this.#dueAccounts());
    this.total += batches.length;
    // Batches are others each time: what failed of the last is in these.
    if (batches.length > 0)
      for (const part of memory.failures.keys()) if (part.startsWith(factsFrom)) memory.failures.delete(part);
    await this.#inLanes(batches.map((batch) => () => this.#readAccounts(batch)));
    this.#forgetFailures();
  }

  /** What nobody tried again for so long is not a part of the site any more. */
  #forgetFailures(): void {
    const { clock, memory, ttlMs } = this.#options;
    for (const [part, { atMs }] of memory.failures)
      if (clock.now() - atMs > ttlMs * crawlLimits.lifetimesKept) memory.failures.delete(part);
  }

  async #readLists(): Promise<void> {
    const { reader, memory, site } = this.#options;
    const asked: [SitePart, (mayTake: Landing["mayTake"]) => Promise<PartOutcome>][] = [
      ["roles", (mayTake) => reader.readRoles(mayTake)],
      ["siteWide", (mayTake) => reader.readSiteWide(mayTake)],
      [
        "groups",
        async (mayTake) => {
          const { outcome, listed } = await reader.readGroupList(mayTake);
          memory.listedGroups = listed ?? memory.listedGroups;
          return outcome;
        },
      ],
      ["spaces", (mayTake) => reader.readSpaceLists(mayTake)],
      ["accounts", (mayTake) => reader.readAccountList(this.#landing({ id: "", ...never }).isCurrentOf, mayTake)],
    ];
    if (site.organization !== null && site.groups.leavesOutSuspended) {
      asked.push([
        "suspended",
        async () => {
          const people = await reader.readSuspended();
          const failure = people instanceof SiteError ? gapFromError(leftOut, people) : (people.gaps[0] ?? null);
          memory.suspendedGap = failure;
          if (people instanceof SiteError) return failure;
          this.#takeSuspended(new Set(people.items));
          return failure;
        },
      ]);
    }
    const due = asked.filter(([part]) => this.#isDue(part, memory.ages.get(part) ?? never));
    if (due.length > 0) this.total = due.length;
    await this.#inLanes(
      due.map(([part, read]) => async () => {
        const startedMs = this.#options.clock.now();
        const mayTake = this.#whetherToTake(memory.ages.get(part) ?? never);
        const failure = await read(mayTake);
        if (!isBreaking(failure) && (failure === null || mayTake(failure)))
          memory.ages.set(part, { asOfMs: startedMs, isWhole: failure === null });
        this.#note(part, failure);
      }),
    );
    // Of whoever is in no other list nobody knows then; the status of all others is known.
    if (memory.suspendedGap !== null) reader.index.doubtList("accounts", memory.suspendedGap);
    this.#doubtHidden();
  }

  /** Of groups without a known member nobody knows that they are empty, while somebody's groups are not known who is in no list. */
  #doubtHidden(): void {
    const { memory, reader } = this.#options;
    const gaps = memory.suspendedGap === null ? [] : [memory.suspendedGap];
    for (const accountId of memory.dueHidden) {
      if (gaps.length >= crawlLimits.gapsTold) break;
      const part = groupsOf(accountId);
      const failure = memory.failures.get(part)?.failure;
      if (failure !== undefined) gaps.push(failure instanceof SiteError ? gapFromError(part, failure) : failure);
      else if (memory.unreadHidden.has(accountId)) gaps.push(notReadYet(part));
    }
    reader.index.doubtHidden(gaps);
  }

  /** Who is suspended no more stands in member lists again: those are read anew. */
  #takeSuspended(people: ReadonlySet<AccountId>): void {
    const { memory, reader } = this.#options;
    for (const accountId of memory.suspended) {
      if (people.has(accountId)) continue;
      for (const groupId of reader.index.inventory.groupsOf(accountId)) this.#forced.add(groupId);
      reader.index.forgetHidden(accountId);
      memory.dueHidden.delete(accountId);
      memory.unreadHidden.delete(accountId);
    }
    for (const accountId of people) {
      memory.dueHidden.add(accountId);
      if (!memory.suspended.has(accountId)) memory.unreadHidden.add(accountId);
    }
    memory.suspended = people;
  }

  *#dueGroups(): Steps<Due<GroupId>[]> {
    const { memory, reader } = this.#options;
    const due: Due<GroupId>[] = [];
    let seen = 0;
    for (const { groupId, isDescribed, isGone, asOfMs, isWhole } of reader.index.inventory.groups()) {
      seen += 1;
      if (seen % partsAStep === 0) yield;
      const isListed = memory.listedGroups?.has(groupId) ?? isDescribed;
      // One that is gone comes back by the list.
      if (isGone && !isListed) continue;
      const age = { asOfMs, isWhole };
      if (this.#isDue(groupId, age) || this.#forced.has(groupId)) due.push({ id: groupId, ...age });
    }
    return yield* oldestFirst(due);
  }

  *#dueSpaces(): Steps<Due<SpaceId>[]> {
    const { memory, reader } = this.#options;
    const due: Due<SpaceId>[] = [];
    let seen = 0;
    for (const { spaceId, isDescribed, asOfMs, isWhole } of reader.index.inventory.spaces()) {
      seen += 1;
      if (seen % partsAStep === 0) yield;
      const age = { asOfMs, isWhole };
      const isForced = memory.dueSpaces.has(spaceId);
      if (isDescribed && (isForced || this.#isDue(spaceId, age))) due.push({ id: spaceId, ...age });
    }
    return yield* oldestFirst(due);
  }

  /** In batches. Where one list tells everybody's facts, whom it does not tell it does not know. */
  *#dueAccounts(): Steps<AccountId[][]> {
    const { memory, reader, site } = this.#options;
    const isEverybodyTold = site.accounts.isListWhole && memory.ages.get("accounts")?.isWhole === true;
    const batches: AccountId[][] = [];
    let seen = 0;
    for (const age of reader.index.inventory.accounts()) {
      seen += 1;
      if (seen % partsAStep === 0) yield;
      if (!this.#isDue(age.accountId, age) || (isEverybodyTold && !Number.isFinite(age.asOfMs))) continue;
      const last = batches.at(-1);
      if (last === undefined || last.length >= crawlLimits.accountsAtOnce) batches.push([age.accountId]);
      else last.push(age.accountId);
    }
    return batches;
  }

  async #readGroup(due: Due<GroupId>): Promise<void> {
    const { memory, reader } = this.#options;
    const isListed = memory.listedGroups?.has(due.id) ?? false;
    const isListWhole = memory.ages.get("groups")?.isWhole === true;
    this.#note(due.id, await reader.readGroup(due.id, { isListed, isListWhole }, this.#landing(due)));
    this.#forced.delete(due.id);
  }

  async #readSpace(due: Due<SpaceId>): Promise<void> {
    this.#options.memory.dueSpaces.delete(due.id);
    this.#note(due.id, await this.#options.reader.readSpace(due.id, this.#landing(due)));
  }

  async #readHidden(accountId: AccountId): Promise<void> {
    const { memory, reader } = this.#options;
    const { isCurrent } = this.#landing({ id: accountId, ...never });
    const failure = await reader.readHidden(accountId, isCurrent);
    this.#note(groupsOf(accountId), failure);
    if (failure !== null) return;
    memory.dueHidden.delete(accountId);
    memory.unreadHidden.delete(accountId);
  }

  async #readAccounts(batch: readonly AccountId[]): Promise<void> {
    const { reader, touches } = this.#options;
    const began = touches.count;
    const isCurrent = (id: AccountId) => !touches.isSince(id, began);
    const failure = await reader.readAccounts(batch, isCurrent, (gap) => !isBreaking(gap));
    this.#note(`${factsFrom}${batch[0] ?? ""}`, failure);
  }

  #landing({ id, asOfMs, isWhole }: Due<string>): Landing {
    const { clock, touches, ttlMs } = this.#options;
    const began = touches.count;
    // Better old than unknown, for a while: the next try may read it whole.
    const keepsOld = isWhole && clock.now() - asOfMs < ttlMs * crawlLimits.lifetimesKept;
    return {
      isCurrent: () => !touches.isSince(id, began),
      isCurrentOf: (accountId) => !touches.isSince(accountId, began),
      mayTake: (gap) => !isBreaking(gap) && !keepsOld,
    };
  }

  /** A list of the whole site that was read stays as it was where the site fails, for as long as other parts do. */
  #whetherToTake({ asOfMs, isWhole }: PartAge): Landing["mayTake"] {
    const { clock, ttlMs } = this.#options;
    const isYoung = clock.now() - asOfMs < ttlMs * crawlLimits.lifetimesKept;
    // What ends the pass is told of everything that is old.
    return (gap) => !(isWhole && (isBreaking(gap) || (isYoung && isOutage(gap))));
  }

  /** What failed is tried again after a while, whether what was known of it was kept or not. */
  #isDue(part: string, { asOfMs, isWhole }: PartAge): boolean {
    const { clock, memory, ttlMs } = this.#options;
    const retryMs = Math.min(ttlMs, crawlLimits.gapRetryMs);
    const failed = memory.failures.get(part);
    if (failed !== undefined && !failed.isBreaking) return clock.now() - failed.atMs >= retryMs;
    return !Number.isFinite(asOfMs) || clock.now() - asOfMs >= (isWhole ? ttlMs : retryMs);
  }

  #note(part: string, failure: PartOutcome): void {
    const { clock, memory } = this.#options;
    this.done += 1;
    memory.failures.delete(part);
    if (failure === null) {
      this.#failuresInARow = 0;
      return;
    }
    memory.failures.set(part, { failure, atMs: clock.now(), isBreaking: isBreaking(failure) });
    this.#failuresInARow = failure.kind === "UpstreamFailed" ? this.#failuresInARow + 1 : 0;
    if (isBreaking(failure) || this.#failuresInARow >= crawlLimits.failuresInARow)
      this.#broken ??= new PassBroken(failure);
  }

  /** Several parts side by side; what was not begun when reading broke off is left for the next pass. */
  async #inLanes(tasks: readonly (() => Promise<void>)[]): Promise<void> {
    await forEachAtOnce(tasks, this.#options.lanes, async (task) => {
      try {
        if (this.#broken === null && this.#mayGoOn) await task();
      } catch (bug) {
        this.#broken ??= bug;
      }
    });
    if (this.#broken !== null) throw this.#broken;
    if (!this.#mayGoOn) throw new PassLeft("another process reads the site");
  }
}

/** How a site fails that says nothing of what it holds, nor of who asks. */
const outages: ReadonlySet<SiteErrorKind> = new Set(["Unreachable", "Throttled", "Overloaded", "UpstreamFailed"]);

export function isOutage({ kind }: PartFailure): boolean {
  return outages.has(kind);
}

function isBreaking(failure: PartOutcome): boolean {
  return failure !== null && breaking.has(failure.kind);
}
