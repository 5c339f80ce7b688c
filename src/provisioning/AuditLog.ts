/** One line of the audit: a change that was attempted, or how it ended. */
export interface AuditEntry {
  /** `attempt`: written before the first call. `result`: what was found afterwards. */
  readonly phase: "attempt" | "result";
  readonly siteId: string;
  readonly action: string;
  /** Whom the change is about, and where: ids as the site has them. */
  readonly subject: Readonly<Record<string, unknown>>;
  readonly plan: readonly string[];
  readonly before: readonly string[];
  /** What was read back; `null` before, and when it could not be read. */
  readonly after: readonly string[] | null;
  readonly outcome: string | null;
  readonly fault: string | null;
  readonly upstreamStatus: number | null;
}

/** Who asks for a change and why, as told. */
export interface Provenance {
  /** The id of the HTTP request, as in the log. */
  readonly requestId: string;
  /** The caller's own id of its request, from the input. */
  readonly callerRequestId: string | null;
  /** Who asked, as the caller says: the header `X-Requested-By`. Not verified here. */
  readonly requestedBy: string | null;
  readonly reason: string | null;
}

/** Where changes are recorded. A record is on its way for good when `record` resolves; without it nothing is changed. */
export interface AuditLog {
  record(entry: AuditEntry, provenance: Provenance): Promise<void>;
  close(): Promise<void>;
}
