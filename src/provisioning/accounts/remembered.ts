import type { LongTaskId } from "../../confluence/writerPort.js";
import type { Clock } from "../../domain/Clock.js";
import type { AccountId, GroupId, SiteId } from "../../domain/ids.js";
import type { ChangeRecord, FactKind } from "../../record/ChangeRecord.js";
import { RecordUnavailable } from "../../record/Sql.js";

interface RememberedOptions {
  readonly record: ChangeRecord;
  readonly siteId: SiteId;
  readonly clock: Clock;
}

/** What could not be recorded is kept here, up to this many; the oldest goes first. */
const maxUnrecorded = 1_000;

/**
 * What was sent and must not be sent twice, for so long: kept in the record, so that it holds after a restart and for every
 * process that shares the record.
 */
class Remembered<Value> {
  readonly #options: RememberedOptions & { readonly kind: FactKind; readonly lifetimeMs: number };
  /** What happened upstream while the record could not be written: this process at least does not forget it. */
  readonly #unrecorded = new Map<string, { readonly value: Value; readonly atMs: number }>();

  constructor(options: RememberedOptions & { readonly kind: FactKind; readonly lifetimeMs: number }) {
    this.#options = options;
  }

  /** Rejects with a `RecordUnavailable`: what is not known may have been sent. */
  async get(key: string): Promise<{ readonly value: Value; readonly atMs: number } | null> {
    const { record, kind, siteId, clock, lifetimeMs } = this.#options;
    const recorded = await record.recall(kind, siteId, key);
    const found =
      recorded === null
        ? (this.#unrecorded.get(key) ?? null)
        : { value: JSON.parse(recorded.value) as Value, atMs: recorded.atMs };
    return found !== null && clock.now() - found.atMs < lifetimeMs ? found : null;
  }

  /** Never rejects: it has been sent already, and the change that it belongs to is on record as an attempt. */
  async add(key: string, value: Value): Promise<void> {
    const { record, kind, siteId, clock } = this.#options;
    try {
      await record.remember(kind, siteId, key, JSON.stringify(value));
      this.#unrecorded.delete(key);
    } catch (error) {
      if (!(error instanceof RecordUnavailable)) throw error;
      this.#unrecorded.set(key, { value, atMs: clock.now() });
      const [oldest] = this.#unrecorded.keys();
      if (this.#unrecorded.size > maxUnrecorded && oldest !== undefined) this.#unrecorded.delete(oldest);
    }
  }

  /** Never rejects: what is not forgotten now ends with its lifetime. */
  async remove(key: string): Promise<void> {
    const { record, kind, siteId } = this.#options;
    this.#unrecorded.delete(key);
    await record.forget(kind, siteId, key).catch((error: unknown) => {
      if (!(error instanceof RecordUnavailable)) throw error;
    });
  }
}

/** An invitation that went out and that nobody is known to have accepted. */
export interface SentInvitation {
  readonly role: string;
  readonly groupIds: readonly GroupId[];
  /** The account that the invitation's answer named: there was one already. */
  readonly accountId: AccountId | null;
}

/** An invitation is taken for open so long. No upstream lists open ones, so after it another is sent. */
const lifetimeMs = 24 * 3_600_000;

/** The invitations that were sent for one site, by e-mail address: what is asked for twice is not sent twice. */
export class SentInvitations {
  readonly #sent: Remembered<SentInvitation>;

  constructor(options: RememberedOptions) {
    this.#sent = new Remembered({ ...options, kind: "invitation", lifetimeMs });
  }

  /** Rejects with a `RecordUnavailable`. */
  async get(email: string): Promise<SentInvitation | null> {
    return (await this.#sent.get(email.toLowerCase()))?.value ?? null;
  }

  /** A second invitation adds its groups to the first. */
  async add(email: string, invitation: SentInvitation): Promise<void> {
    const earlier = await this.get(email).catch(() => null);
    const groupIds = [...new Set([...(earlier?.groupIds ?? []), ...invitation.groupIds])];
    await this.#sent.add(email.toLowerCase(), { ...invitation, groupIds });
  }

  /** The person came. */
  remove(email: string): Promise<void> {
    return this.#sent.remove(email.toLowerCase());
  }
}

/** A removal is taken for under way so long; after it the site is asked anew. */

/** A removal that was started, or may have been. */
interface StartedRemoval {
  /** `null` where the answer that would have named it was lost. */
  readonly taskId: LongTaskId | null;
  readonly startedAtMs: number;
}

/** The removals that were started on one site and whose end nobody was told: what is asked for twice is not sent twice. */
export class StartedRemovals {
  readonly #started: Remembered<LongTaskId | null>;

  constructor(options: RememberedOptions) {
    this.#started = new Remembered({ ...options, kind: "removal", lifetimeMs });
  }

  /** Rejects with a `RecordUnavailable`. */
  async get(accountId: AccountId): Promise<StartedRemoval | null> {
    const found = await this.#started.get(accountId);
    return found === null ? null : { taskId: found.value, startedAtMs: found.atMs };
  }

  add(accountId: AccountId, taskId: LongTaskId | null): Promise<void> {
    return this.#started.add(accountId, taskId);
  }

  /** It has ended, and the caller was told how. */
  remove(accountId: AccountId): Promise<void> {
    return this.#started.remove(accountId);
  }
}
