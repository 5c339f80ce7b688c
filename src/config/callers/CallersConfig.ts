import type { CallersAccount, HeldScopes } from "../../domain/Scope.js";
import type { Secret } from "../Secret.js";

/** How much one caller may ask for; `null` is not bounded. */
export interface CallerLimits {
  readonly costPerMinute: number | null;
  readonly operationsAtOnce: number | null;
  readonly writesPerMinute: number | null;
}

/** Whether a caller may ask for any operation, or for listed ones alone. */
export type AskedOperations = "any" | "listed";

/** Who may call, and how they are told apart. */
export interface CallersConfig {
  /** Named tokens; `null` where there is no file of them. */
  readonly file: CallersFile | null;
  readonly jwt: JwtConfig | null;
  /** Which operations callers may ask for whose entry does not say it. */
  readonly operations: AskedOperations;
  /** Of callers that have no limits of their own. */
  readonly limits: CallerLimits;
}

export interface CallersFile {
  readonly path: string;
  /** As it was read at the start. */
  readonly text: string;
  readonly entries: readonly CallerEntry[];
  /** The sites that scopes may name; `null` where those of the sandbox are served, which no file can know. */
  readonly siteIds: readonly string[] | null;
  /** Whether there is a list of operations that callers may be kept to. */
  readonly areOperationsListed: boolean;
}

/** A caller with a token of its own. */
export interface CallerEntry {
  readonly name: string;
  /** SHA-256 of the token, in hexadecimal digits. The token itself is kept nowhere. */
  readonly digest: string;
  readonly scopes: HeldScopes;
  readonly accounts: readonly CallersAccount[];
  readonly limits: Partial<CallerLimits>;
  /** `null` leaves it to the setting. */
  readonly operations: AskedOperations | null;
}

/** JSON Web Tokens of one issuer. */
export interface JwtConfig {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
  readonly skewMs: number;
  /** The claims that name the caller, tell its scopes, and its accounts. */
  readonly claims: { readonly name: string; readonly scopes: string; readonly accounts: string };
}

/** What a change must come with. */
export interface ChangeDuties {
  readonly isReasonRequired: boolean;
  readonly isRequestedByRequired: boolean;
}

/** Who is asked before anything is written; `null` asks nobody. */
export interface PolicyConfig {
  readonly url: string;
  readonly token: Secret | null;
  readonly timeLimitMs: number;
}
