import type { Clock } from "../domain/Clock.js";
import { isOfKind, SiteError, type SiteErrorKind } from "../domain/SiteError.js";
import { workForNobody } from "../http/Waiting.js";
import type { Logger } from "../observability/Logger.js";
import { readinessLimits } from "./limits.js";
import type { ConfluenceSite } from "./port.js";

interface SiteReadinessOptions {
  readonly site: ConfluenceSite;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Reads what nearly every query needs, once the credential holds. What fails here is read again by who needs it. */
  warmUp(): Promise<unknown>;
}

/**
 * Whether one site can be worked with: its credential is proved at the start, and again and again until it holds. Once
 * proved, readiness is lost only by a refusal. A site that is not ready keeps nothing else from starting.
 */
export class SiteReadiness {
  #reason: string | null = "The credential has not been proved yet.";
  /** Why it is not ready, for programs: the kind of the failure. */
  #kind: SiteErrorKind | "NotProvedYet" | "Internal" = "NotProvedYet";
  /** A proof broke off without an answer about the credential: what was known of it still holds, and is asked for again. */
  #isDoubted = false;
  #isProving = false;
  #isRetrying = false;
  #provedAtMs = 0;
  readonly #stop = new AbortController();

  readonly #options: SiteReadinessOptions;

  constructor(options: SiteReadinessOptions) {
    this.#options = options;
  }

  get site(): ConfluenceSite {
    return this.#options.site;
  }

  /** What is wrong and what to do about it; `null` when the site is ready. */
  get reason(): string | null {
    return this.#reason;
  }

  /** The same as a word that stays what it is, and tells nothing of what the site said: `CREDENTIAL_REJECTED`. */
  get reasonCode(): string | null {
    if (this.#reason === null) return null;
    return this.#kind.replace(/(?<!^)[A-Z]/g, "_$&").toUpperCase();
  }

  /** A call was refused for its credential: the credential is proved anew, because one call alone proves nothing. */
  doubt(): void {
    if (this.#reason === null && !this.#isProving) void this.start();
  }

  /** The same for what may be no matter of the credential at all: asked again only when the last answer is not fresh. */
  doubtUnlessFresh(): void {
    if (this.#options.clock.now() - this.#provedAtMs >= readinessLimits.freshProofMs) this.doubt();
  }

  /** Proves the credential once; when that fails, goes on trying behind the caller's back. Never rejects. */
  async start(): Promise<void> {
    await this.#prove();
    if (this.#isOpen && !this.#isRetrying) void workForNobody(() => this.#proveUntilSettled());
  }

  stop(): void {
    this.#stop.abort(new Error("The site is no longer needed."));
  }

  get #isOpen(): boolean {
    return this.#reason !== null || this.#isDoubted;
  }

  async #proveUntilSettled(): Promise<void> {
    this.#isRetrying = true;
    let pauseMs: number = readinessLimits.firstRetryMs;
    while (this.#isOpen) {
      try {
        await this.#options.clock.sleep(pauseMs, this.#stop.signal);
      } catch {
        return;
      }
      await this.#prove();
      pauseMs = Math.min(pauseMs * 2, readinessLimits.maxRetryMs);
    }
    this.#isRetrying = false;
  }

  async #prove(): Promise<void> {
    const { site, clock, logger, warmUp } = this.#options;
    const { siteId } = site;
    this.#isProving = true;
    try {
      const caller = await site.checkCredential();
      await warmUp().catch(() => undefined);
      this.#reason = null;
      this.#isDoubted = false;
      this.#provedAtMs = clock.now();
      logger.info({ siteId, account: caller.accountId }, "site is ready: its credential was accepted");
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      // Readiness is lost by a refusal alone: a throttled or unreachable site says nothing of the credential.
      this.#isDoubted = this.#reason === null && !isRefusal(error);
      if (this.#isDoubted) {
        logger.warn({ siteId, error }, "whether the credential still holds could not be asked: it is asked again");
        return;
      }
      const isKnownRefusal = this.#reason !== null && isRefusalKind(this.#kind);
      if (!isKnownRefusal || isRefusal(error)) this.#kind = error instanceof SiteError ? error.kind : "Internal";
      this.#reason = error instanceof SiteError ? error.message : "The credential could not be proved: see the log.";
      logger.error({ siteId, error }, `site is not ready: ${this.#reason}`);
    } finally {
      this.#isProving = false;
    }
  }
}

/** `Misconfigured`: the gateway knows no such site any more. */
const refusals = ["CredentialRejected", "ScopeMissing", "AccessRefused", "Misconfigured"] as const;

function isRefusal(error: unknown): boolean {
  return isOfKind(error, ...refusals);
}

function isRefusalKind(kind: string): boolean {
  return refusals.some((refusal) => refusal === kind);
}
